"""Swallows what a terminal answers to questions that nobody asked, instead of typing it into a box (R37).

A terminal that is asked for its name, its colours or its place, by whoever wrote into it before, answers on
the line on which keys come. Textual types every answer that it does not know.
"""

import re
from collections.abc import Iterable
from typing import Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.keys import Keys
from textual.message import Message

from tui.incoming import Incoming
from tui.messages import UnreadableSent

_REPORT: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
"""A control sequence that is complete."""
_OF_TEXTUAL: Final = re.compile(r"\x1b\[(?:M|\[|<.*|\?[0-9;]*\$y)", re.DOTALL)
"""What only looks complete (an old mouse report, a function key of the Linux console), mouse, modes."""
_STRING: Final = re.compile(r"\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x9b[0-?]*[ -/]*[@-~]")
"""A name, a colour, a clipboard: told as a string with an end of its own; and what begins with the one C1
character for a control sequence, which no keyboard sends."""


class QuietParser(XTermParser):
    """Textual's parser, which here passes over what it does not understand."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._incoming = Incoming()

    def feed(self, data: str) -> Iterable[Message]:
        """Parse input without the strings in it; nothing left is not the end of the input."""
        left = _STRING.sub("", self._incoming.cleaned(data))
        if left or not data:
            yield from super().feed(left)
        if self._incoming.has_unreadable:
            yield UnreadableSent()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        found = list(super()._sequence_to_key_events(sequence, alt))
        if not found and _REPORT.fullmatch(sequence) and not _OF_TEXTUAL.fullmatch(sequence):
            return [events.Key(Keys.Ignore, sequence)]
        return found


def swallow_replies() -> None:
    """From now on no reply of the terminal is typed; textual has no public way to choose its parser."""
    setattr(linux_driver, "XTermParser", QuietParser)  # noqa: B010  # it is no declared name of that module
