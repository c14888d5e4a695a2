"""The practice database: built when needed, never outside its own folder, with a mailbox of its own."""

import fcntl
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.engine import Database
from seeds.folder import DATABASE_FILE, MAILBOX_FOLDER
from tests.cli.conftest import Latchkey
from tui.commands.sandbox import MARKER

QUICKLY = 0.2


def test_any_command_runs_on_it_as_an_admin(latchkey: Latchkey, sandbox: Path) -> None:
    answer = latchkey("--sandbox", "audit", "list", "--json")
    assert answer.status == 0
    latest = latchkey("--sandbox", "audit", "list", "--json").json["rows"][0]
    assert (latest["operation"], latest["role"]) == ("read-audit", "admin")


@pytest.mark.parametrize("role", ["support", "lead", "auditor"])
def test_a_named_role_acts_through_its_practice_operator(
    role: str, latchkey: Latchkey, sandbox: Path
) -> None:
    latchkey("--sandbox", "--role", role, "find", "anderson")
    latest = latchkey("--sandbox", "audit", "list", "--json").json["rows"][0]
    assert (latest["operation"], latest["role"]) == ("search", role)


def test_a_role_without_the_practice_database_is_a_usage_error(latchkey: Latchkey) -> None:
    assert latchkey("--role", "admin", "find", "x").status == 2


def test_R22_mail_of_a_command_is_in_the_mailbox_at_once(latchkey: Latchkey, sandbox: Path) -> None:
    words = ("do", "change-email", "--customer", "C-1001", "--email", "new@example.org", "--reason", "asked")
    assert latchkey("--sandbox", *words).status == 0
    assert any(path.suffix == ".eml" for path in (sandbox / "mailbox").iterdir())


def test_it_is_built_where_it_is_missing(latchkey: Latchkey, home: Path) -> None:
    answer = latchkey("sandbox", "--no-console")
    assert answer.status == 0
    assert (home / "sandbox" / "sandbox.db").stat().st_mode & 0o777 == 0o600
    assert (home / "sandbox").stat().st_mode & 0o777 == 0o700


def test_R54_every_folder_on_the_way_to_it_is_private(
    latchkey: Latchkey, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LATCHKEY_SANDBOX_DIR")
    assert latchkey("sandbox", "--no-console").status == 0
    for folder in (home / "data", home / "data" / "latchkey", home / "data" / "latchkey" / "sandbox"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_fresh_forgets_what_was_practised(latchkey: Latchkey, sandbox: Path) -> None:
    latchkey("--sandbox", "do", "change-email", "--customer", "C-1001", "--email", "new@example.org",
             "--reason", "asked")  # fmt: skip
    assert latchkey("sandbox", "--fresh", "--no-console").status == 0
    assert list((sandbox / "mailbox").iterdir()) == []
    assert latchkey("--sandbox", "find", "new@example.org", "--json").json["rows"] == []


def test_one_of_another_version_is_built_anew(latchkey: Latchkey, sandbox: Path) -> None:
    (sandbox / "mailbox" / "old.eml").write_text("an old mail")
    (sandbox / MARKER).write_text('{"version": "0.0.0-old", "schema": "0001", "complete": true}')
    assert latchkey("sandbox", "--no-console").status == 0
    assert list((sandbox / "mailbox").iterdir()) == []
    assert "old" not in (sandbox / MARKER).read_text()


def test_a_folder_with_other_files_is_never_touched(latchkey: Latchkey, home: Path) -> None:
    (home / "sandbox").mkdir()
    letter = home / "sandbox" / "letter.txt"
    letter.write_text("mine")
    for words in (("sandbox", "--fresh", "--no-console"), ("--sandbox", "find", "x")):
        answer = latchkey(*words)
        assert answer.status == 1
        assert "holds other files" in answer.err
    assert letter.read_text() == "mine"
    assert [path.name for path in (home / "sandbox").iterdir()] == ["letter.txt"]


def refused(latchkey: Latchkey, status: int, *says: str) -> None:
    """Assert that neither a command nor a new build touches the folder."""
    for words in (("--sandbox", "find", "anderson"), ("sandbox", "--fresh", "--no-console")):
        answer = latchkey(*words)
        assert answer.status == status
        for said in says:
            assert said in answer.err


@pytest.mark.parametrize("name", [DATABASE_FILE, MAILBOX_FOLDER, "sandbox.db-wal"])
def test_a_link_in_the_folder_is_not_followed(
    name: str, latchkey: Latchkey, sandbox: Path, home: Path
) -> None:
    outside = home / "outside"
    if (sandbox / name).exists():
        (sandbox / name).rename(outside)
    else:
        outside.write_bytes(b"")
    before = set(outside.iterdir()) if outside.is_dir() else outside.read_bytes()
    (sandbox / name).symlink_to(outside)
    refused(latchkey, 1, name, "Delete the link")
    assert before == (set(outside.iterdir()) if outside.is_dir() else outside.read_bytes())


@pytest.mark.parametrize("name", [DATABASE_FILE, MARKER])
def test_a_file_that_has_a_second_name_elsewhere_is_not_used(
    name: str, latchkey: Latchkey, sandbox: Path, home: Path
) -> None:
    (home / "elsewhere").hardlink_to(sandbox / name)
    before = (home / "elsewhere").read_bytes()
    refused(latchkey, 1, name, "Delete the link")
    assert (home / "elsewhere").read_bytes() == before


def test_R50_a_copy_of_another_database_gets_no_practice_operator(
    latchkey: Latchkey, sandbox: Path, base: Database
) -> None:
    base.close()
    shutil.copy(str(base.url.database), sandbox / DATABASE_FILE)
    before = (sandbox / DATABASE_FILE).read_bytes()
    refused(latchkey, 1, "not one for practice")
    assert (sandbox / DATABASE_FILE).read_bytes() == before


@pytest.mark.parametrize("name", ["letter.txt", "mailbox/letter.txt", "sandbox.db.bak", "folder"])
def test_a_build_deletes_nothing_that_is_not_its_own(name: str, latchkey: Latchkey, sandbox: Path) -> None:
    if name == "folder":
        (sandbox / name).mkdir()
    else:
        (sandbox / name).write_text("mine")
    (sandbox / "mailbox" / "old.eml").write_text("an old mail")
    before = sorted(sandbox.rglob("*"))
    answer = latchkey("sandbox", "--fresh", "--no-console")
    assert answer.status == 1
    assert name in answer.err
    assert "nothing was deleted" in answer.err
    assert sorted(sandbox.rglob("*")) == before
    assert latchkey("--sandbox", "find", "anderson").status == 0


def test_a_build_takes_away_what_a_killed_one_left(latchkey: Latchkey, sandbox: Path) -> None:
    for name in (".building-123.db", ".building-123.db-wal", "mailbox/LK-7F3K-2M9Q-0a1b.123.part"):
        (sandbox / name).write_text("half")
    assert latchkey("sandbox", "--fresh", "--no-console").status == 0
    assert sorted(path.name for path in sandbox.iterdir()) == [MARKER, MAILBOX_FOLDER, DATABASE_FILE]


def damage(file: Path, kind: str) -> None:
    match kind:
        case "missing":
            file.unlink()
        case "empty":
            file.write_bytes(b"")
        case "garbage":
            file.write_text("Dear customer, " * 200)
        case "truncated":
            os.truncate(file, 8192)
        case "without tables" | "older":
            with closing(sqlite3.connect(file, isolation_level=None)) as connection:
                connection.execute(
                    "UPDATE alembic_version SET version_num = '0001'"
                    if kind == "older"
                    else "DROP TABLE alembic_version"
                )


@pytest.mark.parametrize("kind", ["missing", "empty", "garbage", "truncated", "without tables", "older"])
def test_a_damaged_one_says_to_build_it_anew_which_helps(
    kind: str, latchkey: Latchkey, sandbox: Path
) -> None:
    damage(sandbox / DATABASE_FILE, kind)
    answer = latchkey("--sandbox", "find", "anderson")
    assert answer.status == 3
    assert "latchkey sandbox --fresh" in answer.err
    for remedy in ("backup", "db upgrade", "latchkey paths"):
        assert remedy not in answer.err
    doctor = latchkey("--sandbox", "doctor")
    assert "latchkey sandbox --fresh" in doctor.out
    assert "db upgrade" not in doctor.out
    assert latchkey("sandbox", "--fresh", "--no-console").status == 0
    assert latchkey("--sandbox", "find", "anderson").status == 0


def test_a_missing_one_is_not_made_by_an_upgrade(latchkey: Latchkey, sandbox: Path) -> None:
    (sandbox / DATABASE_FILE).unlink()
    assert latchkey("--sandbox", "db", "upgrade").status == 3
    assert not (sandbox / DATABASE_FILE).exists()


def test_it_is_not_rebuilt_under_another_latchkey(
    latchkey: Latchkey, sandbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.commands.sandbox.FRESH_PATIENCE_SECONDS", QUICKLY)
    handle = os.open(sandbox / MARKER, os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_SH)
    answer = latchkey("sandbox", "--fresh", "--no-console")
    assert answer.status == 1
    assert "open in another Latchkey" in answer.err
    assert latchkey("--sandbox", "find", "anderson").status == 0
    os.close(handle)


def test_R40_without_a_terminal_the_console_refuses(latchkey: Latchkey, sandbox: Path) -> None:
    answer = latchkey("sandbox")
    assert answer.status == 1
    assert "needs a terminal" in answer.err
