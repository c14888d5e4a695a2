"""The first screen comes before the database: what is typed meanwhile is kept, a failure is said plainly."""

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.events import Key, Paste

from db.engine import Database
from db.models import Operator
from db.rules.roles import Role
from tests.factories import BORN, add_customer, building
from tests.terminal import ROOT, Console
from tui.early_keys import EarlyKeys

PROGRAM = [sys.executable, "-c", "from tui.start import main; main()"]


def environment(address: str, home: Path) -> dict[str, str]:
    folders = {f"XDG_{name}_HOME": str(home / name) for name in ("CONFIG", "DATA", "STATE")}
    return folders | {"LATCHKEY_DATABASE_URL": address}


@pytest.fixture
def env(sqlite_database: Database, tmp_path: Path) -> dict[str, str]:
    user = pwd.getpwuid(os.getuid()).pw_name
    with building(sqlite_database) as session:
        session.add(Operator(id="me", display_name="Me", role=Role.LEAD, os_user=user, created_at=BORN))
    add_customer(sqlite_database, emails=["joan@example.com"])
    return environment(f"sqlite:///{sqlite_database.url.database}", tmp_path)


@pytest.fixture
def console(env: dict[str, str]) -> Iterator[Console]:
    with Console(PROGRAM, env=env) as console:
        yield console


def test_what_is_typed_before_anything_is_painted_is_searched_for(console: Console) -> None:
    console.type("anders")
    console.wait_for("1–1 of 1", timeout=60)
    assert "┃ anders" in console.screen_text()


def test_a_key_that_does_something_waits_until_it_can(console: Console) -> None:
    console.wait_for("PRODUCTION", timeout=60)
    console.type("anders\x1b[B\r")
    console.wait_for("joan@example.com", timeout=60)


def test_keys_that_arrive_in_one_packet_keep_their_order(console: Console) -> None:
    console.wait_for("lead ·", timeout=60)
    console.send("harold\x7f\x7for\x1b[D\x1b[Dx\x1b[Hy\x1b[F!")
    console.wait_for("┃ yharoxor!", timeout=20)


def test_a_database_that_cannot_be_opened_ends_the_console_with_its_sentence(tmp_path: Path) -> None:
    with Console(PROGRAM, env=environment(f"sqlite:///{tmp_path / 'nowhere.db'}", tmp_path)) as console:
        assert console.wait_end(timeout=60) == 3
        assert not console.in_full_screen
        assert "There is no database at the configured place." in " ".join(console.screen_text().split())


def test_whoever_is_no_operator_is_told_so_and_sees_nobody(sqlite_database: Database, tmp_path: Path) -> None:
    add_customer(sqlite_database)
    address = f"sqlite:///{sqlite_database.url.database}"
    with Console(PROGRAM, env=environment(address, tmp_path)) as console:
        console.type("anderson")
        assert console.wait_end(timeout=60) == 1
        assert "There is no operator yet." in console.screen_text()
        assert b"Joan" not in console.raw


def test_nothing_of_the_database_is_loaded_for_the_first_screen() -> None:
    code = (
        "import sys, tui.console, tui.commands.console, tui.screens.home, tui.start\n"
        "print({'sqlalchemy', 'alembic', 'click', 'psycopg'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_early_keys_come_back_in_their_order() -> None:
    keys = EarlyKeys()
    typed = [Key("a", "a"), Paste("bc"), Key("down", None), Key("d", "d")]
    assert all(keys.keeps(event) for event in typed)
    assert keys.find_box() == typed[:2]
    late = Key("e", "e")
    assert keys.keeps(late)
    assert keys.open() == [*typed[2:], late]
    assert not keys.keeps(Key("f", "f"))


def test_the_console_can_be_left_at_any_time() -> None:
    assert not EarlyKeys().keeps(Key("ctrl+q", "\x11"))
