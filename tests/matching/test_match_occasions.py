"""Columns of unknown meaning under one company name: what differs there belongs to the occasion."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from matching import MatchColumn
from matching.columns import Kind
from matching.compare.levels import CONFLICT, MISSING, NEAR
from matching.compare.together import comparator
from matching.records import survey
from schemas.types import SemanticType

NAMES = ["天津长荣印刷", "天津长荣印刷", "青岛海信电器", "Schreiber Logistik", "Schreiber Logistikk"]
ORDERS = ["A17", "B26", "C35", "D44", "E53"]


def test_they_are_left_aside_where_names_agree_and_count_where_they_do_not() -> None:
    columns = [
        MatchColumn("name", SemanticType.ORGANIZATION_NAME, kind=Kind.ORGANIZATION),
        MatchColumn("extra:order", kind=Kind.CODE),
        MatchColumn("phone", SemanticType.PHONE),
    ]
    phones = ["021-5555010", "022-6555020", "0532-8555030", "040-5555040", "041-6555050"]
    records = survey(pa.table({"name": NAMES, "extra:order": ORDERS, "phone": phones}), columns, None, ())
    ends = np.array([[0, 1], [0, 2], [3, 4]])
    found = records.groups.record_of[ends]
    compare = comparator(records.features, len(records), ())
    levels = compare(found.min(axis=1), found.max(axis=1))
    position = {one.name: i for i, one in enumerate(records.features)}
    assert (levels[[0, 2], position["name"]] >= NEAR).all()
    assert levels[:, position["extra:order"]].tolist() == [MISSING, CONFLICT, MISSING]
    assert (levels[:, position["phone"]] < NEAR).all() and (levels[:, position["phone"]] > MISSING).all()
