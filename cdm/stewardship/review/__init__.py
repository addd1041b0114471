"""The review of merge candidates: one case with everything that decides it, what merging would give, a steward's word.

The queue and its cases are kept by the store (:mod:`cdm.store.review_cases`); decisions go through
:mod:`cdm.stewardship.steps`, so that a decision made here is a decision like any other.
"""

from __future__ import annotations

from cdm.stewardship.review.case import Case, CaseGolden, CasePair, CaseRecord, case_of
from cdm.stewardship.review.conflict import CaseChanged, Happening
from cdm.stewardship.review.doings import Doing, doings_of, last_doing, take_back_doing
from cdm.stewardship.review.outlook import Outlook, outlook
from cdm.stewardship.review.ruling import Choice, Ruled, Ruling, rule

__all__ = [
    "Case",
    "CaseChanged",
    "CaseGolden",
    "CasePair",
    "CaseRecord",
    "Choice",
    "Doing",
    "Happening",
    "Outlook",
    "Ruled",
    "Ruling",
    "case_of",
    "doings_of",
    "last_doing",
    "outlook",
    "rule",
    "take_back_doing",
]
