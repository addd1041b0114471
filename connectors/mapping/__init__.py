"""Propose how the columns of an unknown table become fields of the model, from headers and from values."""

from connectors.mapping.propose import propose_mapping

__all__ = ["propose_mapping"]
