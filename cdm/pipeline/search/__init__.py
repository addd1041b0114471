"""Find customers: those a half-filled form may already be, and those some words name."""

from __future__ import annotations

from cdm.pipeline.search.asked import SearchError
from cdm.pipeline.search.similar import Finder, Hit, Similar, find_similar
from cdm.pipeline.search.words import Named, search

__all__ = ["Finder", "Hit", "Named", "SearchError", "Similar", "find_similar", "search"]
