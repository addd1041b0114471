"""What comes of records once all sources are read: activities, quarantine, models of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_company import ORDERS, SALES, SALES_HEADER, write_csv, write_erp

from cdm.pipeline.assess import assess
from cdm.pipeline.golden import golden_view
from cdm.pipeline.hub import Hub, open_hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.quarantine import retry_quarantine
from cdm.pipeline.run import consolidate_all, run_all
from cdm.pipeline.sources import NewSource, SourceRefused, add_source, masked_location, replace_mapping
from schemas.source import SourceSpec


def test_an_empty_hub_cannot_run(hub: Hub) -> None:
    with pytest.raises(SourceRefused, match="no source yet"):
        run_all(hub)


def test_activities_follow_their_customer(hub: Hub, add: Any, tmp_path: Path) -> None:
    erp = write_erp(tmp_path / "erp.db")
    add("erp", erp, table="customer")
    add("orders", erp, table="sales_order", customers="erp")
    summary = run_all(hub)
    assert [(label.en, count) for label, count in summary.activities] == [("Transaction", 3)]
    golden = hub.store.crosswalk.lookup("erp", "K1")
    view = golden_view(hub, golden)
    assert [one.key for one in view.activities] == ["O2", "O1"], "the latest first"
    assert view.activities[0].fields["amount"] == "800"
    write_erp(tmp_path / "erp.db", orders=[("O1", "K2", *ORDERS[0][2:]), *ORDERS[1:]])
    run_all(hub)
    assert [one.key for one in golden_view(hub, golden).activities] == ["O2"]
    assert len(golden_view(hub, hub.store.crosswalk.lookup("erp", "K2")).activities) == 2


def test_summary_counts_what_the_run_did(hub: Hub, add: Any, tmp_path: Path) -> None:
    rows = [*SALES, ("S6", *SALES[0][1:]), ("", "无号", "13912340009", "", "")]
    add("sales", write_csv(tmp_path / "sales.csv", SALES_HEADER, rows), key="客户编号")
    summary = run_all(hub)
    (source,) = summary.sources
    assert (source.records, source.added, source.changed, source.quarantined) == (6, 6, 0, 1)
    assert (summary.golden_count, summary.merged, summary.quarantined) == (5, 1, 1)
    assert 0 < (summary.quality or 0) <= 100
    assert {score.subject.en for score in summary.scores} == {"sales · Person", "golden records · Person"}
    again = run_all(hub)
    assert (again.sources[0].added, again.golden_count) == (0, 5)


def test_quarantined_rows_come_in_after_the_mapping_is_mended(hub: Hub, add: Any, tmp_path: Path) -> None:
    rows = [*SALES, ("", "无号", "13912340009", "wuhao@firma.cn", ""), ("", "没号", "", "", "")]
    add("sales", write_csv(tmp_path / "sales.csv", SALES_HEADER, rows), key="客户编号")
    ingest_source(hub, "sales")
    position = hub.store.records.position("sales")
    assert retry_quarantine(hub, "sales") == (0, 2)
    from schemas.mapping_file import write_mapping

    mapping = hub.source("sales").mapping
    assert mapping is not None
    write_mapping(tmp_path / "map.yaml", mapping)
    text = (tmp_path / "map.yaml").read_text(encoding="utf-8").replace("key: 客户编号", "key: 手机")
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    replace_mapping(hub, "sales", tmp_path / "map.yaml")
    assert retry_quarantine(hub, None) == (1, 1)
    record = hub.store.records.get("sales", "13912340009")
    assert record.fields["email"] == ["wuhao@firma.cn"]
    assert record.raw["姓名"] == "无号"
    assert hub.store.records.position("sales") == position, "a retry does not move the place of reading"
    assert retry_quarantine(hub, None) == (0, 1)


def test_a_model_of_ones_own(hub_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "person.yaml").write_text(
        "entity: person\nfields:\n  loyalty_card:\n    label: {zh: 会员卡号, en: Loyalty card}\n    type: identifier\n"
        "    privacy: personal\n    match: identifier\n    synonyms: {zh: [积分卡号], en: [loyalty card]}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("CDM_MODEL_DIRECTORY", str(folder))
    rows = [("1", "王小明", "VIP-88001"), ("2", "李雷", "VIP-88002"), ("3", "韩梅梅", "VIP-88003")]
    path = write_csv(tmp_path / "members.csv", ("客户编号", "姓名", "积分卡号"), rows)
    with open_hub(hub_url) as hub:
        spec = add_source(hub, NewSource("members", str(path), options={"key": "客户编号"})).spec
        assert spec.mapping is not None
        assert spec.mapping.fields_of("person")["loyalty_card"] == ["积分卡号"]
        run_all(hub)
        golden = golden_view(hub, hub.store.crosswalk.lookup("members", "2")).golden
        assert golden.fields["loyalty_card"] == "VIP-88002"


def test_locations_outlive_the_folder_they_were_typed_in(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_erp(tmp_path / "erp.db")
    write_csv(tmp_path / "sales.csv", SALES_HEADER, SALES)
    monkeypatch.chdir(tmp_path)
    add_source(hub, NewSource("erp", "sqlite:///erp.db", options={"table": "customer"}))
    add_source(hub, NewSource("sales", "sales.csv"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert ingest_source(hub, "erp").rows.inserted == 3
    assert ingest_source(hub, "sales").rows.inserted == 5


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("postgresql://reader:ge@heim@db/erp", "postgresql://reader:***@db/erp"),
        ("postgresql://reader:${PASSWORD}@db/erp", "postgresql://reader:${PASSWORD}@db/erp"),
        (
            "mssql+pyodbc:///?odbc_connect=DSN=x;UID=a;PWD=geheim;X=1",
            "mssql+pyodbc:///?odbc_connect=DSN=x;UID=a;PWD=***;X=1",
        ),
        ("postgresql://db/erp?user=a&password=geheim", "postgresql://db/erp?user=a&password=***"),
        ("/data/客户.xlsx", "/data/客户.xlsx"),
    ],
)
def test_passwords_are_masked(location: str, shown: str) -> None:
    assert masked_location(SourceSpec("x", "sql", location)) == shown


def test_what_a_run_says_of_the_hub_is_what_the_hub_holds(hub: Hub, add: Any, tmp_path: Path) -> None:
    rows = [*SALES, ("S6", *SALES[0][1:]), ("S7", "李四", "12345", "no mail", "")]
    add("sales", write_csv(tmp_path / "sales.csv", SALES_HEADER, rows), key="客户编号")
    add("erp", write_erp(tmp_path / "erp.db"), table="customer")
    ingest_source(hub, "sales")
    ingest_source(hub, "erp")
    made = [one.assessment for one in consolidate_all(hub) if one.records]
    stored = assess(hub)
    assert [one.entity.name for one in made] == [one.entity.name for one in stored] == ["person", "organization"]
    for one, other in zip(made, stored, strict=True):
        assert (one.records, one.golden, one.cluster_sizes) == (other.records, other.golden, other.cluster_sizes)
        assert (one.findings, one.fields) == (other.findings, other.fields)
        assert one.golden_scores == pytest.approx(other.golden_scores, abs=0.01)
        assert one.sources.column_names == other.sources.column_names
        assert one.sources.column("total").to_pylist() == pytest.approx(
            other.sources.column("total").to_pylist(), abs=0.01
        )
