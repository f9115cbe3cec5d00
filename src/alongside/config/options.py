"""Every setting there is, with its type and its default. A bad value stops the start with one clear line."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from alongside.core import built, served

STORES = ("s3", "file")
WEATHER = "https://api.weather.gov"
HERE = "http://localhost:8000"
ROOT = Path(__file__).resolve().parents[3]


def _served_at(said: dict[str, Any]) -> str:
    """Where links lead, if no setting says it: as with whoever serves this data folder, or did so last."""
    return ("data" in said and served.last(said["data"])) or HERE


class Options(BaseSettings):
    """Read from the environment: `ALONGSIDE_<NAME>`, and `DATABASE_URL`. docs/reference/settings.md lists them."""

    model_config = SettingsConfigDict(env_prefix="ALONGSIDE_", extra="ignore", env_ignore_empty=True)

    data: Path = Field(
        default=built.VAR, description="The data folder: database, lake, streets, media, keys."
    )
    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="PostgreSQL, as postgres://user:password@host/name. Empty: SQLite in the data folder.",
    )
    store: str = Field(
        default="",
        description=(
            "Where lake, streets, runs and photos are kept apart from this machine, too: s3://bucket/folder. "
            "Empty: in the data folder alone."
        ),
    )
    url: str = Field(
        default_factory=_served_at,
        description="Where the public reaches this install; links in mail begin with it.",
    )
    hosts: Annotated[list[str], NoDecode] = Field(
        default=["localhost", "127.0.0.1", "[::1]"],
        description="Host names answered to, separated by commas.",
    )
    debug: bool = Field(
        default=False, description="Show errors in the browser. For developers, never in public."
    )
    require_mfa: bool = Field(
        default=True, description="Staff must set up a second factor before the workspace opens."
    )
    smtp_url: str = Field(
        default="",
        description="Mail server: smtp://user:password@host:587 or smtps://…:465. Empty: mail waits.",
    )
    mail_from: str = Field(default="Alongside <alongside@localhost>", description="The sender of notices.")
    mail_returns: str = Field(
        default="",
        description=(
            "Where servers return mail: returns@…, or returns+*@… for a name of its own. Empty: the sender."
        ),
    )
    imap_url: str = Field(
        default="",
        description="The mailbox it is returned to: imaps://user:password@host/INBOX. Empty: nobody reads it.",
    )
    outside_allow: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Hosts (or host:port) that may be called though they are this machine or in a private network.",
    )
    weather_url: str = Field(
        default=WEATHER,
        description="The US National Weather Service, or a mirror of it. Empty or off: nobody is asked.",
    )
    proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="How many reverse proxies stand in front; 0 trusts no forwarded header.",
    )
    web_threads: int = Field(
        default=8, ge=1, le=64, description="Pages answered at once by the one web process."
    )
    connections: int = Field(
        default=15_000,
        ge=32,
        le=200_000,
        description="Connections held at once; fewer where the system allows us fewer open files.",
    )
    network_share: int = Field(
        default=50,
        ge=1,
        le=100,
        description="Percent of them for one network of callers (IPv4 /24, IPv6 /56); not counted behind proxies.",
    )
    page_seconds: int = Field(
        default=2,
        ge=0,
        le=60,
        description="Seconds for which a public page is kept for strangers; 0 makes it anew for each.",
    )
    upload_mb: int = Field(
        default=2048, ge=1, le=20480, description="The largest file a page accepts, in megabytes."
    )
    copies_days: int = Field(
        default=28,
        ge=1,
        le=365,
        description="Days for which the backup of the rows from before an upgrade is kept.",
    )
    lake_memory_mb: int = Field(
        default=1024, ge=128, le=65536, description="Memory that reading an incident file may use."
    )

    @field_validator("hosts", "outside_allow", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        return (
            [host.strip() for host in value.split(",") if host.strip()] if isinstance(value, str) else value
        )

    @field_validator("outside_allow")
    @classmethod
    def _as_they_are_compared(cls, value: list[str]) -> list[str]:
        return [host.lower().rstrip(".") for host in value]

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("postgres://", "postgresql://")):
            raise ValueError("must begin with postgres:// (or be empty, for SQLite in the data folder)")
        return value

    @field_validator("store")
    @classmethod
    def _known_store(cls, value: str) -> str:
        scheme, _, rest = value.partition("://")
        if value and (scheme not in STORES or not rest.strip("/")):
            raise ValueError(f"must be an address such as s3://bucket/folder, of {' or '.join(STORES)}")
        if "@" in rest:
            raise ValueError("must be without a password: that stands in AWS_SECRET_ACCESS_KEY")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        if value and not value.startswith(("smtp://", "smtps://")):
            raise ValueError("must begin with smtp:// or smtps://")
        return value

    @field_validator("mail_returns")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and (value.count("@") != 1 or "*" in value.partition("@")[2] or value.count("*") > 1):
            raise ValueError("must be one address, such as returns@example.gov or returns+*@example.gov")
        return value

    @field_validator("imap_url")
    @classmethod
    def _known_mailbox(cls, value: str) -> str:
        if value and not value.startswith(("imap://", "imaps://")):
            raise ValueError("must begin with imap:// or imaps://")
        return value

    @model_validator(mode="before")
    @classmethod
    def _empty_is_off(cls, values: dict[str, object]) -> dict[str, object]:
        """An empty variable leaves every other setting as it is by default; here it is an answer."""
        return {"weather_url": "off", **values} if os.environ.get("ALONGSIDE_WEATHER_URL") == "" else values

    @field_validator("weather_url")
    @classmethod
    def _weather_address(cls, value: str) -> str:
        if value.strip().lower() in {"", "off"}:
            return ""
        if not value.startswith(("http://", "https://")):
            raise ValueError("must be http://host or https://host, or off")
        return value.rstrip("/")

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or value.count("/") > 3:
            raise ValueError("must be http://host or https://host, without a path")
        return value.rstrip("/")


def load() -> Options:
    """The options in force, or an exit that names the setting at fault."""
    try:
        return Options()
    except ValidationError as error:
        for problem in error.errors():
            if problem["type"] == "default_factory_not_called":  # for want of another value, which is told
                continue
            name = str(problem["loc"][0])
            shown = name if name == "DATABASE_URL" else f"ALONGSIDE_{name.upper()}"
            print(f"alongside: {shown}: {problem['msg']}", file=sys.stderr)  # noqa: T201 - there is no logger yet
        sys.exit(2)
