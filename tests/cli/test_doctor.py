"""`doctor` advises on modes only where that harms nobody: for a database of one's own, in its own folder."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from db import guard
from db.engine import Database, connect
from db.models import EmailProfile
from tests.cli.conftest import Latchkey
from tests.factories import add_customer
from tests.operations.acting import rows
from tui.database_file import looks


def advice(latchkey: Latchkey) -> str:
    """What `doctor` says of everything that is wrong."""
    return " ".join(row["sentence"] for row in latchkey("doctor", "--json").json["rows"] if not row["ok"])


@pytest.mark.parametrize("path", ["/tmp", "/etc/passwd", "/dev/null", "/", "/dev/null/x.db"])
def test_R54_a_wrong_path_is_named_and_no_mode_is_advised_on(
    path: str, latchkey: Latchkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATCHKEY_DATABASE_URL", f"sqlite:///{path}")
    said = advice(latchkey)
    assert path in said
    assert "chmod" not in said


def test_R54_a_pipe_is_not_waited_for(
    latchkey: Latchkey, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = home / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setenv("LATCHKEY_DATABASE_URL", f"sqlite:///{pipe}")
    assert f"{pipe} is no file that a database could be in" in advice(latchkey)


def test_R54_a_database_of_another_program_is_left_alone(
    latchkey: Latchkey, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(f"sqlite:///{home / 'other.db'}", create=True).close()
    (home / "other.db").chmod(0o644)
    monkeypatch.setenv("LATCHKEY_DATABASE_URL", f"sqlite:///{home / 'other.db'}")
    said = advice(latchkey)
    assert "is no database of Latchkey" in said
    assert "chmod" not in said


def test_R54_an_open_folder_of_the_database_alone_is_to_be_closed(latchkey: Latchkey, base: Database) -> None:
    folder = Path(str(base.url.database)).parent
    folder.chmod(0o755)
    assert f"Run: chmod 700 {folder}" in advice(latchkey)


def test_R54_a_folder_that_serves_others_too_is_left_open(latchkey: Latchkey, base: Database) -> None:
    folder = Path(str(base.url.database)).parent
    (folder / "somebody-elses.txt").write_text("kept here as well")
    folder.chmod(0o755)
    said = advice(latchkey)
    assert "to a folder of its own" in said
    assert "chmod" not in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_R54_a_database_of_somebody_else_is_named_with_its_owner(base: Database) -> None:
    file = Path(str(base.url.database))
    os.chown(file, 65534, -1)
    (look,) = looks(file)
    assert (look.ok, "belongs to" in look.sentence) == (False, True)


@pytest.mark.parametrize("options", [(), ("--full",)])
def test_P4_an_email_compared_by_other_rules_is_named_and_mended_by_what_is_advised(
    latchkey: Latchkey, base: Database, options: tuple[str, ...]
) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    with base.writer.connect() as connection, guard.writing(connection, "migration"), connection.begin():
        connection.execute(text("UPDATE email_profile SET canonical = 'zoe@example.org'"))
    (wrong,) = [row for row in latchkey("doctor", "--json", *options).json["rows"] if not row["ok"]]
    assert wrong["check"] == "comparison"
    said, advised = wrong["sentence"].split(" Run: latchkey ")
    assert said == "C-1 has an email that is not compared as the settings say."
    assert latchkey(*advised.split(), "--reason", "mended").status == 0
    assert latchkey("doctor", *options).status == 0
    assert [row.canonical for row in rows(base, EmailProfile, joan)] == ["joan@example.org"]
