"""Settings and the error tree."""

from __future__ import annotations

from pathlib import Path

import pytest

import cdm.errors as errors
from cdm.errors import CdmError, ExitCode, SettingsError
from cdm.settings import Settings, load_settings


def test_defaults_need_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CDM_HOME", "CDM_HUB_URL", "CDM_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    settings = load_settings()
    assert (settings.url, settings.language, settings.country) == ("sqlite:///cdm-data/hub.db", "en", "CN")


@pytest.mark.parametrize(
    ("locale", "language"), [("zh_CN.UTF-8", "zh"), ("en_GB.UTF-8", "en"), ("C", "en"), ("", "en")]
)
def test_the_language_is_the_terminals(monkeypatch: pytest.MonkeyPatch, locale: str, language: str) -> None:
    monkeypatch.delenv("CDM_LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("LC_MESSAGES", "")
    monkeypatch.setenv("LANG", "")
    assert load_settings().language == language


def test_environment_and_options_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDM_HUB_URL", "postgresql://h/x")
    monkeypatch.setenv("CDM_PAGE_SIZE", "500")
    assert (load_settings().url, load_settings().page_size) == ("postgresql://h/x", 500)
    assert load_settings(home=Path("/a"), hub_url="").url == "sqlite:////a/hub.db"


def test_wrong_settings_are_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDM_PAGE_SIZE", "many")
    monkeypatch.setenv("CDM_LANGUAGE", "fr")
    with pytest.raises(SettingsError, match=r"CDM_LANGUAGE.*CDM_PAGE_SIZE.*many") as caught:
        load_settings()
    assert caught.value.exit_code == ExitCode.USAGE


def test_every_setting_has_a_line_of_help() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_tree_is_drawn_whole_and_codes_are_unique() -> None:
    ours = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, CdmError)]
    assert errors.__doc__ is not None
    assert [e.__name__ for e in ours if e.__name__ not in errors.__doc__] == []
    assert len({e.code for e in ours}) == len(ours)
    assert {e.exit_code for e in ours} <= set(ExitCode)
