"""A hub to which things happen at random, but the same things for the same seed: for tests of those who follow it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from small_company import write_csv

from cdm.errors import Conflict
from cdm.pipeline.hub import Hub
from cdm.pipeline.ingest import ingest_source
from cdm.pipeline.run import consolidate_all, run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.stewardship import edit, merge, separate, split, undo
from cdm.stewardship.edits import Edit
from cdm.stewardship.steps import By

HEADER = ("no", "姓名", "手机", "邮箱", "城市", "生日", "身份证")
CITIES = ("北京", "上海", "杭州", "广州")
LI = By("li", "核实")
Row = tuple[str, ...]


class RandomLife:
    """What happens to one hub.

    Args:
        hub: an empty hub.
        folder: for the files of its sources.
        seed: another one makes other things happen.
        people: customers of the source that learns how to match; the shop that changes has a fifth of them.
    """

    def __init__(self, hub: Hub, folder: Path, seed: int, people: int = 300) -> None:
        self.hub, self.folder, self.chance = hub, folder, random.Random(seed)
        self.steps = Counter[str]()
        self.crm = [self._person() for _ in range(people)]
        self.shop = {f"u{number}": self._again(self.crm[number]) for number in range(people // 5)}
        self._number = len(self.shop)

    def begin(self) -> None:
        """Register the sources, and match and merge them for the first time."""
        write_csv(self.folder / "crm.csv", HEADER, [(str(number), *row) for number, row in enumerate(self.crm)])
        self._write_shop()
        for name in ("crm", "shop"):
            path = str(self.folder / f"{name}.csv")
            add_source(self.hub, NewSource(name, path, options={"key": "no"}, entity="person"))
        run_all(self.hub)

    def step(self) -> None:
        """Let one thing happen."""
        choices: tuple[tuple[int, Callable[[], None]], ...] = (
            (5, self.say), (2, self.come), (3, self.leave), (5, self.merge), (4, self.split), (1, self.separate),
            (3, self.edit), (3, self.undo), (6, self.settle),
        )  # fmt: skip
        act = self.chance.choices([one for _, one in choices], [weight for weight, _ in choices])[0]
        self.steps[act.__name__] += 1
        try:
            act()
        except Conflict:
            self.steps["refused"] += 1

    def say(self) -> None:
        """Customers of the shop change what they say."""
        for key in self._some_keys(3):
            self.shop[key] = self._again(self.chance.choice(self.crm))
        self._read()

    def come(self) -> None:
        """New customers come."""
        for _ in range(self.chance.randrange(1, 4)):
            self._number += 1
            known = self.chance.random() < 0.5
            self.shop[f"u{self._number}"] = self._again(self.chance.choice(self.crm)) if known else self._person()
        self._read()

    def leave(self) -> None:
        """Customers are deleted in the shop."""
        for key in self._some_keys(2):
            if len(self.shop) > 10:
                del self.shop[key]
        self._read()

    def settle(self) -> None:
        """A run matches and merges what changed."""
        consolidate_all(self.hub)

    def merge(self) -> None:
        """A steward merges."""
        merge(self.hub, self.chance.sample(self.ids(), self.chance.choice((2, 2, 3))), LI)

    def separate(self) -> None:
        """A steward says that two are different."""
        separate(self.hub, self.chance.sample(self.ids(), 2), LI)

    def split(self) -> None:
        """A steward takes a golden record apart."""
        sizes = Counter(self.hub.store.crosswalk.table("person")["golden_id"].to_pylist())
        large = sorted(one for one, size in sizes.items() if size > 1)
        if large:
            one = self.chance.choice(large)
            records = [record.id for record in self.hub.store.records.of_golden(one)]
            split(self.hub, one, [self.chance.sample(records, self.chance.randrange(1, len(records)))], LI)

    def edit(self) -> None:
        """A steward states a value."""
        edit(self.hub, self.chance.choice(self.ids()), Edit({"city": [self.chance.choice(CITIES)]}), LI)

    def undo(self) -> None:
        """A steward takes something back."""
        binding = [*self.hub.store.decisions.binding("person"), *self.hub.store.statements.binding("person")]
        if binding:
            undo(self.hub, self.chance.choice(sorted(one.id for one in binding)), LI)

    def ids(self) -> list[str]:
        """Return the golden records there are."""
        found: list[str] = self.hub.store.crosswalk.live_ids("person").to_pylist()
        return found

    def _some_keys(self, most: int) -> list[str]:
        keys = sorted(self.shop)
        return self.chance.sample(keys, min(len(keys), self.chance.randrange(1, most + 1)))

    def _person(self) -> Row:
        chance = self.chance
        name = chance.choice("王李张刘陈杨赵黄周吴") + chance.choice(("伟", "芳", "娜", "秀英", "敏", "小明", "雷"))
        phone, mail = f"13{chance.randrange(10**9):09d}", f"user{chance.randrange(10**6)}@firma.cn"
        birth = f"19{chance.randrange(60, 99)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 28):02d}"
        return (
            name,
            phone,
            mail,
            chance.choice(CITIES),
            chance.choice((birth, birth[:4])),
            f"E{chance.randrange(10**8):08d}",
        )

    def _again(self, row: Row) -> Row:
        """Return what the same person may say elsewhere: some of it, or with another telephone."""
        name, phone, mail, city, birth, _ = row
        chance = self.chance
        other = f"13{chance.randrange(10**9):09d}" if chance.random() < 0.3 else phone
        return (name, other, mail if chance.random() < 0.7 else "", city, birth if chance.random() < 0.5 else "", "")

    def _read(self) -> None:
        self._write_shop()
        ingest_source(self.hub, "shop", full=True)

    def _write_shop(self) -> None:
        write_csv(self.folder / "shop.csv", HEADER, [(key, *row) for key, row in sorted(self.shop.items())])
