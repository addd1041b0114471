"""Groups linked one by one by plain Python come out as SciPy links them, ties included."""

import numpy as np
import pytest

import matching.linkage
from matching.linkage import linked


@pytest.mark.parametrize("count", [2, 3, 4, 5, 7, 12, 30])
def test_small_groups_are_linked_as_scipy_links_them(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(count)
    pairs = count * (count - 1) // 2
    apart = generator.normal(1e4, 6, (60, pairs))
    tied = generator.choice([0.0, 9_999.3, 10_000.1, 10_003.7, 10_010.0, 1e9], (120, pairs))
    groups = np.concatenate([apart, tied])
    ours = [linked(one, count, 10_002.0) for one in groups]
    monkeypatch.setattr(matching.linkage, "FEW", 0)
    for one, (first, heights) in zip(groups, ours, strict=True):
        expected, scipys = linked(one, count, 10_002.0)
        assert first.tolist() == expected.tolist()
        assert heights.tolist() == scipys.tolist()
