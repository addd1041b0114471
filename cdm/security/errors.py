# ruff: noqa: N818  (the names say what is the matter, as in cdm.errors)
"""What is refused for the sake of security."""

from __future__ import annotations

from cdm.errors import CdmError, ExitCode


class SecurityError(CdmError):
    """Refused for the sake of security."""

    code, status, exit_code = "refused", 403, int(ExitCode.USAGE)


class Forbidden(SecurityError):
    """The role has no right to do this."""

    code = "forbidden"


class NotSignedIn(SecurityError):
    """Nobody is signed in, or the session or token is no longer good."""

    code, status = "not_signed_in", 401


class SignInRefused(SecurityError):
    """Name and password do not fit; it is not told which of the two."""

    code, status = "sign_in_refused", 401


class TooManyAttempts(SecurityError):
    """Sign-ins failed too often in a row; ``values["retry_after"]`` is how many seconds to wait."""

    code, status, retryable = "too_many_attempts", 429, True


class PasswordRefused(SecurityError):
    """The password is too weak to be set."""

    code, status = "password_refused", 422
