"""A real ERP and a real shop for the tests of this folder: installed, started and filled once per session.

``CDM_PEERS`` names the folder of peers that run already (``make peers``); they are left running.
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tools.peers.control import down, seed, up
from tools.peers.place import PeersError, Place
from tools.peers.tryton.client import Tryton
from tools.peers.vendure.client import Vendure


@pytest.fixture(scope="session")
def peers() -> Iterator[Place]:
    """The peers. Where they cannot be had, the tests fail under CI, and are skipped loudly elsewhere."""
    running = os.environ.get("CDM_PEERS")
    with tempfile.TemporaryDirectory(prefix="cdm-peers-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user where we are root
        place = Place(Path(running)) if running else Place(Path(folder), _free_ports())
        try:
            up(place)
            seed(place)
        except (PeersError, OSError) as error:
            if not running:
                down(place)
            if os.environ.get("CI"):
                pytest.fail(f"No ERP and no shop to test with: {error}")
            pytest.skip(f"NO ERP AND NO SHOP TO TEST WITH: {error}")
        yield place
        if not running:
            down(place)


@pytest.fixture
def erp(peers: Place) -> Tryton:
    return Tryton(peers)


@pytest.fixture
def shop(peers: Place) -> Vendure:
    return Vendure(peers)


@pytest.fixture
def locations(peers: Place, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Where ``erp`` and ``shop`` are, as a hub is told; the secrets stand in the environment."""
    monkeypatch.setenv("PEER_ERP", peers.secrets["TRYTON_KEY"])
    monkeypatch.setenv("PEER_SHOP", peers.secrets["VENDURE_PASSWORD"])
    erp_host, shop_host = (url.removeprefix("http://") for url in (peers.tryton_url, peers.vendure_url))
    return {
        "erp": f"tryton://:${{PEER_ERP}}@{erp_host}/erp",
        "shop": f"vendure://superadmin:${{PEER_SHOP}}@{shop_host}",
    }


def _free_ports() -> int:
    """Return a port that is free, and the next one with it."""
    for port in range(18040, 18098, 2):
        try:
            for number in (port, port + 1):
                with closing(socket.socket()) as probe:
                    probe.bind(("127.0.0.1", number))
        except OSError:
            continue
        return port
    pytest.fail("no two free ports from 18040 to 18098")
