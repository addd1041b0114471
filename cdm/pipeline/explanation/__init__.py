"""Why two records are, or are not, one customer; what holds a customer's records together."""

from __future__ import annotations

from cdm.pipeline.explanation.asked import ExplainError, explain_in_files, explain_in_hub

__all__ = ["ExplainError", "explain_in_files", "explain_in_hub"]
