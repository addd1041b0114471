"""E-mail addresses and sites: people keep the local part when changing provider, companies the name of their site."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import BoolArray, IntArray, Levels
from matching.compare.distances import edits_of, spelling_of
from matching.compare.levels import CLOSE, NEAR, WEAK
from matching.compare.names import ALIKE
from matching.compare.parts import part_kernel
from matching.encode import numbered
from matching.octets import figures
from matching.profile import Feature

ROLES = frozenset(
    [
        *("info", "sales", "admin", "office", "contact", "mail", "service", "support", "hello", "help", "marketing"),
        *("hr", "webmaster", "test", "kefu", "no-reply", "noreply", "postmaster", "enquiries", "billing"),
    ]
)
"""Mailboxes every organization has."""

COUNTED = 3
"""Numbers of so few figures in a mailbox count namesakes."""


def compare_emails(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare addresses by spelling; an equal local part that is nobody's role is nearly the same."""
    scores = spelling_of(feature, left, right, ALIKE[0][0])
    levels = np.zeros(len(left), dtype=np.int8)
    for least, level in ALIKE:
        levels[scores >= least] = level
    above = np.flatnonzero(levels > WEAK)
    levels[above[_other_numbers(feature, left[above], right[above])]] = WEAK
    local = feature.once("codes local", lambda: _local_codes(feature.texts, _mailboxes(feature)))
    levels[(local[left] >= 0) & (local[left] == local[right])] = NEAR
    return levels


def _other_numbers(feature: Feature, left: IntArray, right: IntArray) -> BoolArray:
    """Tell where both addresses carry words with numbers and these differ: wang.ping01 and wang.ping02 are namesakes.

    One slip is forgiven in longer numbers; a mailbox that is nothing but a number may be mistyped as any number may.
    """
    counted, number = part_kernel(feature, "figures", lambda _: mailbox_numbers(_mailboxes(feature)))
    a, b = number[left], number[right]
    both = np.flatnonzero((a >= 0) & (b >= 0) & (a != b))
    found = np.zeros(len(left), dtype=np.bool_)
    one, two = a[both], b[both]
    namesakes = np.maximum(counted.lengths[one], counted.lengths[two]) <= COUNTED
    found[both] = (edits_of(counted, one, two, 1) >= 2) | namesakes
    return found


def _mailboxes(feature: Feature) -> pa.Array:
    """Return what stands before the at-sign of each address."""
    return feature.once("mailboxes", lambda: pc.replace_substring_regex(feature.texts, "@.*$", ""))


def mailbox_numbers(mailboxes: pa.Array) -> pa.Array:
    """Return the figures of mailboxes that have letters as well, empty for the others."""
    found = figures(mailboxes)
    return pc.if_else(pc.less(pc.binary_length(found), pc.binary_length(mailboxes)), found, "")


def bare_mailbox(address: str) -> str:
    """Return the letters before the at-sign; with a figure among them nothing, which no name is."""
    local = address.split("@", maxsplit=1)[0]
    return "" if re.search(r"\d", local) else re.sub(r"[^a-z]", "", local)


def local_part(address: str) -> str | None:
    """Return what stands before the at-sign, nothing where it is a role."""
    name = address.split("@", maxsplit=1)[0]
    return None if name in ROLES else name


def _local_codes(addresses: pa.Array, mailboxes: pa.Array) -> IntArray:
    """Return one code per mailbox of addresses in alphabetical order, equal where mailboxes are; -1 for roles."""
    roles = pc.is_in(mailboxes, value_set=pa.array(sorted(ROLES)))
    if not pc.all(pc.match_substring(addresses, "@")).as_py():
        return numbered(pc.if_else(roles, pa.scalar(None, pa.string()), mailboxes))
    differ = pc.not_equal(mailboxes[1:], mailboxes[:-1]).to_numpy(zero_copy_only=False)  # equal ones are neighbours
    codes = np.concatenate(([0], np.cumsum(differ)))
    return np.where(roles.to_numpy(zero_copy_only=False), -1, codes)


PLATFORMS = frozenset(
    [
        *("taobao.com", "tmall.com", "jd.com", "1688.com", "alibaba.com", "weidian.com", "youzan.com", "pinduoduo.com"),
        *("facebook.com", "instagram.com", "linkedin.com", "youtube.com", "x.com", "etsy.com", "ebay.com", "weibo.com"),
        *("amazon.com", "wordpress.com", "blogspot.com", "wixsite.com", "google.com", "shopify.com", "xiaohongshu.com"),
    ]
)
"""Sites that lend pages to everyone: the page is the customer's, the host is nobody's."""
_SUFFIX = re.compile(r"(?:\.(?:com?|net|org|gov|edu|ac))?\.[a-z]{2,}$")


def compare_websites(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare sites: another page of one host is nearly the same, one name under other endings is close."""
    host = feature.derived("host", own_host)
    name = feature.derived("site name", lambda v: _SUFFIX.sub("", own_host(v) or "").split(".")[-1])
    levels = np.zeros(len(left), dtype=np.int8)
    levels[(name[left] >= 0) & (name[left] == name[right])] = CLOSE
    levels[(host[left] >= 0) & (host[left] == host[right])] = NEAR
    return levels


def own_host(site: str) -> str | None:
    """Return the host of a site, nothing where it is a platform's."""
    host = site.split("/", maxsplit=1)[0].split(":", maxsplit=1)[0]
    return None if ".".join(host.split(".")[-2:]) in PLATFORMS else host
