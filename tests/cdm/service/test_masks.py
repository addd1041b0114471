"""What is masked where a rule of thumb would not do: keys, places, odd forms."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub_pages import Clock
from small_company import write_csv

from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.report.figures import Shown
from cdm.report.mask import partly
from cdm.security import Forbidden, Principal, Role
from cdm.service import Service
from schemas.types import Privacy, SemanticType

T, P = SemanticType, Privacy


@pytest.mark.parametrize(
    ("value", "kind", "seen"),
    [
        ("+8613812340000", T.PHONE, "+86138****0000"),
        ("138 1234 0000", T.PHONE, "138 **** 0000"),
        ("call 王小明 at home", T.PHONE, None),
        ("12345", T.PHONE, None),
        ("wang@firma.cn", T.EMAIL, "w***@firma.cn"),
        ("not an address", T.EMAIL, None),
        ("1987-03-14", T.DATE, "1987-**-**"),
        ("sometime in March", T.DATE, None),
        ("王小明", T.PERSON_NAME, "王**"),
        ("Jane Doe", T.PERSON_NAME, "J**"),
        ("王", T.FAMILY_NAME, "王**"),
        ("伟", T.GIVEN_NAME, None),
        ("浙江省杭州市", T.ADDRESS, None),
        ("likes tea", T.TEXT, None),
        ("wx_12345678", T.IDENTIFIER, "wx*******78"),
        ("wx_1", T.IDENTIFIER, None),
    ],
)
def test_only_what_has_the_form_of_its_type_is_shown_in_part(value: str, kind: T, seen: str | None) -> None:
    assert partly(Shown(value, kind, P.PERSONAL)) == seen


def test_a_sensitive_value_is_shown_in_part_only_where_it_is_long() -> None:
    assert partly(Shown("110105198703148526", T.NATIONAL_ID, P.SENSITIVE)) == "110*************26"
    assert partly(Shown("diabetes", T.TEXT, P.SENSITIVE)) is None


@pytest.fixture
def by_phone(tmp_path: Path, hub_url: str):  # type: ignore[no-untyped-def]
    """A hub whose source knows its customers by their telephone numbers."""
    header = ("手机", "姓名", "城市")
    place = write_csv(tmp_path / "a.csv", header, [("13812340001", "王小明", "杭州"), ("13812340002", "李雷", "上海")])
    with open_hub(hub_url, now=Clock()) as hub:
        add_source(hub, NewSource("shop", str(place), entity="person", options={"key": "手机"}))
        run_all(hub)
        yield hub


def test_keys_that_are_telephone_numbers_are_masked_and_not_answered(by_phone: Hub) -> None:
    golden_id = by_phone.store.crosswalk.lookup("shop", "13812340001")
    viewer, steward = (Service(by_phone).desk(Principal("x", role)) for role in (Role.VIEWER, Role.STEWARD))
    assert steward.golden.lookup("shop", "13812340001").golden_id == golden_id
    for ask in (lambda: viewer.golden.lookup("shop", "13812340001"), lambda: viewer.past.history("shop:13812340001")):
        with pytest.raises(Forbidden, match="keys of the source"):
            ask()
    seen = [viewer.golden.get(golden_id), viewer.past.history(golden_id), viewer.past.lineage(golden_id, "city")]
    assert not any("13812340001" in one.model_dump_json() for one in seen)
    assert seen[0].records[0].key == "138****0001"
    assert viewer.golden.search("13812340001") == [] and viewer.golden.search("shop:13812340001") == []
    assert [one.id for one in steward.golden.search("13812340001")] == [golden_id]
