"""The customer information model of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.model import Model

if TYPE_CHECKING:
    from cdm.settings import Settings


def model_of(settings: Settings) -> Model:
    """Return the built-in model, extended or overridden by the user's model directory where one is set."""
    from schemas.loader import builtin_model, load_model

    return builtin_model() if settings.model_directory is None else load_model(settings.model_directory)
