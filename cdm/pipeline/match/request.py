"""What a match of Parquet files is asked to do, and what came out."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from cdm.errors import CdmError
from cdm.pipeline.match.cleansing import Cleansing
from cdm.pipeline.match.parquet import ParquetInput
from cdm.settings import Settings
from schemas.mapping import MIXED, Mapping
from schemas.model import Label, Model

SAMPLE = 20_000
"""Rows looked at to find out what the columns mean."""
RUNNERS = ("local", "spark")


class MatchRequestError(CdmError):
    """The request cannot be carried out as it was put."""

    code, status, exit_code = "match_request", 422, 2


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """What to match and what to write; see ``cdm match --help``."""

    location: str
    out: Path
    model: Path | None = None
    save_model: Path | None = None
    runner: str = "local"
    master: str = "local[*]"
    conf: MappingType[str, str] = field(default_factory=dict)
    entity: str = "auto"
    map_file: Path | None = None
    ignore: tuple[str, ...] = ()

    @property
    def links(self) -> Path:
        """Where the links go: beside ``out``."""
        return self.out.with_name(f"{self.out.stem}.links.parquet")

    @property
    def review(self) -> Path:
        """Where the pairs for review go: beside ``out``."""
        return self.out.with_name(f"{self.out.stem}.review.parquet")


@dataclass(frozen=True, slots=True)
class MatchOutcome:
    """What came out, in numbers, and what the user should know."""

    records: int
    customers: int
    links: int
    review: int
    notes: Sequence[Label] = ()


def check(request: MatchRequest) -> None:
    """Refuse a request that contradicts itself, or whose outputs cannot be written, before any work is done."""
    if request.runner not in RUNNERS:
        raise MatchRequestError(f"'{request.runner}' is not a runner.", remedy=f"Use {' or '.join(RUNNERS)}.")
    if request.model is not None and request.save_model is not None:
        raise MatchRequestError(
            "--model and --save-model contradict each other: a model that is given is not learned.",
            remedy="Leave one of them out.",
        )
    inputs = [Path(request.location).resolve()] if "://" not in request.location else []
    for path in (request.out, request.links, request.review):
        if any(path.resolve() == one or one in path.resolve().parents for one in inputs):
            raise MatchRequestError(f"{path} would be written into the input.", remedy="Write to another place.")
        if not path.parent.is_dir():
            raise MatchRequestError(
                f"The folder {path.parent} does not exist.", remedy="Make it first, or write elsewhere."
            )


def cleansings(found: ParquetInput, request: MatchRequest, settings: Settings, today: date) -> list[Cleansing]:
    """Decide what the columns mean and how the rows are cleansed; one entry per entity type that occurs.

    Raises:
        MappingError: the mapping file is wrong.
        MatchRequestError: the input has no rows, or several entity types and one model.
    """
    from cdm.pipeline.models import model_of
    from cdm.pipeline.prepare import contexts_of

    if not found.rows:
        raise MatchRequestError(f"{found.location} has no rows.", remedy="Name a file with records.")
    model = model_of(settings)
    sample = found.sample(SAMPLE)
    mapping = _mapping(sample, request, model)
    contexts = contexts_of(sample, mapping, model, settings.country)
    if mapping.entity == MIXED and (request.model or request.save_model):
        raise MatchRequestError(
            f"{found.location} holds {' and '.join(contexts)} records; a model file holds one of them.",
            remedy="Say --entity, or split the input.",
        )
    entities = list(contexts) or [mapping.entity]
    return [Cleansing(model[e], mapping, contexts.get(e, {}), settings.country, today) for e in entities]


def _mapping(sample: pa.Table, request: MatchRequest, model: Model) -> Mapping:
    from cdm.pipeline.tables import ReadRequest, check_columns, mapping_of

    reading = ReadRequest(entity=request.entity, map_file=request.map_file, ignore=request.ignore)
    path, columns = Path(request.location), sample.column_names
    check_columns(reading, columns, path)
    return mapping_of(sample, reading, model, columns, path)
