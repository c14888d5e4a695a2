"""The practice database: built when needed, never outside its own folder, with a mailbox of its own."""

import fcntl
import os
from pathlib import Path

import pytest

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


def test_a_link_in_the_folder_is_not_followed(latchkey: Latchkey, sandbox: Path, home: Path) -> None:
    outside = home / "outside"
    outside.mkdir()
    (outside / "letter.txt").write_text("mine")
    (sandbox / "link").symlink_to(outside)
    assert latchkey("sandbox", "--fresh", "--no-console").status == 0
    assert (outside / "letter.txt").read_text() == "mine"


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
