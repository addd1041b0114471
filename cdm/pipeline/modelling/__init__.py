"""Versions of the matching model: train, teach, ask, compare, promote, take out and bring in.

A version is made as a candidate and changes nothing. Compared with the active one it shows which customers would merge
and split; promoted, it is what the next run applies. What stewards said is kept with the version that learned it.
"""

from __future__ import annotations

from cdm.pipeline.modelling.asking import ask
from cdm.pipeline.modelling.change import compare
from cdm.pipeline.modelling.teaching import Taught, teach
from cdm.pipeline.modelling.training import train
from cdm.pipeline.modelling.transfer import export_model, import_model

__all__ = ["Taught", "ask", "compare", "export_model", "import_model", "teach", "train"]
