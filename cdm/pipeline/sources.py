"""Register sources and decide how their columns map to the model."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cdm.errors import CdmError
from cdm.pipeline.hub import Hub, current_user
from cdm.pipeline.opening import connector_of
from connectors.contract import Dataset
from schemas.mapping import MIXED, Mapping, PartyReference
from schemas.source import SourceSpec
from schemas.types import EntityKind

_NAME = re.compile(r"[\w.-]{1,60}")
_PASSWORD = re.compile(r"(://[^:/@]*:)(?!\$\{\w+\}@).+(?=@)|((?:password|pwd)=)[^&;]+", re.IGNORECASE)
"""A password in a URL that is no ``${NAME}`` to be filled in."""


class SourceRefused(CdmError):  # noqa: N818 - the name says what is the matter
    """The source cannot be registered as described."""

    code, status, exit_code = "source_refused", 422, 2


@dataclass(frozen=True, slots=True)
class NewSource:
    """What the user says of a new source; empty texts are decided from the data."""

    name: str
    location: str
    connector: str = ""
    options: MappingType[str, str] = field(default_factory=dict)
    entity: str = "auto"
    trust: int = 50
    customers: str = ""
    """For activities: the source that holds the customers' keys."""


@dataclass(frozen=True, slots=True)
class AddedSource:
    """The registered source and what was decided on the user's behalf."""

    spec: SourceSpec
    notes: Sequence[str]


def add_source(hub: Hub, request: NewSource) -> AddedSource:
    """Look at a source, propose its mapping and register it.

    Raises:
        SourceRefused: the name cannot be used, or activities lack the source of their customers.
        SourceError: the source cannot be read.
        MappingError: the key or time column that was named does not exist.
        Conflict: the name is taken.
    """
    if not _NAME.fullmatch(request.name):
        raise SourceRefused(
            f"'{request.name}' cannot be the name of a source.", remedy="Use letters, digits, _ . and - (60 at most)."
        )
    from connectors.registry import guess_connector
    from schemas.mapping_check import validate

    spec = SourceSpec(
        name=request.name,
        connector=request.connector or guess_connector(request.location),
        location=_absolute(request.location),
        options={},
        trust=request.trust,
    )
    spec = replace(spec, options=_known_options(spec.connector, request.options))
    dataset = connector_of(spec, hub.settings).describe()
    mapping = _propose(hub, request, dataset)
    validate(mapping, hub.model, dataset.columns)
    if mapping.key and dataset.key is None and _takes_key(spec):
        # The connector did not know the key: reading in its order gives every row a place of its own name.
        spec = replace(spec, options={**spec.options, "key": mapping.key})
        dataset = connector_of(spec, hub.settings).describe()
    spec = hub.store.sources.add(replace(spec, mapping=mapping), hub.now(), current_user())
    notes = list(dataset.notes)
    if masked_location(spec) != spec.location:
        notes.append("the location holds a password, which the hub stores; write ${NAME} and set NAME instead")
    return AddedSource(spec, notes)


def replace_mapping(hub: Hub, name: str, file: Path) -> SourceSpec:
    """Replace the mapping of a source by an edited file.

    Raises:
        MappingError: the file is wrong for this source and model; names line and remedy.
    """
    from schemas.mapping_check import validate
    from schemas.mapping_file import read_mapping

    spec = hub.source(name)
    mapping = read_mapping(file)
    validate(mapping, hub.model, connector_of(spec, hub.settings).describe().columns)
    return hub.store.sources.update(replace(spec, mapping=mapping), hub.now(), current_user())


def mapping_of(spec: SourceSpec) -> Mapping:
    """Return the mapping of a source.

    Raises:
        SourceRefused: it has none.
    """
    if spec.mapping is None:
        raise SourceRefused(
            f"Source '{spec.name}' has no mapping.", remedy=f"Give one: cdm source map {spec.name} --load FILE."
        )
    return spec.mapping


def _propose(hub: Hub, request: NewSource, dataset: Dataset) -> Mapping:
    from connectors.mapping import propose_mapping

    if dataset.mapping is not None and request.entity == "auto":
        return _with_party(hub, request, dataset.mapping)
    options = request.options
    mapping = propose_mapping(
        dataset.sample,
        hub.model,
        entity=request.entity,
        source_hint=f"{request.name} {options.get('table', '')} {Path(request.location).stem}",
        key=options.get("key") or dataset.key,
        updated_at=options.get("updated_at") or dataset.updated_at,
    )
    return _with_party(hub, request, mapping)


def _with_party(hub: Hub, request: NewSource, mapping: Mapping) -> Mapping:
    if mapping.entity == MIXED or hub.model[mapping.entity].kind is not EntityKind.ACTIVITY:
        return mapping
    return replace(mapping, party=_party(hub, request, mapping))


def _party(hub: Hub, request: NewSource, mapping: Mapping) -> PartyReference:
    columns = mapping.fields_of(mapping.entity).get("party_key")
    if not request.customers or not columns:
        missing = "which source holds their customers" if columns else "which column names the customer"
        raise SourceRefused(
            f"The rows of '{request.name}' look like {hub.model[mapping.entity].label.en.lower()}s, but it is not said "
            f"{missing}.",
            remedy="Name the source with --customers SOURCE, or say --entity person or organization.",
        )
    hub.source(request.customers)
    return PartyReference(columns[0], request.customers)


def _takes_key(spec: SourceSpec) -> bool:
    from connectors.registry import connector_options

    return "key" not in spec.options and any(option.name == "key" for option in connector_options(spec.connector))


def _known_options(connector: str, options: MappingType[str, str]) -> dict[str, str]:
    """Leave the key and time columns to the mapping where the connector itself has no use for them."""
    from connectors.registry import connector_options

    known = {option.name for option in connector_options(connector)}
    return {name: value for name, value in options.items() if name in known or name not in ("key", "updated_at")}


def _absolute(location: str) -> str:
    """Make a path absolute, so that a later run from another folder finds it; URLs stay as they are."""
    plain = location.startswith("sqlite:///") and not location.startswith("sqlite:///file:")
    if plain and "${" not in location:
        return f"sqlite:///{Path(location.removeprefix('sqlite:///')).absolute()}"
    return location if "://" in location or "${" in location else str(Path(location).expanduser().absolute())


def masked_location(spec: SourceSpec) -> str:
    """Return where a source is, for people: a password that stands in the URL is not shown."""
    return _PASSWORD.sub(lambda found: f"{found[1] or found[2]}***", spec.location)
