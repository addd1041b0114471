"""The tables of who may use the hub and of what programs sent; of secrets they hold hashes only."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table, Text, UniqueConstraint

from cdm.store.tables import KeyText, RowId, metadata

user_account = Table(
    "user_account",
    metadata,
    Column("name", KeyText, primary_key=True),
    Column("role", KeyText, nullable=False),
    Column("password", Text, nullable=False),
    Column("one_time", Boolean, nullable=False),
    Column("created_at", KeyText, nullable=False),
    Column("changed_at", KeyText, nullable=False),
    Column("removed_at", KeyText, nullable=True),
    comment="Users; passwords as Argon2 hashes. A removed user stays, so that no other takes the name.",
)

user_session = Table(
    "user_session",
    metadata,
    Column("hash", KeyText, primary_key=True),
    Column("user_name", KeyText, nullable=False, index=True),
    Column("begun_at", KeyText, nullable=False),
    Column("expires_at", KeyText, nullable=False),
    comment="Who is signed in; the secret as its SHA-256.",
)

failed_sign_in = Table(
    "failed_sign_in",
    metadata,
    Column("subject", KeyText, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", KeyText, nullable=False),
    comment="Sign-ins that failed in a row, by the SHA-256 of name and address; forgotten after a while.",
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", KeyText, nullable=False),
    Column("hash", KeyText, nullable=False),
    Column("user_name", KeyText, nullable=True),
    Column("scopes", Text, nullable=False),
    Column("created_at", KeyText, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", KeyText, nullable=True),
    Column("revoked_at", KeyText, nullable=True),
    Column("last_used_at", KeyText, nullable=True),
    UniqueConstraint("hash"),
    comment="Tokens of programs; the secret as its SHA-256. With a user's name a token acts for that user.",
)

push_request = Table(
    "push_request",
    metadata,
    Column("actor", KeyText, primary_key=True),
    Column("key", KeyText, primary_key=True),
    Column("content", KeyText, nullable=False),
    Column("at", KeyText, nullable=False, index=True),
    Column("answer", Text, nullable=False),
    comment="Answers to pushes by Idempotency-Key; the request as its SHA-256. Forgotten after some days.",
)
