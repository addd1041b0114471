"""Check source records and golden records against what the model says of them, and keep what was found."""

from __future__ import annotations

from cdm.pipeline.checks.run import Scope, check_all, docs_folder

__all__ = ["Scope", "check_all", "docs_folder"]
