"""JSON lines and JSON documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.errors import SourceEmpty, SourceUnreadable, WrongContent
from connectors.files.json_records import JsonConnector, JsonOptions, flatten


def write(tmp_path: Path, text: str, name: str = "a.jsonl", encoding: str = "utf-8") -> JsonConnector:
    (tmp_path / name).write_bytes(text.encode(encoding))
    return JsonConnector(str(tmp_path / name))


def rows(connector: JsonConnector) -> list[dict[str, str]]:
    found = [row for page in connector.read() for row in page.table.to_pylist()]
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def test_lines_are_flattened_and_exact(tmp_path: Path) -> None:
    connector = write(
        tmp_path,
        '{"id": 110101199003070011, "name": " 张三 ", "address": {"city": "北京", "geo": {"lat": 39.90}}}\n\n'
        '{"id": "007", "tags": ["VIP", 5], "orders": [{"no": "A1"}], "ok": true, "gone": null, "none": {}}\n',
    )
    assert rows(connector) == [
        {"id": "110101199003070011", "name": "张三", "address.city": "北京", "address.geo.lat": "39.90"},
        {"id": "007", "tags": "VIP;5", "orders": '[{"no": "A1"}]', "ok": "TRUE"},
    ]
    dataset = connector.describe()
    assert dataset.rows == 2
    assert list(dataset.columns)[:4] == ["id", "name", "address.city", "address.geo.lat"]


def test_bad_lines_are_rejected(tmp_path: Path) -> None:
    connector = write(tmp_path, '{"id": 1}\n{"id": 2,\n[3]\n{"id": 4}\n')
    (page,) = connector.read()
    assert page.table.to_pylist() == [{"id": "1"}, {"id": "4"}]
    assert page.origins == ("a.jsonl!1", "a.jsonl!4")
    assert [(r.origin, r.raw["line"]) for r in page.rejects] == [("a.jsonl!2", '{"id": 2,'), ("a.jsonl!3", '["3"]')]
    assert any("2 line(s) are no JSON object" in note for note in connector.describe().notes)


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": 1}, {"id": 2}]',
        '[\n  {"id": 1},\n  {"id": 2}\n]',
        '{\n "total": 2,\n "customers": [{"id": 1}, {"id": 2}]\n}',
        '{"total": 2, "customers": [{"id": 1}, {"id": 2}]}',
    ],
)
def test_documents(tmp_path: Path, text: str) -> None:
    assert rows(write(tmp_path, text, "a.json")) == [{"id": "1"}, {"id": "2"}]


def test_document_resumes(tmp_path: Path) -> None:
    connector = write(tmp_path, '[{"id": 1}, {"id": 2}, 7, {"id": 3}]', "a.json")
    first = next(connector.read(page_size=2))
    (rest,) = connector.read(first.cursor)
    assert (rest.table.to_pylist(), len(rest.rejects), rest.origins) == ([{"id": "3"}], 1, ("a.json!4",))


def test_utf16(tmp_path: Path) -> None:
    assert rows(write(tmp_path, '{"姓名": "张三"}\n{"姓名": "李四"}\n', encoding="utf-16")) == [
        {"姓名": "张三"},
        {"姓名": "李四"},
    ]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("[]", SourceEmpty, "no JSON object"),
        ("\n\n", SourceEmpty, "no JSON object"),
        ("id,name\n1,Ann\n", SourceUnreadable, r"No line of .*a\.json' is a JSON object"),
        ('[{"id": 1}, ', SourceUnreadable, r"a\.json' is not valid JSON"),
        ("[" * 100_000, SourceUnreadable, r"a\.json' is not valid JSON"),
        ("%PDF-1.7", WrongContent, "a PDF document"),
    ],
)
def test_bad_documents(tmp_path: Path, text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        write(tmp_path, text, "a.json").describe()


def test_hostile_nesting_costs_one_line(tmp_path: Path) -> None:
    connector = write(tmp_path, '{"id": 1}\n' + '{"a":' * 50_000 + "1" + "}" * 50_000 + '\n{"id": 2}\n')
    (page,) = connector.read()
    assert page.table.to_pylist() == [{"id": "1"}, {"id": "2"}]
    assert page.rejects[0].origin == "a.jsonl!2"


def test_flatten_keeps_the_first_of_two_equal_names() -> None:
    assert flatten({"a.b": 1, "a": {"b": 2}}) == {"a.b": 1}


def test_options_are_taken(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"姓名": "张三"}\n'.encode("gb18030"))
    connector = JsonConnector(str(tmp_path / "a.jsonl"), JsonOptions(encoding="gbk"))
    assert rows(connector) == [{"姓名": "张三"}]
