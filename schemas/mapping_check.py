"""Check a mapping against the model and the columns a source really has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from schemas.declaration import suggest
from schemas.errors import MappingError
from schemas.mapping import MIXED, Mapping
from schemas.model import Model
from schemas.types import EntityKind, SemanticType

JOINED = frozenset(
    {
        SemanticType.PERSON_NAME,
        SemanticType.GIVEN_NAME,
        SemanticType.FAMILY_NAME,
        SemanticType.ORGANIZATION_NAME,
        SemanticType.ADDRESS,
        SemanticType.STREET,
        SemanticType.DATE,
        SemanticType.DATETIME,
        SemanticType.TEXT,
    }
)
"""Types of which a single-valued field may come from several columns, joined with a space (address lines; year, month
and day; date and time)."""


def validate(mapping: Mapping, model: Model, columns: Sequence[str]) -> None:
    """Refuse a mapping that cannot be applied.

    Args:
        mapping: what was proposed, read or edited.
        model: the customer information model.
        columns: the column names the source has now; columns that the mapping does not name stay extra attributes.

    Raises:
        MappingError: for an entity, field or column that does not exist, a column named twice, or two columns for a
            field that takes one.
    """
    entities = _entities(mapping, model)
    _check_columns(mapping, columns)
    for column in mapping.columns:
        for entity, field in column.targets.items():
            _check_target(column.column, entity, field, entities, model)
    for entity in entities:
        _check_single(mapping, model, entity)
    if mapping.route is not None:
        _check_route(mapping, entities)
    if mapping.party is not None and model[entities[0]].kind is not EntityKind.ACTIVITY:
        raise MappingError(
            f"The mapping names a party column, but '{mapping.entity}' is not an activity.",
            remedy="Leave 'party' out, or choose transaction, interaction or behaviour as entity.",
        )


def _entities(mapping: Mapping, model: Model) -> list[str]:
    if mapping.entity == MIXED:
        return [entity.name for entity in model.of_kind(EntityKind.PARTY)]
    if mapping.entity not in model.entities:
        raise MappingError(
            f"The model has no entity type '{mapping.entity}'.",
            remedy=suggest(mapping.entity, [*model.entities, MIXED]),
            entity=mapping.entity,
        )
    return [mapping.entity]


def _check_columns(mapping: Mapping, columns: Sequence[str]) -> None:
    for name, times in Counter(c.column for c in mapping.columns).items():
        if times > 1:
            raise MappingError(f"The mapping names the column '{name}' twice.", remedy="Keep it once.", column=name)
    named: dict[str, str | None] = {
        "columns": None,
        "key": mapping.key,
        "updated_at": mapping.updated_at,
        "same_as": mapping.same_as,
        "route": mapping.route.column if mapping.route else None,
        "party": mapping.party.column if mapping.party else None,
    }
    wanted = [("columns", c.column) for c in mapping.columns]
    wanted += [(where, name) for where, name in named.items() if name is not None]
    known = set(columns)
    for where, name in wanted:
        if name not in known:
            raise MappingError(
                f"The mapping names the column '{name}' ({where}), which the source does not have.",
                remedy=suggest(name, columns) if columns else "The source has no columns.",
                column=name,
            )


def _check_target(column: str, entity: str, field: str, entities: Sequence[str], model: Model) -> None:
    if entity not in entities:
        raise MappingError(
            f"Column '{column}' is mapped to the entity type '{entity}', which this table does not hold.",
            remedy=suggest(entity, entities),
            column=column,
            entity=entity,
        )
    if field not in model[entity].fields:
        raise MappingError(
            f"Column '{column}' is mapped to '{field}', but '{entity}' has no such field.",
            remedy=suggest(field, model[entity].fields),
            column=column,
            entity=entity,
            field=field,
        )


def _check_single(mapping: Mapping, model: Model, entity: str) -> None:
    for name, sources in mapping.fields_of(entity).items():
        field = model[entity][name]
        if len(sources) > 1 and not field.multi and field.type not in JOINED:
            raise MappingError(
                f"The columns {', '.join(repr(s) for s in sources)} are all mapped to '{name}', which takes one.",
                remedy="Keep the best of them and set the others to null.",
                field=name,
                entity=entity,
            )


def _check_route(mapping: Mapping, entities: Sequence[str]) -> None:
    assert mapping.route is not None
    if mapping.entity != MIXED:
        raise MappingError(
            f"The mapping has a route, but all its rows are '{mapping.entity}'.",
            remedy="Write 'entity: mixed', or leave 'route' out.",
        )
    for value, entity in mapping.route.values.items():
        if entity not in entities:
            raise MappingError(
                f"The route sends '{value}' in column '{mapping.route.column}' to '{entity}'.",
                remedy=suggest(entity, entities),
                entity=entity,
            )
