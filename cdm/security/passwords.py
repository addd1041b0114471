"""Passwords: what is accepted, how it is kept (Argon2id, RFC 9106), and one-time passwords."""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING

from cdm.security.errors import PasswordRefused

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 200
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for each other."""


def hashed(password: str) -> str:
    """Return the Argon2id hash of a password, with its salt and parameters."""
    return _hasher().hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Tell whether a password is the one that was hashed.

    Without a hash the answer is no, after as much work as else: time does not tell who is a user.
    """
    from argon2.exceptions import VerifyMismatchError

    try:
        _hasher().verify(kept or _nobodys(), password[:LONGEST])
    except VerifyMismatchError:
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Tell whether a hash was made with weaker parameters than are used now."""
    return _hasher().check_needs_rehash(kept)


def one_time() -> str:
    """Return a random password of about 93 bits, in groups that can be read aloud."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def accept(name: str, password: str) -> None:
    """Refuse a weak password (NIST SP 800-63B: length counts, not a mixture of signs).

    Raises:
        PasswordRefused: it is too short or too long, is one sign repeated, or holds the user's name.
    """
    reason = ""
    if not SHORTEST <= len(password) <= LONGEST:
        reason = f"has {len(password)} characters; {SHORTEST} to {LONGEST} are needed"
    elif len(set(password)) < SHORTEST // 2:
        reason = "repeats the same few characters"
    elif name.casefold() in password.casefold():
        reason = "holds the user's name"
    if reason:
        raise PasswordRefused(f"The password {reason}.", remedy="Choose a longer one, e.g. four words.")


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    """Return a hash that no password fits."""
    return _hasher().hash(secrets.token_urlsafe(32))
