"""Settings are checked at start, and a wrong one is named with what would be right."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.errors import SettingsError
from bot.settings import load_settings


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings({})
    assert settings.database.startswith("sqlite+aiosqlite:///")
    assert settings.max_article_age == timedelta(days=30)
    assert settings.allow_hosts == frozenset()
    assert settings.secrets() == ()


def test_the_environment_is_read() -> None:
    settings = load_settings(
        {
            "SLUGLINE_DATA_DIR": "/somewhere",
            "SLUGLINE_ALLOW_HOSTS": "127.0.0.1:8790, [::1]:80 Local.Test:1",
            "SLUGLINE_MAX_ARTICLE_AGE": "off",
            "SLUGLINE_DISCORD_TOKEN": "",
            "PATH": "/bin",
        }
    )
    assert settings.sqlite_file == Path("/somewhere/slugline.sqlite3")
    assert settings.allow_hosts == {("127.0.0.1", 8790), ("::1", 80), ("local.test", 1)}
    assert settings.max_article_age is None
    assert settings.discord_token is None


@pytest.mark.parametrize(
    ("name", "value", "wrong", "right"),
    [
        ("SLUGLINE_MAX_ARTICLE_AGE", "thirty", "'thirty' is no length of time", "30d"),
        ("SLUGLINE_MAX_ARTICLE_AGE", "0d", "would keep nothing", "30d"),
        ("SLUGLINE_ALLOW_HOSTS", "127.0.0.1", "'127.0.0.1' is no host:port", "127.0.0.1:8790"),
        ("SLUGLINE_ALLOW_HOSTS", "a:70000", "is no host:port", "127.0.0.1:8790"),
        ("SLUGLINE_DATABASE_URL", "mysql://x", "no database Slugline knows", "sqlite+aiosqlite:///PATH"),
        ("SLUGLINE_TIMEZONE", "Mars/Olympus", "no time zone 'Mars/Olympus'", "Europe/London"),
        ("SLUGLINE_LOG_LEVEL", "loud", "this cannot be used", "debug, info, warning or error"),
        ("SLUGLINE_SLACK_BOT_TOKEN", "xapp-1", "does not begin with xoxb-", "xoxb-"),
        ("SLUGLINE_CONTACT", "a\r\nHost: b", "this cannot be used", "plain ASCII"),
        ("SLUGLINE_DISCORD_APP_ID", "mine", "this cannot be used", "a long number"),
    ],
)
def test_a_wrong_setting_names_the_key_what_is_wrong_and_what_would_be_right(
    name: str, value: str, wrong: str, right: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value})
    message = str(caught.value)
    assert message.startswith(f"{name}: ")
    assert wrong in message
    assert right in message
    assert "\n" not in message


def test_what_is_wrong_and_what_is_right_are_two_sentences_where_the_first_asks() -> None:
    with pytest.raises(SettingsError, match=r"no role 'wrok'; did you mean 'work'\? It takes some of work"):
        load_settings({"SLUGLINE_ROLES": "wrok"})


def test_a_misspelt_setting_is_not_ignored() -> None:
    with pytest.raises(SettingsError, match="did you mean SLUGLINE_TIMEZONE"):
        load_settings({"SLUGLINE_TIME_ZONE": "UTC"})


def test_a_secret_is_never_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"SLUGLINE_SLACK_BOT_TOKEN": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "slugline.toml"
    file.write_text('timezone = "Europe/London"\nmax_article_age = "7d"\n')
    settings = load_settings({"SLUGLINE_CONFIG": str(file), "SLUGLINE_MAX_ARTICLE_AGE": "1d"})
    assert settings.timezone == "Europe/London"
    assert settings.max_article_age == timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('colour = "red"', "colour: there is no such setting"),
        ("timezone = ", "cannot be read"),
        ("timezone = 3", "timezone: "),
    ],
)
def test_a_wrong_file_names_the_place(tmp_path: Path, text: str, expected: str) -> None:
    file = tmp_path / "slugline.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=expected):
        load_settings({"SLUGLINE_CONFIG": str(file)})


def test_a_file_that_was_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no file"):
        load_settings({"SLUGLINE_CONFIG": str(tmp_path / "absent.toml")})


def test_secrets_are_listed_for_the_scrubber() -> None:
    settings = load_settings(
        {
            "SLUGLINE_DISCORD_TOKEN": "d-token",
            "SLUGLINE_DATABASE_URL": "postgresql+asyncpg://me:pass@word@db/slugline",
        }
    )
    assert set(settings.secrets()) == {"d-token", "pass@word"}
    quoted = load_settings({"SLUGLINE_DATABASE_URL": "postgresql+asyncpg://me:pass%2Fword@db/slugline"})
    assert set(quoted.secrets()) == {"pass%2Fword", "pass/word"}, "as it is written, and as drivers say it"

    assert "d-token" not in repr(settings)
    assert "pass@word" not in repr(settings)


def test_outlets_that_opted_out_are_hosts() -> None:
    assert load_settings({"SLUGLINE_OPT_OUT": "www.Shy.example, news.shy.test"}).opt_out == {
        "shy.example",
        "news.shy.test",
    }
    with pytest.raises(SettingsError, match=r"SLUGLINE_OPT_OUT: 'https://shy\.example/' is no host name"):
        load_settings({"SLUGLINE_OPT_OUT": "https://shy.example/"})
