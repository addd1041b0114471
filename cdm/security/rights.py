"""Roles, what each has a right to, and how much of personal data each sees: the whole policy in three tables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from schemas.types import Privacy


class Role(StrEnum):
    """What somebody is in the hub."""

    VIEWER = "viewer"
    STEWARD = "steward"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"
    """A program with a token; its rights are the token's scopes."""


class Right(StrEnum):
    """What a role may do."""

    READ = "read"
    """Read golden records, the crosswalk, history, quality and runs."""
    MATCH = "match"
    """Ask which customers a half-filled one may be."""
    FEED = "feed"
    """Follow the change feed."""
    PUSH = "push"
    """Send records of a source."""
    REVIEW = "review"
    """See the candidates and what was decided."""
    DECIDE = "decide"
    """Merge, keep apart, split, edit, defer, undo."""
    REVEAL = "reveal"
    """Have one hidden value shown, with a reason."""
    EXPORT = "export"
    """Take golden records out in files."""
    RUN = "run"
    """Start runs, release or reject held ones."""
    AUDIT = "audit"
    """Read the audit trail."""
    MANAGE = "manage"
    """Manage users and tokens."""


class Scope(StrEnum):
    """What a token may be used for; the last two say what it sees."""

    READ = "read"
    MATCH = "match"
    FEED = "feed"
    PUSH = "push"
    REVIEW = "review"
    DECIDE = "decide"
    PERSONAL = "personal"
    """Personal values in clear."""
    SENSITIVE = "sensitive"
    """Sensitive and personal values in clear; every reading is audited."""


class Sight(IntEnum):
    """How much of a value is shown; the greater sees more."""

    HIDDEN = 0
    PARTLY = 1
    CLEAR = 2


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.READ, Right.MATCH}),
    Role.STEWARD: frozenset(
        {Right.READ, Right.MATCH, Right.FEED, Right.REVIEW, Right.DECIDE, Right.REVEAL, Right.EXPORT}
    ),
    Role.ADMINISTRATOR: frozenset(Right),
    Role.SERVICE: frozenset({Right.READ, Right.MATCH, Right.FEED, Right.PUSH, Right.REVIEW, Right.DECIDE}),
}
"""What each role may do; a token may do of it what its scopes name."""

SIGHT: Mapping[Role, Mapping[Privacy, Sight]] = {
    Role.VIEWER: {Privacy.PERSONAL: Sight.PARTLY, Privacy.SENSITIVE: Sight.HIDDEN},
    Role.STEWARD: {Privacy.PERSONAL: Sight.CLEAR, Privacy.SENSITIVE: Sight.PARTLY},
    Role.ADMINISTRATOR: {Privacy.PERSONAL: Sight.CLEAR, Privacy.SENSITIVE: Sight.CLEAR},
    Role.SERVICE: {Privacy.PERSONAL: Sight.CLEAR, Privacy.SENSITIVE: Sight.CLEAR},
}
"""How much of values of each class a role sees (values of the class ``none`` are seen by all); a token sees at most as
much as its scopes say."""


def sight_of(scopes: frozenset[Scope], privacy: Privacy) -> Sight:
    """Return how much a token with these scopes sees at most of values of a class."""
    if Scope.SENSITIVE in scopes or (Scope.PERSONAL in scopes and privacy is Privacy.PERSONAL):
        return Sight.CLEAR
    return Sight.PARTLY if privacy is Privacy.PERSONAL else Sight.HIDDEN
