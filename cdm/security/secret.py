"""Secrets of sessions and tokens: random, told once, kept as hashes."""

from __future__ import annotations

import hashlib
import secrets

TOKEN, SESSION = "cdm_", "cdms_"
"""What the secret of a token and of a session begins with, so that a leaked one is known for what it is."""


def new_secret(kind: str) -> str:
    """Return a new secret of 256 random bits."""
    return kind + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return the SHA-256 a secret is known by; a slow hash has no use for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
