"""The table of a case: what is marked, what codes are called, and when identifiers warn."""

from __future__ import annotations

from cdm.service.review_shapes import CaseCell, CaseGoldenView, CaseRow, CaseView, StandardValue
from cdm.service.shapes import Words
from cdm.ui.review.side_by_side import Look, body, clashing
from cdm.ui.words import Words as Texts
from schemas.types import SemanticType


def row(name: str, kind: SemanticType, state: str, *texts: str) -> CaseRow:
    cells = [
        CaseCell(standard=[StandardValue(text=text, records=[], golden=True)] if text else [], raw=[]) for text in texts
    ]
    label = Words(zh=name, en=name)
    return CaseRow(field=name, label=label, part=False, weighs=True, kind=kind, state=state, masked="", cells=cells)


def case(*rows: CaseRow) -> CaseView:
    golden = [CaseGoldenView(id=f"g{n}", version=1, name="", quality=None, records=[]) for n in range(3)]
    return CaseView.model_construct(golden=golden, rows=list(rows))


CODES = row("tax_id", SemanticType.TAX_ID, "clashes", "91340103481861206X", "", "91340103679499433Y")


def test_identifiers_warn_only_of_customers_that_are_taken_in() -> None:
    assert [one.field for one in clashing(case(CODES), Look())] == ["tax_id"]
    assert not clashing(case(CODES), Look(out={2}))
    assert clashing(case(CODES), Look(out={1}))


def test_what_merely_differs_does_not_warn() -> None:
    assert not clashing(case(row("phone", SemanticType.PHONE, "differs", "1", "2", "")), Look())


def test_a_row_that_clashes_is_marked_and_stays_when_only_differences_are_shown() -> None:
    same = row("email", SemanticType.EMAIL, "same", "a@firma.cn", "a@firma.cn", "")
    shown = str(body(case(CODES, same), None, Look(differing=True), Texts("en")))
    assert 'class="differs clashes"' in shown
    assert "<mark>" in shown
    assert "email" not in shown


def test_codes_are_told_by_their_names_and_marked_as_a_whole() -> None:
    gender = row("gender", SemanticType.GENDER, "differs", "female", "male", "")
    assert "<mark>Female</mark>" in str(body(case(gender), None, Look(), Texts("en")))
    assert "<mark>女</mark>" in str(body(case(gender), None, Look(), Texts("zh")))
