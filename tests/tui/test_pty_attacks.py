"""The real console on a real terminal under attack: pastes, fake replies, odd windows, a client that dies."""

import select
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from db.audit.verify import verify
from db.engine import connect
from seeds.folder import DATABASE_FILE
from tests.terminal import Console
from tests.tui.test_pty_main_path import press_until
from tui.catalogue import NOT_UTF8
from tui.commands.sandbox import held

PROGRAM = [sys.executable, "-c", "from tui.cli import main; main()", "sandbox", "--role", "lead"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice database, built once for the tests of this file."""
    with held(tmp_path_factory.mktemp("practice") / "sandbox") as folder:
        return folder


@contextmanager
def started(folder: Path, **env: str) -> Iterator[Console]:
    with Console(PROGRAM, env={"LATCHKEY_SANDBOX_DIR": str(folder), **env}) as console:
        yield console


@pytest.fixture
def console(folder: Path) -> Iterator[Console]:
    with started(folder) as console:
        console.wait_for("Find a customer", timeout=60)
        console.wait_quiet()
        yield console


def is_alive(console: Console) -> bool:
    console.press("ctrl+u")
    console.type("still here")
    console.wait_for("still here", timeout=20)
    return bool(console.child.isalive())


def test_A13_a_paste_of_64_kilobytes_is_cut_and_opens_nothing(console: Console) -> None:
    console.paste("joan anderson\n" * 4700)
    console.wait_for("joan anderson")
    console.wait_quiet()
    assert "Latchkey ▸ Search  " in console.screen_text()
    assert is_alive(console)


def test_A13_R43_what_breaks_out_of_a_paste_presses_no_key(console: Console) -> None:
    for keys in ("\r", "\x1b[B\r", "\x10delete\r", "\x11"):
        console.paste(f"C-1042\x1b[201~{keys}")
        console.wait_for("C-1042")
        console.wait_quiet()
        assert "Latchkey ▸ Search  " in console.screen_text(), keys
        assert is_alive(console), keys
        console.press("ctrl+u")


@pytest.mark.parametrize(
    "sent",
    [b"\xff", b"Jos\xe9 ", b"\x1b[200~\xff\xfe\xed\xa0\x80\x1b[201~", bytes(range(128, 256)) * 8],
    ids=["one byte", "a Latin-1 letter", "a binary paste", "every byte above ASCII"],
)
def test_A13_bytes_that_are_not_utf8_are_left_out_with_a_sentence(console: Console, sent: bytes) -> None:
    console.type("joan ")
    console.wait_for("┃ joan")
    console.send_bytes(sent)
    console.wait_for(NOT_UTF8[:20])
    console.wait_quiet()
    assert "┃ joan" in console.screen_text()
    assert is_alive(console)


def test_A13_the_console_answers_after_a_paste_of_escapes(console: Console) -> None:
    console.paste("A\x1b[31mB" * 9000)
    console.wait_for("A[31mBA[31mB")
    console.wait_quiet()
    assert "Latchkey ▸ Search  " in console.screen_text()
    assert is_alive(console)


REPLIES = {
    "cursor place": "\x1b[24;80R",
    "device": "\x1b[?62;22c",
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "colour": "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    "name": "\x1bP>|xterm(1)\x1b\\",
    "mode": "\x1b[?2026;2$y\x1b[?2048;2$y",
    "window size": "\x1b[?2048;1$y\x1b[48;99999;99999;999990;999990t",
    "window title": "\x1b]lrm -rf /\x1b\\",
    "nothing known": "\x1b[999;999;999z\x9b31m",
}


def test_A13_R37_replies_of_a_terminal_are_not_even_typed(console: Console) -> None:
    for name, reply in REPLIES.items():
        console.send(reply)
        console.wait_quiet(0.4)
        assert "Find a customer" in console.screen_text(), name  # which only an empty box says
    assert is_alive(console)


def test_A15_what_was_typed_outlives_a_window_of_one_cell(console: Console) -> None:
    console.type("anders")
    console.wait_for("name anders", timeout=30)
    for size in ((1, 1), (59, 15), (300, 100)):
        console.resize(*size)
        console.wait_quiet(timeout=30)
    console.resize(80, 24)
    console.wait_quiet(timeout=30)
    console.wait_for("┃ anders")
    assert is_alive(console)


@pytest.mark.parametrize("term", ["dumb", ""])
def test_A15_a_terminal_that_cannot_draw_is_refused_with_a_sentence(folder: Path, term: str) -> None:
    with started(folder, TERM=term) as console:
        assert console.wait_end(timeout=30) == 1
        assert "cannot draw on TERM=" in console.screen_text()
        assert not console.in_full_screen


# ---- A16


def fill_form(console: Console, number: str, email: str) -> None:
    """Open a customer, and a form that would change the email."""
    console.type(number)
    console.wait_for(f"{number}  ")
    console.press("down", "enter")
    console.wait_for("birth date")
    console.press("2", "e")
    console.wait_for("Change email")
    press_until(console, "enter", "What will change")
    console.wait_for("That is how it is already", timeout=30)
    for _ in range(4):
        if "▌Email  " not in console.screen_text():
            console.press("tab")
    console.wait_for("▌Email  ")
    console.press("ctrl+u")
    console.type(email)
    console.wait_for(lambda text: f"  {email}\n" in text)
    console.press("tab")
    console.wait_for("▌Reason")
    console.type("caller spelt it")
    console.wait_for("confirmation link goes", timeout=20)


def wait_gone(console: Console) -> float:
    start = time.monotonic()
    while console.child.isalive():
        assert time.monotonic() - start < 5
        select.select([], [], [], 0.01)
    return time.monotonic() - start


def found(folder: Path, question: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as base:
        return base.execute(question, values).fetchall()


def is_whole(folder: Path, email: str) -> bool:
    """Whether a change is there with its event, or neither; the chain is sound."""
    database = connect(f"sqlite:///{folder / DATABASE_FILE}")
    with database.reading() as connection:
        assert verify(connection).problem is None
    database.close()
    changed = found(folder, "SELECT 1 FROM email_profile WHERE address = ?", email)
    told = found(folder, "SELECT 1 FROM audit_detail WHERE after = ? AND field LIKE 'email_profile.%'", email)
    return bool(changed) == bool(told)


def sessions_ended(folder: Path) -> int:
    return len(found(folder, "SELECT 1 FROM audit_event WHERE operation = 'sign-out'"))


def test_A16_R40_a_client_killed_in_a_form_leaves_nothing_but_the_end_of_its_session(
    folder: Path, console: Console
) -> None:
    fill_form(console, "C-1026", "killed.in.form@example.com")
    ended = sessions_ended(folder)
    console.kill_client()
    assert wait_gone(console) < 2
    assert console.child.exitstatus == 128 + signal.SIGHUP
    assert not found(folder, "SELECT 1 FROM email_profile WHERE address LIKE 'killed.in.form%'")
    assert sessions_ended(folder) == ended + 1
    assert is_whole(folder, "killed.in.form@example.com")


@pytest.mark.parametrize("is_locked", [True, False], ids=["waiting for a lock", "at once"])
def test_A16_R40_a_client_killed_while_it_saves_leaves_all_or_nothing(
    folder: Path, console: Console, is_locked: bool
) -> None:
    email = f"killed.saving.{is_locked}@example.com".lower()
    fill_form(console, "C-1026", email)
    with closing(sqlite3.connect(folder / DATABASE_FILE, isolation_level=None)) as other:
        if is_locked:
            other.execute("BEGIN IMMEDIATE")
            console.press("ctrl+s")
            console.wait_for("Saving")
        else:
            console.send("\x13")
        console.kill_client()
        assert wait_gone(console) < 2
    assert is_whole(folder, email)
    assert not is_locked or not found(folder, "SELECT 1 FROM email_profile WHERE address = ?", email)
