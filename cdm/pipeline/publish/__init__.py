"""Publish golden records to databases and files of others, masked by role, incrementally, repeatably."""

from __future__ import annotations

from cdm.pipeline.publish.errors import TargetFailed, TargetRefused
from cdm.pipeline.publish.options import Options, masked
from cdm.pipeline.publish.run import How, Published, publish_all
from cdm.pipeline.publish.targets import add_target, remove_target

__all__ = [
    "How",
    "Options",
    "Published",
    "TargetFailed",
    "TargetRefused",
    "add_target",
    "masked",
    "publish_all",
    "remove_target",
]
