"""The language people are spoken to in; light, because the command line asks before anything else is loaded."""

from __future__ import annotations

import os
from typing import Literal

Language = Literal["zh", "en"]


def language_of_environment() -> Language:
    """Return the language of the terminal: Chinese where the locale is Chinese, else English."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def language_of_header(accepted: str) -> Language:
    """Return the first language of an ``Accept-Language`` header (RFC 9110) that is spoken here, else English."""
    wished = (part.split(";")[0].strip().lower() for part in accepted.split(","))
    return "zh" if next((tag for tag in wished if tag.startswith(("zh", "en"))), "en").startswith("zh") else "en"
