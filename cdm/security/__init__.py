"""Who may do what, and what each may see: roles, rights, users, sessions, tokens.

Rights and sight are asked of a :class:`Principal` and nowhere else; the service layer (``cdm.service``) asks.
"""

from __future__ import annotations

from cdm.security.errors import (
    Forbidden,
    NotSignedIn,
    PasswordRefused,
    SecurityError,
    SignInRefused,
    TooManyAttempts,
)
from cdm.security.principal import Principal
from cdm.security.rights import Right, Role, Scope, Sight

__all__ = [
    "Forbidden",
    "NotSignedIn",
    "PasswordRefused",
    "Principal",
    "Right",
    "Role",
    "Scope",
    "SecurityError",
    "Sight",
    "SignInRefused",
    "TooManyAttempts",
]
