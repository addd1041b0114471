"""Data quality as figures from 0 to 100: per record, per field, per source and per golden record.

Five of the six dimensions of DAMA UK ("The six primary dimensions for data quality assessment", 2013), which ISO/IEC
25012 knows under similar names. Accuracy, the sixth, needs the world to compare with; where several sources speak of
one customer, their agreement stands in for it as a part of consistency.

completeness 完整性
    Weighted share of the model's fields that are filled.
validity 有效性
    Weighted share of the filled fields that are valid for their type; a doubtful value counts half.
uniqueness 唯一性
    100 for a record without duplicates, 100/n where n records are the same customer.
consistency 一致性
    Share of the applicable rules between fields that hold, and agreement between sources for golden records.
timeliness 及时性
    Halves with every half-life since the last update.

A dimension that cannot be judged (no rule applies, no time of update) is null and does not count in the total.
"""

from __future__ import annotations

from quality.score.agreement import agreement_between_sources
from quality.score.fields import field_scores
from quality.score.reasons import describe_reason
from quality.score.records import score_records
from quality.score.settings import DIMENSIONS, ScoreSettings
from quality.score.summary import summarize

__all__ = [
    "DIMENSIONS",
    "ScoreSettings",
    "agreement_between_sources",
    "describe_reason",
    "field_scores",
    "score_records",
    "summarize",
]
