"""What comes from the terminal: keys are keys, and an answer to a question that nobody asked is nothing."""

import pytest
from textual import events, messages
from textual.message import Message

from tui.replies import QuietParser

UNASKED = (
    "\x1b[?62;22c",
    "\x1b[>1;4000;37c",
    "\x1b[?1u",
    "\x1b[999;999;999z",
    "\x1b]52;c;cm0gLXJmIC8=\x07",
    "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    "\x1bP>|xterm(1)\x1b\\",
    "\x9b31m",
)


def heard(*parts: str) -> list[Message]:
    parser = QuietParser()
    return [message for part in parts for message in parser.feed(part)]


def keys(*parts: str) -> list[str]:
    return [message.key for message in heard(*parts) if isinstance(message, events.Key)]


@pytest.mark.parametrize("reply", UNASKED)
def test_R37_a_reply_presses_no_key_and_what_is_typed_around_it_stays(reply: str) -> None:
    assert keys(f"a{reply}b") == ["a", "b"]


def test_R37_a_report_that_comes_in_pieces_presses_no_key() -> None:
    assert keys("a", "\x1b[?6", "2;2", "2c", "b") == ["a", "b"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("\x1b[A", "up"),
        ("\x1b[1;5C", "ctrl+right"),
        ("\x1b[15~", "f5"),
        ("\x1b[[A", "f1"),
        ("\x1b[Z", "shift+tab"),
    ],
)
def test_keys_stay_keys(typed: str, name: str) -> None:
    assert keys(typed) == [name]


def test_mouse_paste_and_modes_are_still_heard() -> None:
    found = heard("\x1b[<0;5;5M", "\x1b[200~text\x1b[201~", "\x1b[?2026;2$y")
    assert [type(message) for message in found] == [
        events.MouseDown,
        events.Paste,
        messages.TerminalSupportsSynchronizedOutput,
    ]
