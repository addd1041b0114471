"""What may be turned on the matching engine; every default is the measured one, nothing needs to be set."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """Limits and thresholds of one matching run.

    ``merge`` is the precision asked of automatic merges: .98 means that of the pairs merged 98 in 100 are to be right.
    Each table meets it at odds of its own, which its model knows. ``review`` is a probability that two records are one
    customer: what is at least as likely but not merged is asked of a steward.
    """

    merge: float = 0.98
    review: float = 0.20
    pairs_per_record: float = 40.0
    """Budget of candidate pairs per record for small and middling tables."""
    least_pairs_per_record: float = 6.0
    """The budget shrinks towards this as tables grow past ``budget_records``."""
    budget_records: int = 30_000
    pairs_per_rule: float = 6.0
    """A blocking rule that costs more pairs per record than this is not used."""
    largest_block: int = 100
    """Bigger blocks are examined by sorted neighbourhood only."""
    neighbours: int = 5
    random_pairs: int = 1_000_000
    """Unblocked pairs drawn to stand for all pairs nobody looks at."""
    fit_pairs: int = 1_000_000
    """At most this many candidate pairs take part in learning; all of them are scored."""
    small_table: int = 400
    """Up to this many distinct records all pairs are compared and the shipped parameters decide, nudged by the data."""
    middling_table: int = 5_000
    """Up to this many distinct records a table does not tell what names alone, or half of one, are worth."""
    related_classes: int = 3
    """Most kinds of related-but-not-same pairs to look for."""
    resamples: int = 2
    """Refits on resampled pairs; where they disagree, nothing is merged automatically."""
    largest_component: int = 1500
    """Bigger groups of linked records are first split at a higher threshold."""
    review_limit: int = 10_000
    """Most pairs offered to stewards from one run, best first."""
    seed: int = 20_240_229

    def pair_budget(self, records: int) -> int:
        """Return how many candidate pairs ``records`` records may have in all."""
        shrink = min(1.0, (self.budget_records / max(records, 1)) ** 0.5)
        return int(records * max(self.pairs_per_record * shrink, self.least_pairs_per_record))
