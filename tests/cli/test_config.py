"""What is configured, and in which order the sources count."""

import os
from pathlib import Path

import pytest

from db.errors import Invalid
from tests.cli.conftest import Latchkey
from tui import config


def written(folder: Path, text: str) -> Path:
    file = folder / "given.toml"
    file.write_text(text)
    return file


def test_a_named_file_goes_before_the_environment(tmp_path: Path) -> None:
    file = written(tmp_path, 'database_url = "sqlite:///named.db"')
    found = config.load(file, {"LATCHKEY_DATABASE_URL": "sqlite:///environment.db"})
    assert found.database_url == "sqlite:///named.db"


def test_the_environment_goes_before_ones_own_file(home: Path) -> None:
    own = home / "config" / "latchkey" / "latchkey.toml"
    own.parent.mkdir(parents=True)
    own.write_text('database_url = "sqlite:///own.db"\nsmtp_url = "smtp://mail.example.org"')
    found = config.load(None, {"LATCHKEY_DATABASE_URL": "sqlite:///environment.db"})
    assert found.database_url == "sqlite:///environment.db"
    assert found.smtp_url == "smtp://mail.example.org"


def test_without_anything_it_is_a_file_among_ones_own_data(home: Path) -> None:
    assert config.load(None, {}).database_url == f"sqlite:///{home / 'data' / 'latchkey' / 'latchkey.db'}"


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ('databse_url = "sqlite:///x.db"', "databse_url", "unknown key 'databse_url'"),
        ("database_url = 7", "database_url", "must be text in quotes"),
        ("database_url = sqlite", None, "is not TOML"),
        ('link_host = "http://account.example.com"', "link_host", "https://"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(
    tmp_path: Path, text: str, field: str | None, words: str
) -> None:
    with pytest.raises(Invalid) as caught:
        config.load(written(tmp_path, text), {})
    assert words in caught.value.sentence
    assert caught.value.field == field
    assert caught.value.code == "config"


def test_R23_a_link_host_from_the_environment_must_be_https() -> None:
    with pytest.raises(Invalid):
        config.load(None, {"LATCHKEY_LINK_HOST": "http://account.example.com"})


def test_a_missing_named_file_is_an_error(latchkey: Latchkey) -> None:
    answer = latchkey("--config", "nowhere.toml", "paths")
    assert answer.status == 1
    assert "There is no configuration file" in answer.err


def test_a_named_pipe_is_refused_and_not_waited_for(latchkey: Latchkey, home: Path) -> None:
    os.mkfifo(home / "pipe")
    answer = latchkey("--config", home / "pipe", "paths")
    assert (answer.status, "is not a regular file" in answer.err) == (1, True)


def test_a_device_without_an_end_is_refused(latchkey: Latchkey) -> None:
    answer = latchkey("--config", "/dev/zero", "paths")
    assert (answer.status, "is not a regular file" in answer.err) == (1, True)


def test_a_file_that_is_too_large_to_be_one_is_refused(latchkey: Latchkey, home: Path) -> None:
    file = written(home, "#" * (config.MAX_BYTES + 1))
    answer = latchkey("--config", file, "paths")
    assert (answer.status, "is larger than 1 MB" in answer.err) == (1, True)


def test_R12_paths_shows_no_password(latchkey: Latchkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "LATCHKEY_DATABASE_URL", "postgresql://app:canary@db.example.org/latchkey?password=canary"
    )
    monkeypatch.setenv("LATCHKEY_SMTP_URL", "smtps://mailer:canary@mail.example.org")
    for answer in (latchkey("paths"), latchkey("paths", "--json")):
        assert answer.status == 0
        assert "canary" not in answer.out
        assert "db.example.org" in answer.out
