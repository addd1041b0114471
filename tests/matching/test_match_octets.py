"""Columns handled byte by byte come out as text by text."""

import random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matching.octets
from matching.compare.contacts import _local_codes, local_part, mailbox_numbers
from matching.compare.screen import Letters
from matching.octets import figures, order_of

TEXTS = st.sets(st.text(st.sampled_from("aab\0 9é张\U00020000"), max_size=30), max_size=40)


@given(TEXTS, st.integers(0, 3))
def test_texts_come_in_alphabetical_order(texts: set[str], skipped: int) -> None:
    mixed = sorted(texts)
    random.Random(1).shuffle(mixed)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(matching.octets, "FEW", 0)
        some = pa.array(mixed, pa.string())[skipped:]
        assert some.take(pa.array(order_of(some))).to_pylist() == sorted(mixed[skipped:])


@given(st.lists(st.text(st.sampled_from("0189/:ab张"), max_size=9)), st.integers(0, 2))
def test_figures_of_texts(texts: list[str], skipped: int) -> None:
    some = pa.array(texts, pa.string())[skipped:]
    assert figures(some).to_pylist() == ["".join(c for c in text if c.isdigit()) for text in texts[skipped:]]


@given(st.lists(st.text(st.sampled_from("aab1é"), max_size=60), min_size=1), st.integers(0, 2))
def test_letters_are_counted_whatever_order_texts_come_in(texts: list[str], skipped: int) -> None:
    found = Letters.of(pa.array(texts, pa.string())[skipped:])
    for at, text in enumerate(texts[skipped:]):
        if not text.isascii() or len(text) > 48:
            assert found.sizes[at] == 0
            continue
        alone = Letters.of(pa.array([text]))
        counted = [[int(one[at]) for one in (found.once, found.twice, found.thrice, found.sizes)]]
        assert counted == [[int(one[0]) for one in (alone.once, alone.twice, alone.thrice, alone.sizes)]]
        assert int(found.once[at]).bit_count() == len(set(text))
        assert int(found.twice[at]).bit_count() == sum(text.count(c) > 1 for c in set(text))
        assert int(found.thrice[at]).bit_count() == sum(text.count(c) > 2 for c in set(text))


@pytest.mark.parametrize("bare", [[], ["anna"], ["anna", "zoe"]])
def test_mailboxes_are_numbered_alike_where_they_are_equal(bare: list[str]) -> None:
    names = ["anna", "anna-b", "anna.b", "info", "anna1", "zoe"]
    addresses = sorted([*bare, *(f"{name}@{host}" for name in names for host in ("a.com", "b-c.com"))])
    mailboxes = [address.split("@")[0] for address in addresses]
    codes = _local_codes(pa.array(addresses), pa.array(mailboxes)).tolist()
    assert [code < 0 for code in codes] == [local_part(address) is None for address in addresses]
    known = {(code, name) for code, name in zip(codes, mailboxes, strict=True) if code >= 0}
    assert len(known) == len({code for code, _ in known}) == len({name for _, name in known})


def test_numbers_of_mailboxes_that_have_letters_too() -> None:
    assert mailbox_numbers(pa.array(["anna01", "1234", "anna", "a1b2"])).to_pylist() == ["01", "", "", "12"]


def test_no_texts_have_no_order() -> None:
    assert order_of(pa.array([], pa.string())).tolist() == []
    assert np.asarray(figures(pa.array([], pa.string()))).tolist() == []
