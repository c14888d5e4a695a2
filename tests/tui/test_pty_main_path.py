"""The main job in a real terminal: the real program, as a user starts it, on the practice database.

Search → change email → clash → corrected → reset sent → seen in the mailbox → audit entry.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Console

PROGRAM = [sys.executable, "-c", "from tui.start import main; main()"]


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    env = {"LATCHKEY_SANDBOX_DIR": str(tmp_path / "sandbox"), "TERM": "xterm-256color"}
    with Console([*PROGRAM, "sandbox", "--role", "lead"], env=env) as console:
        console.wait_for("Find a customer", timeout=90)
        yield console


def open_maria(console: Console) -> None:
    console.type("maria delgdo@")
    console.wait_for("C-1026")
    console.press("down", "enter")
    console.wait_for("maria.delgdo@example.com")
    console.wait_for("unverified")


def press_until(console: Console, key: str, wanted: str) -> None:
    """Press a key until it is heard: what opens over a screen is deaf for its first 300 ms (R43)."""
    for _ in range(5):
        console.press(key)
        try:
            console.wait_for(wanted, timeout=2)
        except AssertionError:
            continue
        return
    console.wait_for(wanted)


def test_P4_P5_a_wrong_address_is_corrected_past_a_clash_and_a_reset_reaches_the_mailbox(
    console: Console,
) -> None:
    open_maria(console)

    console.press("e")
    console.wait_for("Change email")
    press_until(console, "enter", "That is how it is already")
    console.press("ctrl+u")
    console.type("m.delgado@example.com")
    console.wait_for("C-1027")
    console.press("tab")
    console.type("caller spelled it")
    console.press("ctrl+s")
    console.wait_for("Nothing was saved")

    press_until(console, "o", "marina.delgado")
    console.press("escape")
    console.wait_for("caller spelled it")

    press_until(console, "e", "Corrects or replaces")
    console.press("ctrl+u")
    console.type("maria.delgado@example.com")
    console.wait_for("confirmation link")
    console.press("ctrl+s")
    console.wait_for("Change email: saved")

    console.press("r")
    console.wait_for("password-reset link goes")
    console.type("asked for it")
    console.press("ctrl+s")
    console.wait_for("Send sign-in link: saved")

    console.press("b")
    console.wait_for("Reset your password")
    console.press("escape")
    console.wait_for("birth date")

    console.press("h")
    console.wait_for(lambda text: "▸ Audit" in text and "send-sign-in-link" in text)
    lines = console.screen_text().splitlines()
    events = [line for line in lines if re.match(r"\W*\d{4}-\d\d-\d\d ", line)]
    place = next(place for place, line in enumerate(events) if "send-sign-in-link" in line)
    console.press(*["down"] * place, "enter")
    console.wait_for("asked for it")


def test_R40_the_console_ends_cleanly_and_leaves_the_terminal_as_it_was(console: Console) -> None:
    console.press("ctrl+q")
    assert console.wait_end() == 0
    assert not console.in_full_screen


def test_enter_on_a_row_opens_its_menu_and_does_nothing_more(console: Console) -> None:
    console.wait_for("Find a customer", timeout=60)
    console.type("C-1042")
    console.wait_for("Anderson, Joan")
    console.press("down", "enter")
    console.wait_for("janderson@gmail.com")
    console.wait_quiet()
    console.press("enter")
    console.wait_for("Change email")
    console.wait_quiet()
    assert console.child.isalive()
    assert "Make email" in console.screen_text()
