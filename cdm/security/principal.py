"""Who asks: a person or a program, with a role."""

from __future__ import annotations

from dataclasses import dataclass

from cdm.security.errors import Forbidden
from cdm.security.rights import RIGHTS, SIGHT, Right, Role, Scope, Sight, sight_of
from schemas.types import Privacy


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody whose name and role are proven.

    Attributes:
        name: of the user, or ``token:NAME`` of a program; stands in decisions and in the audit trail.
        role: what they are.
        scopes: what their token may be used for; ``None`` where they did not come with a token.
        must_change_password: nothing is allowed before the one-time password was replaced.
    """

    name: str
    role: Role
    scopes: frozenset[Scope] | None = None
    must_change_password: bool = False

    def may(self, right: Right) -> bool:
        """Tell whether they have a right."""
        if self.must_change_password or right not in RIGHTS[self.role]:
            return False
        return right.value in self._scopes if self._limited else True

    def require(self, right: Right) -> None:
        """Raise ``Forbidden`` where they have not a right."""
        if self.may(right):
            return
        if self.must_change_password:
            raise Forbidden(
                "The one-time password has to be replaced first.", remedy="Change the password, then sign in again."
            )
        what = f"The role {self.role.value}" if not self._limited else "The token"
        raise Forbidden(
            f"{what} of '{self.name}' has no right to {right.value}.",
            remedy="Ask an administrator of the hub for it.",
            right=right.value,
        )

    def sight(self, privacy: Privacy) -> Sight:
        """Return how much of values of a personal-data class they see."""
        if privacy is Privacy.NONE:
            return Sight.CLEAR
        own = SIGHT[self.role][privacy]
        return min(own, sight_of(self._scopes, privacy)) if self._limited else own

    @property
    def _limited(self) -> bool:
        return self.scopes is not None or self.role is Role.SERVICE

    @property
    def _scopes(self) -> frozenset[Scope]:
        return self.scopes or frozenset()
