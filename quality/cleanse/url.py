"""Web addresses (RFC 3986) and their domain."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.text import fold
from schemas.types import Severity

INVALID = Code("url_invalid", Severity.ERROR, "不是有效的网址", "Not a valid web address")
IS_EMAIL = Code("url_is_email", Severity.ERROR, "填写的是邮箱而不是网址", "An e-mail address instead of a web address")

_LONGEST = 2000
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,24}|xn--[\w-]+)")
_SCHEME = re.compile(r"^(?:https?|ftp)\s*:\s*/{1,3}\s*", re.IGNORECASE)
_PLACEHOLDERS = frozenset({"example.com", "test.com", "abc.com", "xxx.com", "domain.com", "http://", "https://", "www"})
_FILES = frozenset({"htm", "html", "php", "asp", "aspx", "jsp", "pdf", "doc", "jpg", "png"})


def clean_url(value: str, country: str) -> Cleansed:
    """Standardise a web address.

    Args:
        value: the text of the cell; a desktop database's ``text#address#`` is understood.
        country: not used.

    Returns:
        The address with lower-case scheme and host, ``http`` where no scheme is given, without default port and closing
        slash. ``parts['domain']`` is the host without ``www.``.
    """
    text = fold(value[:_LONGEST])
    if is_placeholder(text) or text.lower() in _PLACEHOLDERS:
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    if text.count("#") >= 2 and not _SCHEME.match(text):
        text = text.split("#")[1] or text
    if "@" in text.split("/")[0] and not _SCHEME.match(text):
        return Cleansed((text,), codes=(IS_EMAIL,))
    return _split(text)


def _split(text: str) -> Cleansed:
    scheme = "https" if text.lower().startswith("https") else "http"
    bare = _SCHEME.sub("", text).replace("。", ".").rstrip(" .,;")
    try:
        parts = urlsplit(f"{scheme}://{bare}")
        port = parts.port
    except ValueError:
        return Cleansed((text,), codes=(INVALID,))
    host = (parts.hostname or "").rstrip(".")
    if not _HOST.fullmatch(host) or host.rpartition(".")[2] in _FILES or " " in bare:
        return Cleansed((text,), codes=(INVALID,))
    if host.removeprefix("www.") in _PLACEHOLDERS:
        return Cleansed((), codes=(PLACEHOLDER,))
    shown = host if port in {None, 80, 443} else f"{host}:{port}"
    path = parts.path if parts.query or parts.fragment else parts.path.rstrip("/")
    url = urlunsplit((scheme, shown, path, parts.query, parts.fragment))
    return Cleansed((url,), {"domain": host.removeprefix("www.")})
