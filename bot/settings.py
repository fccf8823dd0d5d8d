"""Settings: from `SLUGLINE_*` in the environment, else an optional TOML file, else defaults that need nothing.

The TOML file is the one named by `SLUGLINE_CONFIG`, else `slugline.toml` in the platform's configuration directory;
its keys are the variables' names in lower case without the prefix. The environment wins. Whatever is wrong is said
at start: the key, what is wrong and what would be right. This is the only module that reads the environment.
"""

from __future__ import annotations

import base64
import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from bot.core.choices import named
from bot.core.duration import parse_duration
from bot.core.errors import InputError, SettingsError
from bot.core.retention import LEAST_ARTICLES, Retention
from bot.core.shards import Shards, read_shards

PREFIX = "SLUGLINE_"
ROLES = ("work", "console", "discord", "slack", "web")
"""What a process of `slugline run` may do (`bot.cli.roles`)."""
HostPort = tuple[str, int]


def _host_ports(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = set()
    for item in value.replace(",", " ").split():
        host, colon, port = item.rpartition(":")
        host = host.strip("[]").lower()
        if not colon or not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"{item!r} is no host:port")
        pairs.add((host, int(port)))
    return frozenset(pairs)


def _listen(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = _host_ports(value)
    if not isinstance(pairs, frozenset) or len(pairs) != 1:
        raise ValueError("it takes one host:port")
    return next(iter(pairs))


def _hosts(value: object) -> object:
    if not isinstance(value, str):
        return value
    hosts = value.replace(",", " ").lower().split()
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host):
            raise ValueError(f"{host!r} is no host name")
    return frozenset(host.removeprefix("www.") for host in hosts)


def _age(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "off":
        return None
    age = parse_duration(value)
    if age <= timedelta(0):
        raise ValueError("an age of nothing would keep nothing")
    return age


def _roles(value: object) -> object:
    if not isinstance(value, str):
        return value
    roles = value.replace(",", " ").lower().split()
    if not roles:
        raise ValueError("a process without a role does nothing")
    try:
        return frozenset(named(role, ROLES, "role") for role in roles)
    except InputError as error:
        raise ValueError(str(error)) from None


def _long_enough(value: timedelta | None) -> timedelta | None:
    if value is not None and value < LEAST_ARTICLES:
        raise ValueError("texts of less than 30 days ago are still at work")
    return value


def _zone(value: object) -> object:
    if isinstance(value, str):
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"there is no time zone {value!r}") from error
    return value


def _database_url(value: object) -> object:
    if isinstance(value, str) and not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("this is no database Slugline knows")
    return value


def _shards(value: object) -> object:
    return read_shards(value) if isinstance(value, str) else value


def _fernet_keys(value: object) -> object:
    if isinstance(value, str):
        for key in value.replace(",", " ").split():
            try:
                length = len(base64.urlsafe_b64decode(key.encode()))
            except (ValueError, UnicodeError):
                length = 0
            if length != 32:
                raise ValueError("this is no key of 32 bytes in URL-safe base64")
    return value


def _slack_scopes(value: object) -> object:
    if not isinstance(value, str):
        return value
    scopes = value.replace(",", " ").split()
    for scope in scopes:
        if not re.fullmatch(r"[a-z_.]+:[a-z_.]+", scope):
            raise ValueError(f"{scope!r} is no scope")
    return frozenset(scopes)


def _token(start: str) -> BeforeValidator:
    def check(value: object) -> object:
        if isinstance(value, str) and not value.startswith(start):
            raise ValueError(f"this is not the token it should be (it does not begin with {start})")
        return value

    return BeforeValidator(check)


class Settings(BaseModel):
    """Every setting, checked. A field's description says what would be right."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("slugline", appauthor=False)),
        description="a folder that Slugline may write to",
    )
    database_url: Annotated[str, BeforeValidator(_database_url)] = Field(
        default="",
        description="sqlite+aiosqlite:///PATH or postgresql+asyncpg://USER:PASSWORD@HOST/NAME",
        repr=False,
    )
    allow_hosts: Annotated[frozenset[HostPort], BeforeValidator(_host_ports)] = Field(
        default=frozenset(), description="host:port pairs with commas between, such as 127.0.0.1:8790"
    )
    max_article_age: Annotated[timedelta | None, BeforeValidator(_age)] = Field(
        default=timedelta(days=30), description="a length of time such as 30d or 12h, or off to keep all"
    )
    keep_articles: Annotated[timedelta | None, BeforeValidator(_age), AfterValidator(_long_enough)] = Field(
        default=timedelta(days=365), description="a length of time such as 365d, 30d at least, or off to keep all"
    )
    keep_posted: Annotated[timedelta | None, BeforeValidator(_age)] = Field(
        default=timedelta(days=365), description="a length of time such as 365d, or off to keep all"
    )
    keep_audit: Annotated[timedelta | None, BeforeValidator(_age)] = Field(
        default=timedelta(days=1095), description="a length of time such as 1095d, or off to keep all"
    )
    keep_left: Annotated[timedelta | None, BeforeValidator(_age)] = Field(
        default=timedelta(days=30), description="a length of time such as 30d, or off to keep all"
    )
    opt_out: Annotated[frozenset[str], BeforeValidator(_hosts)] = Field(
        default=frozenset(), description="hosts of outlets with commas between, such as example.com, news.example.org"
    )
    contact: str = Field(
        default="",
        max_length=200,
        pattern=r"^[\x20-\x7e]*$",
        description="an e-mail or web address in plain ASCII that outlets' administrators can write to",
    )
    timezone: Annotated[str, BeforeValidator(_zone)] = Field(
        default="UTC", description="an IANA name such as Europe/London or America/Los_Angeles"
    )
    web: Annotated[tuple[str, int] | None, BeforeValidator(_listen)] = Field(
        default=None, description="HOST:PORT to serve /healthz, /readyz and /metrics on, such as 127.0.0.1:8080"
    )
    roles: Annotated[frozenset[str] | None, BeforeValidator(_roles)] = Field(
        default=None, description="some of work, console, discord, slack, web, with commas between"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
    log_format: Literal["auto", "human", "json"] = Field(default="auto", description="auto, human or json")
    discord_token: SecretStr | None = Field(default=None, description="the bot token of your Discord application")
    discord_app_id: int | None = Field(
        default=None, ge=1, lt=1 << 63, description="the application id of your Discord application, a long number"
    )
    discord_shards: Annotated[Shards | None, BeforeValidator(_shards)] = Field(
        default=None, description="the shards that this process runs, such as 0-3/16, or nothing to run all of them"
    )
    slack_bot_token: Annotated[SecretStr | None, _token("xoxb-")] = Field(
        default=None, description="the bot token (xoxb-…) of your Slack app"
    )
    slack_app_token: Annotated[SecretStr | None, _token("xapp-")] = Field(
        default=None, description="the app-level token (xapp-…) of your Slack app"
    )
    slack_client_id: str | None = Field(
        default=None, max_length=100, description="the client ID of a Slack app that many workspaces install"
    )
    slack_client_secret: SecretStr | None = Field(default=None, description="the client secret of that app")
    slack_signing_secret: SecretStr | None = Field(default=None, description="the signing secret of that app")
    slack_token_key: Annotated[SecretStr | None, BeforeValidator(_fernet_keys)] = Field(
        default=None, description="keys of 32 bytes in URL-safe base64, the newest first, with commas between"
    )
    slack_scopes: Annotated[frozenset[str], BeforeValidator(_slack_scopes)] = Field(
        default=frozenset(), description="optional scopes that `slugline slack manifest` explains, with commas between"
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, values: Any) -> Any:
        """An empty variable means "not set", as container files often have it."""
        return {key: value for key, value in values.items() if value != ""} if isinstance(values, dict) else values

    @property
    def database(self) -> str:
        """The database's URL; SQLite in the data directory where none is set. May hold a password: never log it."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'slugline.sqlite3'}"

    @property
    def sqlite_file(self) -> Path | None:
        """The SQLite file, None on PostgreSQL."""
        prefix = "sqlite+aiosqlite:///"
        return Path(self.database.removeprefix(prefix)) if self.database.startswith(prefix) else None

    @property
    def retention(self) -> Retention:
        return Retention(
            articles=self.keep_articles, posted=self.keep_posted, audit=self.keep_audit, left=self.keep_left
        )

    @property
    def slack_token_keys(self) -> tuple[str, ...]:
        """The keys that seal Slack's tokens, the newest first."""
        keys = self.slack_token_key
        return () if keys is None else tuple(keys.get_secret_value().replace(",", " ").split())

    @property
    def slack_is_shared(self) -> bool:
        """Whether many workspaces install the Slack app (HTTP), not just one whose token is set (Socket Mode)."""
        return self.slack_client_id is not None

    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for the log's scrubber."""
        tokens = [
            self.discord_token,
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_client_secret,
            self.slack_signing_secret,
        ]
        values = [token.get_secret_value() for token in tokens if token is not None]
        values += self.slack_token_keys
        _, _, password = self.database.partition("://")[2].rpartition("@")[0].partition(":")
        return tuple(value for value in [*values, password, unquote(password)] if value)


def load_settings(environ: Mapping[str, str] | None = None, **options: str) -> Settings:
    """Read and check all settings; `options` are settings that a command's own options take the place of. Raises
    `SettingsError` for the first that is wrong."""
    environ = os.environ if environ is None else environ
    values, origin = _from_file(environ)
    for name, text in environ.items():
        key = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and name not in _NOT_SETTINGS:
            _known(key, name)
            values[key], origin[key] = text, name
    for key, text in options.items():
        values[key], origin[key] = text, f"--{key}"
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        # What the library says of its own checks ("Input should be …") names no more than the description does.
        ours = first["type"] == "value_error"
        wrong = str(first["msg"]).removeprefix("Value error, ") if ours else "this cannot be used"
        raise SettingsError(
            origin.get(key, PREFIX + key.upper()), wrong, f"it takes {Settings.model_fields[key].description}"
        ) from None


def inherited() -> dict[str, str]:
    """The environment for another program that we start: ours without our own settings, which hold secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


_NOT_SETTINGS = frozenset({"SLUGLINE_CONFIG", "SLUGLINE_SHARED", "SLUGLINE_MIGRATE_TO", "SLUGLINE_TEST_POSTGRES_URL"})


def config_file(environ: Mapping[str, str] | None = None) -> Path:
    """Where the TOML file is looked for."""
    environ = os.environ if environ is None else environ
    named = environ.get("SLUGLINE_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("slugline", appauthor=False)) / "slugline.toml"


def _from_file(environ: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    path = config_file(environ)
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if environ.get("SLUGLINE_CONFIG"):
            raise SettingsError(
                "SLUGLINE_CONFIG", f"there is no file {path}", "it takes the path of a TOML file"
            ) from None
        return {}, {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(str(path), f"cannot be read ({error})", 'it takes lines such as timezone = "UTC"') from None
    for key in values:
        _known(key, f"{path}: {key}")
    return values, {key: f"{path}: {key}" for key in values}


def _known(key: str, name: str) -> None:
    if key in Settings.model_fields:
        return
    near = difflib.get_close_matches(key, Settings.model_fields, n=1)
    known = PREFIX + near[0].upper() if near else "a name from the README's table of settings"
    raise SettingsError(name, "there is no such setting", f"did you mean {known}?" if near else f"use {known}")
