"""``cdm evaluate`` as its users type it: truth column, labelled pairs, clerical sample, and what they get wrong."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from small_company import SALES, SALES_HEADER, SHOP, SHOP_HEADER, write_csv, write_workbook

HEADER = ["no", "name", "phone", "email", "city", "who"]
GIVEN = ["Anna", "Bernd", "Carla", "Dieter", "Elke", "Frank", "Gerda", "Horst", "Ines", "Jan"]
FAMILY = ["Schmidt", "Vogel", "Neumann", "Krause", "Lorenz", "Winter"]
CITIES = ["Berlin", "Hamburg", "Köln", "Dresden"]


def people() -> list[list[str]]:
    """Sixty customers, twenty of them twice, one of these with another mail and city."""
    rows = []
    for at in range(60):
        given, family = GIVEN[at % 10], FAMILY[at // 10]
        phone, mail = f"+49 30 {4000000 + at * 7919}", f"{given}.{family}{at}@web.de".lower()
        rows.append([f"{at}a", f"{given} {family}", phone, mail, CITIES[at % 4], str(at)])
        if at % 3 == 0:
            rows.append([f"{at}b", f"{given} {family}", phone, mail, CITIES[at % 4], str(at)])
    return rows


@pytest.fixture
def table(folder: Path) -> Path:
    return write_csv(folder / "people.csv", HEADER, people())


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_against_a_truth_column(cdm: Any, table: Path) -> None:
    answer = cdm("evaluate", table, "--truth", "who", "--id", "no", "--out", "page.html", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert (found["records"], found["true_pairs"]) == (80, 20)
    precision, recall = found["pairwise"]["precision"], found["pairwise"]["recall"]
    assert precision["low"] <= precision["value"] == 1.0
    assert recall["low"] <= recall["value"] <= recall["high"]
    assert found["blocking"]["Person"]["recall"]["value"] == 1.0
    swept = found["sweep"]["Person"]
    recalls = [point["recall"]["value"] for point in swept["points"]]
    assert recalls == sorted(recalls, reverse=True)
    at = next(point for point in swept["points"] if point["threshold"] == swept["merge_threshold"])
    assert at["recall"]["value"] == recall["value"]
    assert [point["threshold"] for point in found["asked"]] == [0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]
    page = (table.parent / "page.html").read_text(encoding="utf-8")
    assert "Matching evaluation" in page
    assert "匹配评估" in page
    assert "schmidt0@web.de" not in page


def test_the_truth_is_hidden_from_matching(cdm: Any, folder: Path) -> None:
    """Two columns, one of them the truth: were it compared, everything would be found."""
    rows = [["Anna Schmidt", "1"], ["Gerda Winter", "1"], ["Jan Krause", "2"], ["Horst Vogel", "2"]]
    write_csv(folder / "people.csv", ["name", "customer id"], rows)
    answer = cdm("evaluate", "people.csv", "--truth", "customer id", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["right_pairs"] == 0


def test_the_terminal_shows_a_dash_where_nothing_was_merged(cdm: Any, folder: Path) -> None:
    write_csv(folder / "people.csv", ["name", "who"], [["Anna Schmidt", "1"], ["Gerda Winter", "2"]])
    answer = cdm("--lang", "zh", "evaluate", "people.csv", "--truth", "who")
    assert answer.code == 0, answer.err
    assert "成对" in answer.out
    assert "–" in answer.out


def test_labelled_pairs(cdm: Any, table: Path) -> None:
    pairs = [
        ["0a", "0b", "same"],
        ["people.csv:3a", "people.csv:3b", "相同"],
        ["1a", "2a", "different"],
        ["1a", "4a", ""],
    ]
    write_csv(table.parent / "pairs.csv", ["left", "right", "label"], pairs)
    answer = cdm("evaluate", table, "--pairs", "pairs.csv", "--id", "no", "--ignore", "who", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)["labelled_pairs"]
    assert (found["labelled"], found["same"], found["merged"], found["right"]) == (3, 2, 2, 2)


def test_a_sample_goes_to_a_clerk_and_comes_back(cdm: Any, table: Path) -> None:
    answer = cdm("evaluate", table, "--sample", "judge.csv", "--id", "no", "--ignore", "who")
    assert answer.code == 0, answer.err
    assert "cdm evaluate --verdicts judge.csv" in answer.out
    sheet = read(table.parent / "judge.csv")
    assert list(sheet[0])[:3] == ["verdict", "left", "right"]
    assert "anna.schmidt0@web.de" in {value for row in sheet for value in row.values()}
    again = cdm("evaluate", "--verdicts", "judge.csv")
    assert again.code == 2
    assert "holds no verdict yet" in again.err
    rows = [
        ["same" if row["left"][:-1] == row["right"][:-1] else "different", *list(row.values())[1:]] for row in sheet
    ]
    write_csv(table.parent / "judged.csv", list(sheet[0]), rows)
    answer = cdm("evaluate", "--verdicts", "judged.csv", "--json", "--out", "page.html")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["estimated_precision"]["value"] == 1.0
    assert sum(stratum["asked"] for stratum in found["strata"]) == len(sheet)
    assert "Estimate from the judged sample" in (table.parent / "page.html").read_text(encoding="utf-8")


WRONG = {
    "nothing to compare with": (["people.csv"], "exactly one of --truth"),
    "two at once": (["people.csv", "--truth", "who", "--pairs", "p.csv"], "--truth and --pairs"),
    "a column that is not there": (["people.csv", "--truth", "whom"], "no, name, phone, email, city, who"),
    "a truth without a file": (["--truth", "who"], "--crosswalk FILE"),
    "an output over an input": (["people.csv", "--truth", "who", "--out", "people.csv"], "would be overwritten"),
    "verdicts and files": (["people.csv", "--verdicts", "v.csv"], "Leave the files out"),
    "no hub": (["--crosswalk", "t.csv"], "There is no hub"),
}


@pytest.mark.parametrize("words, said", WRONG.values(), ids=WRONG.keys())
def test_wrong_requests_are_answered_with_a_remedy(cdm: Any, table: Path, words: list[str], said: str) -> None:
    answer = cdm("evaluate", *words)
    assert answer.code != 0
    assert said in answer.err
    assert "→" in answer.err


def test_labels_that_name_nobody(cdm: Any, table: Path) -> None:
    for left, label, said in (("99z", "same", "row 2: there is no record '99z'"), ("0a", "perhaps", "'perhaps' is no")):
        write_csv(table.parent / "pairs.csv", ["left", "right", "label"], [[left, "0b", label]])
        answer = cdm("evaluate", table, "--pairs", "pairs.csv", "--id", "no", "--ignore", "who")
        assert answer.code == 2
        assert said in answer.err


def test_a_hub_against_a_crosswalk_and_by_a_sample(cdm: Any, folder: Path) -> None:
    write_workbook(folder / "sales.xlsx", SALES_HEADER, SALES)
    write_csv(folder / "shop.csv", SHOP_HEADER, SHOP)
    for name, file, key in (("sales", "sales.xlsx", "客户编号"), ("shop", "shop.csv", "user_id")):
        assert cdm("--hub", "hub.db", "source", "add", name, file, "--key", key).code == 0
    assert cdm("--hub", "hub.db", "run").code == 0
    truth = [["sales", "S1", "a"], ["shop", "U1", "a"], ["sales", "S2", "b"], ["shop", "U2", "b"], ["crm", "1", "c"]]
    write_csv(folder / "truth.csv", ["source", "key", "truth_id"], truth)
    answer = cdm("--hub", "hub.db", "evaluate", "--crosswalk", "truth.csv", "--json", "--out", "page.html")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert (found["records"], found["records_with_truth"], found["true_pairs"]) == (8, 4, 2)
    assert (found["right_pairs"], found["merged_pairs"], found["misses"]) == (1, 1, 1)
    assert "judged different" in (folder / "page.html").read_text(encoding="utf-8")
    answer = cdm("--hub", "hub.db", "--lang", "zh", "evaluate", "--sample", "judge.xlsx")
    assert answer.code == 0, answer.err
    assert "verdict" in answer.out
    assert cdm("evaluate", "--verdicts", "judge.xlsx").code == 2
    write_csv(folder / "truth.csv", ["source", "key", "truth_id"], [["crm", "1", "c"]])
    answer = cdm("--hub", "hub.db", "evaluate", "--crosswalk", "truth.csv")
    assert answer.code == 2
    assert "its first is 'crm:1'" in answer.err
