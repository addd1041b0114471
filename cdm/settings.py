"""All settings of one installation: one frozen object, read once where a program starts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from cdm.errors import SettingsError
from cdm.language import Language, language_of_environment


class AlertFormat(StrEnum):
    """Who reads the alerts: a program of one's own, or the robot of a chat group."""

    JSON = "json"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class Settings(BaseSettings):
    """Settings with their defaults; each is set by the environment variable ``CDM_`` + its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="CDM_", frozen=True, extra="ignore", protected_namespaces=())

    home: Path = Field(default=Path("cdm-data"), description="Directory that holds the hub database and its files.")
    hub_url: str = Field(
        default="",
        description="Hub database, sqlite:///path or postgresql://user@host/name; empty: hub.db in the home directory.",
    )
    language: Language = Field(
        default_factory=language_of_environment, description="Language of messages and reports: zh or en."
    )
    country: str = Field(
        default="CN", pattern=r"^[A-Z]{2}$", description="ISO 3166 country of records that name none, e.g. CN."
    )
    model_directory: Path | None = Field(
        default=None, description="Directory of YAML files that extend or override the built-in model."
    )
    merge_threshold: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Precision asked of merges without asking, 0.98: 98 of 100 pairs are right; empty: matcher's own.",
    )
    review_threshold: float | None = Field(
        default=None, gt=0, lt=1, description="Match probability from which a steward is asked; empty: matcher's own."
    )
    page_size: int = Field(default=10_000, ge=1, le=1_000_000, description="Records per page and database transaction.")
    workers: int | None = Field(
        default=None,
        ge=0,
        le=64,
        description="Processes that help in large jobs; empty: one per core but one, three at most.",
    )
    lock_timeout: float = Field(
        default=10.0, ge=0, le=3600, description="Seconds to wait for another writer before giving up."
    )
    max_file_megabytes: int = Field(
        default=2_000, ge=1, description="Largest input file that is opened, in megabytes (10^6 bytes)."
    )
    max_request_megabytes: int = Field(
        default=16, ge=1, le=1000, description="Largest request the server takes, in megabytes (10^6 bytes)."
    )
    timeliness_half_life_days: float = Field(
        default=730.0, gt=0, description="Age in days at which a record's timeliness score has fallen to one half."
    )
    gate_row_drop: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="Share of a source's records that may vanish in a reading, else it is held.",
    )
    gate_null_jump: float = Field(
        default=0.2, ge=0, le=1, description="Rise of a field's share of empty values from which a reading is held."
    )
    gate_quarantine_jump: float = Field(
        default=0.1, ge=0, le=1, description="Rise of the share of rows in quarantine from which a reading is held."
    )
    gate_churn: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description="Share of golden records a run may merge, split or retire; more is held.",
    )
    gate_minimum: int = Field(
        default=100,
        ge=1,
        description="Smaller sources and hubs are not judged, unless a source is read as empty.",
    )
    nightly: str = Field(
        default="0 2 * * *",
        description="When all sources are read and merged: five cron fields or an interval as 12h.",
    )
    timezone: str = Field(default="Asia/Shanghai", description="IANA time zone of schedules, e.g. Europe/Berlin.")
    alert_url: SecretStr = Field(
        default=SecretStr(""),
        description="Webhook that is told of failed and held runs, https://…; empty: nobody is.",
    )
    alert_format: AlertFormat = Field(
        default=AlertFormat.JSON, description="What the webhook understands: json, wecom, dingtalk or feishu."
    )
    alert_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret with which messages to dingtalk and feishu are signed; empty: not."
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("there is no such time zone; use a name as Asia/Shanghai") from error
        return name

    @field_validator("alert_url")
    @classmethod
    def _web_address(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not url.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("a webhook's address begins with http:// or https://")
        return url

    @property
    def url(self) -> str:
        """The hub database's URL with the default filled in."""
        return self.hub_url or f"sqlite:///{self.home / 'hub.db'}"


def load_settings(**overrides: object) -> Settings:
    """Read the settings from the environment.

    Args:
        overrides: values that outrank the environment, by setting name (command-line options).

    Returns:
        The frozen settings.

    Raises:
        SettingsError: a value is out of range or of the wrong type; names every such setting.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = {f"CDM_{str(e['loc'][0]).upper()}": _told(e) for e in error.errors()}
        listing = "; ".join(f"{name}: {text}" for name, text in wrong.items())
        raise SettingsError(
            f"Settings cannot be used: {listing}.", remedy="Correct or unset these environment variables.", **wrong
        ) from error


def _told(wrong: ErrorDetails) -> str:
    """Say what is wrong with a setting; the value of a secret is not repeated."""
    secret = Settings.model_fields[str(wrong["loc"][0])].annotation is SecretStr
    return wrong["msg"] if secret else f"{wrong['msg']} (got {wrong['input']!r})"
