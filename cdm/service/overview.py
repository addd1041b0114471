"""The state of the hub: figures for the dashboard, scores, runs, sources, the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

from cdm.pipeline.gates import breaches_of, told
from cdm.pipeline.golden import parties
from cdm.pipeline.ingest import CHANGES, WHOLE
from cdm.security import Right
from cdm.service.context import Context
from cdm.service.overview_shapes import (
    AuditView,
    Dashboard,
    EntityFigures,
    EntityModel,
    FieldModel,
    Me,
    RunProgress,
    RunView,
    Scores,
    ScoreView,
    SourceView,
)
from cdm.service.shapes import Words
from cdm.store import Run
from cdm.store.assessments import StoredAssessment
from cdm.store.runs import PROGRESS, RUNNING
from schemas.model import EntityType
from schemas.source import SourceSpec

TREND = 30
"""Assessments the dashboard's trend goes back."""
_LONG = frozenset({"matching", PROGRESS})
"""Figures of a run that are a report of their own."""


class OverviewDesk:
    """The state of the hub as a principal may see it; it holds no personal values.

    Args:
        context: the hub and who asks.
    """

    def __init__(self, context: Context) -> None:
        self._context, self._hub = context, context.hub

    def dashboard(self) -> Dashboard:
        """Return the hub on one page; raises ``Forbidden``."""
        sources, entities = self.sources(), self._entities()
        scores = self.quality(TREND)
        activities = self._hub.store.activities.count()
        return Dashboard(
            at=self._hub.now().isoformat(),
            sources=sources,
            entities=entities,
            activities={entity: linked for entity, (linked, _) in activities.items()},
            records=sum(one.records for one in sources),
            golden=sum(one.golden for one in entities),
            duplicates=sum(one.duplicates for one in entities),
            candidates=sum(one.candidates for one in entities),
            quarantined=sum(one.quarantined for one in sources),
            pending=self._hub.store.pending.count(),
            scores=scores[-1] if scores else None,
            trend=scores,
            runs=self.runs(8),
        )

    def quality(self, limit: int = TREND) -> list[Scores]:
        """Return the scores as the last runs found them, the oldest first; raises ``Forbidden``."""
        self._context.require(Right.READ)
        return [_scores(one) for one in self._hub.store.assessments.last(limit)]

    def runs(self, limit: int = 20) -> list[RunView]:
        """Return the latest runs of jobs, the newest first; raises ``Forbidden``."""
        self._context.require(Right.READ)
        return [self._run(one) for one in self._hub.store.runs.list(limit)]

    def run(self, number: int) -> RunView:
        """Return one run; raises ``Forbidden``, ``NotFound``."""
        self._context.require(Right.READ)
        return self._run(self._hub.store.runs.get(number))

    def sources(self) -> list[SourceView]:
        """Return the sources with what the hub holds of each; raises ``Forbidden``."""
        self._context.require(Right.READ)
        return [self._source(spec) for spec in self._hub.sources()]

    def model(self) -> list[EntityModel]:
        """Return the entity types with their fields, labels and what is seen of each; raises ``Forbidden``."""
        self._context.require(Right.READ)
        return [self._model(entity) for entity in self._hub.model.entities.values()]

    def audit(self, limit: int = 50, before: int | None = None) -> list[AuditView]:
        """Return entries of the audit trail, the newest first; raises ``Forbidden``."""
        self._context.require(Right.AUDIT)
        return [AuditView(**asdict(one)) for one in self._hub.store.audit.list(limit=limit, before=before)]

    def me(self) -> Me:
        """Return who asks and what they may do."""
        who = self._context.principal
        rights = [right.value for right in Right if who.may(right)]
        return Me(name=who.name, role=who.role.value, rights=rights, must_change_password=who.must_change_password)

    def _source(self, spec: SourceSpec) -> SourceView:
        runs = self._hub.store.runs
        read = [one for kind in (WHOLE, CHANGES) for one in runs.list(1, kind=kind, source_name=spec.name)]
        live, deleted = self._counts[spec.name]
        return SourceView(
            name=spec.name,
            connector=spec.connector,
            trust=spec.trust,
            entity=spec.mapping.entity if spec.mapping else "",
            records=live,
            deleted=deleted,
            quarantined=sum(self._quarantine.get(spec.name, {}).values()),
            last_read=self._run(max(read, key=lambda one: one.id)) if read else None,
        )

    def _run(self, one: Run) -> RunView:
        error, breaches, progress = one.stats.get("error"), breaches_of(one.stats), one.stats.get(PROGRESS)
        return RunView(
            id=one.id,
            kind=one.kind,
            source=one.source,
            started_at=one.started_at,
            finished_at=one.finished_at,
            status=one.status,
            stats=_figures(one.stats),
            error=None if error is None else self._context.mask.note(str(error)),
            held=Words(zh=told(breaches, "zh"), en=told(breaches, "en")) if breaches else None,
            progress=RunProgress(**progress) if progress and one.status == RUNNING else None,
        )

    @cached_property
    def _counts(self) -> dict[str, tuple[int, int]]:
        live: Counter[str] = Counter()
        gone: Counter[str] = Counter()
        for (name, _), (here, deleted) in self._hub.store.records.count().items():
            live[name] += here
            gone[name] += deleted
        return {spec.name: (live[spec.name], gone[spec.name]) for spec in self._hub.sources()}

    @cached_property
    def _quarantine(self) -> dict[str, dict[str, int]]:
        return self._hub.store.quarantine.count()

    def _entities(self) -> list[EntityFigures]:
        golden, waiting = self._hub.store.golden.count(), self._hub.store.candidates.count()
        members = self._hub.store.crosswalk.counts()
        return [
            EntityFigures(
                entity=one.name,
                label=Words.of(one.label),
                records=members.get(one.name, 0),
                golden=(live := golden.get(one.name, (0, 0))[0]),
                duplicates=members.get(one.name, 0) - live,
                candidates=waiting.get(one.name, 0),
            )
            for one in parties(self._hub)
        ]

    def _model(self, entity: EntityType) -> EntityModel:
        mask = self._context.mask
        fields = [
            FieldModel(
                name=field.name,
                label=Words.of(field.label),
                type=field.type.value,
                multi=field.multi,
                privacy=field.privacy.value,
                sight=mask.sight(entity, field.name).name.lower(),
            )
            for field in entity.fields.values()
        ]
        return EntityModel(name=entity.name, label=Words.of(entity.label), kind=entity.kind.value, fields=fields)


def _figures(stats: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers of a run, and those of its parts; texts may quote records and stay out."""
    found: dict[str, Any] = {}
    for name, value in stats.items():
        if isinstance(value, int | float):
            found[name] = value
        elif isinstance(value, dict) and name not in _LONG and (part := _figures(value)):
            found[name] = part
    return found


def _scores(one: StoredAssessment) -> Scores:
    return Scores(run_id=one.run_id, at=one.at, scores=[ScoreView(**line) for line in one.scores])
