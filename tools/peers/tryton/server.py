"""Install and start the ERP."""

from __future__ import annotations

from pathlib import Path

from tools.peers import background, environment
from tools.peers.place import Place

NAME = "tryton"
MODULES = ("party", "sale", "party_relationship")


def start(place: Place, socket: str) -> None:
    """Bring the ERP up: its database, a company, a key for the REST API, the server."""
    environment.install(place)
    configuration = place.work / "trytond.conf"
    text = f"[database]\nuri = postgresql://postgres@/?host={socket}\n[web]\nlisten = 127.0.0.1:{place.port}\n"
    configuration.write_text(text, "utf-8")
    if not (place.work / "tryton.ready").exists():
        _set_up(place, configuration)
        (place.work / "tryton.ready").touch()
    command = [place.environment / "bin" / "trytond", "-c", configuration, "-d", "erp"]
    background.start(place, NAME, command, f"{place.tryton_url}/", environment=_environment(place, configuration))


def stop(place: Place) -> bool:
    """Stop the ERP; returns whether it ran."""
    return background.stop(place, NAME)


def _set_up(place: Place, configuration: Path) -> None:
    variables = _environment(place, configuration)
    command = [place.environment / "bin" / "trytond-admin", "-c", configuration, "-d", "erp"]
    command += ["--all", "--email", "erp@example.com", "-u", *MODULES, "--activate-dependencies"]
    background.run(place, "tryton-database", command, environment=variables)
    company = Path(__file__).with_name("company.py")
    background.run(place, "tryton-company", [place.python, company, configuration, "erp"], environment=variables)


def _environment(place: Place, configuration: Path) -> dict[str, str]:
    password = place.work / "tryton.password"
    if not password.exists():
        password.touch(mode=0o600)
        password.write_text(place.secrets["TRYTON_PASSWORD"], "utf-8")
    key = {"TRYTON_KEY": place.secrets["TRYTON_KEY"]}
    return {"TRYTOND_CONFIG": str(configuration), "TRYTONPASSFILE": str(password), "PYTHONPATH": "", **key}
