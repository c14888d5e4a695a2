"""What comes from the terminal: keys are keys, and an answer to a question that nobody asked is nothing."""

import pytest
from textual import events, messages
from textual.message import Message

from tui.incoming import MAX_PASTE
from tui.messages import UnreadableSent
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


def in_pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("inside", ["A\x1b[31mB" * 9000, "\x1b" * 65_536, "\x1b[200~" * 9000])
def test_A13_R43_a_paste_full_of_escapes_is_one_paste_and_no_key(inside: str) -> None:
    found = heard(*in_pieces(f"\x1b[200~{inside}\x1b[201~", 4096))
    assert [type(message) for message in found] in ([events.Paste], [])  # of escapes alone nothing is left
    assert all("\x1b" not in message.text for message in found if isinstance(message, events.Paste))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_a_paste_is_known_however_its_marks_are_cut(size: int) -> None:
    found = heard(*in_pieces("a\x1b[200~one\x1b[2two\x1b[201~b\x1b[200~three\x1b[201~c", size))
    told = [message.text if isinstance(message, events.Paste) else message.key for message in found]  # type: ignore[attr-defined]  # only keys and pastes are heard
    assert told == ["a", "one[2two", "b", "three", "c"]


def test_R43_of_a_paste_of_megabytes_only_the_beginning_is_looked_at() -> None:
    (paste,) = heard(*in_pieces(f"\x1b[200~{'x' * 3_000_000}\x1b[201~", 4096))
    assert isinstance(paste, events.Paste)
    assert len(paste.text) == MAX_PASTE


def test_bytes_that_are_not_utf8_are_left_out_and_told() -> None:
    found = heard("Jos\udce9", "\x1b[200~\udcff\udcfeok\x1b[201~")
    told = [getattr(message, "key", getattr(message, "text", type(message))) for message in found]
    assert told == ["J", "o", "s", UnreadableSent, "ok", UnreadableSent]
