"""Public data sets with known truth, as tables without the columns that give the truth away.

The data lies outside the repository (``CDM_SHARED_DATA``, default ``<repository>/../shared/data``); each folder's
README names source, licence and columns.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq


@dataclass(frozen=True)
class Spec:
    """Where a set lies, which column is the truth, what must be hidden, and which model fields its columns are."""

    files: tuple[str, ...]
    truth: str
    entity: str = "person"
    hidden: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class LabelledSet:
    """One set: ``table`` has string columns only, ``truth`` one label per row, ``fields`` column → model field."""

    name: str
    entity: str
    table: pa.Table
    truth: npt.NDArray[np.int64]
    fields: Mapping[str, str]


PERSON = {
    "first_name": "given_name",
    "given_name": "given_name",
    "givenname": "given_name",
    "surname": "family_name",
    "last_name": "family_name",
    "dob": "birth_date",
    "date_of_birth": "birth_date",
    "gender": "gender",
    "sex": "gender",
    "city": "city",
    "suburb": "city",
    "state": "province",
    "postcode": "postcode",
    "zip": "postcode",
    "zipcode": "postcode",
    "email": "email",
    "phone": "phone",
    "phone number": "phone",
    "address": "street",
    "address_1": "street",
    "street": "street",
    "street_name": "street",
    "street_number": "house_number",
    "house_number": "house_number",
    "unit_number": "room",
    "middle_initial": "middle_name",
    "company": "employer",
    "middle_name": "middle_name",
}
FEBRL_HIDDEN = ("rec_id",)
PSEUDO_HIDDEN = (
    *("simulant_id", "household_id", "year", "tax_year", "employer_id", "housing_type", "tax_form", "wages"),
    "relationship_to_reference_person",
)
W2_PERSON = {f"mailing_address_{k}": v for k, v in PERSON.items()} | PERSON | {"ssn": "extra:ssn"}
W2_EMPLOYER = tuple(
    f"employer_{part}" for part in ("name", "street_number", "street_name", "unit_number", "city", "state", "zipcode")
)

POLISH = {
    "imie": "given_name",
    "imie2": "middle_name",
    "nazwisko": "family_name",
    "data_ur": "birth_date",
    "gmina": "district",
    "kraj": "country",
}

SETS: dict[str, Spec] = {
    "fake_1000": Spec(("splink_fake_1000/fake_1000.csv",), "cluster", hidden=("unique_id",), fields=PERSON),
    "winkler": Spec(
        ("winkler_census/censusA.csv", "winkler_census/censusB.csv"), "id", hidden=("source",), fields=PERSON
    ),
    "blockingpy_1500": Spec(
        ("blockingpy_bench/data_1500.csv",),
        "true_id",
        hidden=("Unnamed: 0", ""),
        fields=POLISH,
    ),
    "dedupe_csv_example": Spec(
        ("dedupe_csv_example/early_childhood_true_ids.csv",),
        "True Id",
        entity="organization",
        hidden=("Id", "Source"),
        fields={
            "Site name": "name",
            "Address": "address",
            "Zip": "postcode",
            "Phone": "phone",
            "Website": "website",
            "Email Address": "email",
        },
    ),
    "dqbench1": Spec(("dqbench_er/er_tier1.csv",), "cluster", hidden=("row",), fields=PERSON),
    "dqbench2": Spec(("dqbench_er/er_tier2.csv",), "cluster", hidden=("row",), fields=PERSON),
    "dqbench3": Spec(("dqbench_er/er_tier3.csv",), "cluster", hidden=("row",), fields=PERSON),
    "rldata500": Spec(
        ("rldata500/RLdata500.csv",),
        "ent_id",
        hidden=("rec_id",),
        fields={"fname_c1": "given_name", "fname_c2": "middle_name", "lname_c1": "family_name"},
    ),
    "febrl1": Spec(("febrl1/febrl1.csv",), "cluster", hidden=FEBRL_HIDDEN, fields=PERSON),
    "febrl2": Spec(("febrl2/febrl2.csv",), "cluster", hidden=FEBRL_HIDDEN, fields=PERSON),
    "febrl3": Spec(("febrl3/febrl3.csv",), "cluster", hidden=FEBRL_HIDDEN, fields=PERSON),
    "pseudo_census": Spec(("pseudopeople/census_2020.parquet",), "simulant_id", hidden=PSEUDO_HIDDEN, fields=PERSON),
    "pseudo_w2": Spec(
        ("pseudopeople/w2_1099_2020.parquet",), "simulant_id", hidden=(*PSEUDO_HIDDEN, *W2_EMPLOYER), fields=W2_PERSON
    ),
    "pseudo_employer": Spec(
        ("pseudopeople/w2_1099_2020.parquet",),
        "employer_id",
        entity="organization",
        only=W2_EMPLOYER,
        fields={"employer_name": "name"} | {f"employer_{k}": v for k, v in PERSON.items()},
    ),
    "patent": Spec(
        ("dedupe_patent/patstat.csv",),
        "leuven_id",
        entity="organization",
        hidden=("person_id", "Name"),
        fields={"person_name": "name"},
    ),
    "blockingpy_15000": Spec(
        ("blockingpy_bench/data_15000.csv",),
        "true_id",
        hidden=("Unnamed: 0", ""),
        fields=POLISH,
    ),
    "fake_20000": Spec(("splink_fake_20000/fake_20000.csv",), "group", hidden=("unique_id",), fields=PERSON),
    "anonlink": Spec(
        tuple(f"anonlink_multiparty/dataset_{k}.csv" for k in range(1, 6)), "id", hidden=("income",), fields=PERSON
    ),
    "zingg": Spec(("zingg_febrl20k/febrl20k.parquet",), "cluster", hidden=FEBRL_HIDDEN, fields=PERSON),
    "historical": Spec(
        ("splink_historical_50k/historical_50k_dev.parquet",),
        "cluster",
        hidden=("unique_id",),
        fields=PERSON | {"full_name": "full_name"},
    ),
    "foreigners": Spec(
        ("blocking_foreigners/foreigners.parquet",),
        "true_id",
        fields={
            "fname": "given_name",
            "sname": "middle_name",
            "surname": "family_name",
            "date": "birth_date",
            "region": "province",
            "country": "country",
        },
    ),
}
FAST = ("fake_1000", "winkler", "blockingpy_1500", "dqbench1", "rldata500", "febrl1", "febrl3", "dedupe_csv_example")


def data_root() -> Path:
    """Return the folder of the shared data."""
    default = Path(__file__).resolve().parents[1].parent / "shared" / "data"
    return Path(os.environ.get("CDM_SHARED_DATA", str(default)))


def available(name: str) -> bool:
    """Tell whether the files of a set are there."""
    return all((data_root() / "labelled" / f).is_file() for f in SETS[name].files)


def load(name: str) -> LabelledSet:
    """Load one set.

    Args:
        name: one of ``SETS``.

    Returns:
        Rows of all files one after the other, without truth and hidden columns.

    Raises:
        FileNotFoundError: the shared data is not there.
    """
    spec = SETS[name]
    tables = [_read(data_root() / "labelled" / f) for f in spec.files]
    table = pa.concat_tables(tables, promote_options="default")
    truth = pc.fill_null(table[spec.truth], "").combine_chunks().dictionary_encode().indices
    visible = [
        c for c in table.column_names if c not in (spec.truth, *spec.hidden) and (not spec.only or c in spec.only)
    ]
    return LabelledSet(
        name, spec.entity, table.select(visible), truth.to_numpy(zero_copy_only=False).astype(np.int64), spec.fields
    )


def _read(path: Path) -> pa.Table:
    """Read one file, every column as text."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
    else:
        header = pacsv.open_csv(path, parse_options=pacsv.ParseOptions(newlines_in_values=True)).schema.names
        convert = pacsv.ConvertOptions(column_types={n: pa.string() for n in header}, strings_can_be_null=True)
        table = pacsv.read_csv(path, parse_options=pacsv.ParseOptions(newlines_in_values=True), convert_options=convert)
    columns = []
    for name in table.column_names:
        column = table[name].cast(pa.string())
        columns.append(pc.if_else(pc.is_in(column, pa.array(["", "nan", "<NA>", "None"])), None, column))
    return pa.table(dict(zip(table.column_names, columns, strict=True)))
