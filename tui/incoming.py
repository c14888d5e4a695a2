"""Makes what comes from the terminal fit to be parsed: bytes that are no text, and pastes full of escapes.

A terminal that is not set to UTF-8 sends single bytes that are no character; textual's reader dies of the
first. A paste may hold anything; textual types what follows an escape in it, one key event a character.
"""

import re
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable
from functools import partial
from typing import Final

from textual.drivers import linux_driver

MAX_PASTE: Final = 128 * 1024
"""Characters of one paste that are looked at: twice what the largest box takes, which says what it cut."""
_BEGIN: Final = "\x1b[200~"
_END: Final = "\x1b[201~"
_UNREADABLE: Final = re.compile("[\udc80-\udcff]+")
"""What `surrogateescape` makes of a byte that is not UTF-8; no valid input has one."""


class Incoming:
    """One terminal's input, in the pieces in which it was read."""

    def __init__(self) -> None:
        self._before = ""
        self._is_pasting = False
        self._held = ""
        self._room = 0
        self.has_unreadable = False

    def cleaned(self, data: str) -> str:
        """Return what of a piece the parser may see; "" where all of it waits or was dropped.

        `has_unreadable` then says whether it held bytes that are not UTF-8.
        """
        readable, dropped = _UNREADABLE.subn("", data)
        self.has_unreadable = bool(dropped)
        found: list[str] = []
        while readable:
            part, readable = (self._of_paste if self._is_pasting else self._of_keys)(readable)
            found.append(part)
        return "".join(found)

    def _of_keys(self, data: str) -> tuple[str, str]:
        """Pass keys on, up to the mark that begins a paste, which may have begun in an earlier piece."""
        seen = self._before + data
        at = seen.find(_BEGIN)
        if at < 0:
            self._before = seen[1 - len(_BEGIN) :]
            return data, ""
        end = at + len(_BEGIN) - len(self._before)
        self._before, self._is_pasting, self._room = "", True, MAX_PASTE
        return data[:end], data[end:]

    def _of_paste(self, data: str) -> tuple[str, str]:
        """Pass a paste on without escapes, up to its end mark, of which the beginning is held back."""
        text, mark, rest = (self._held + data).partition(_END)
        self._held = ""
        if mark:
            self._is_pasting = False
        else:
            self._held = _beginning_of_mark(text)
            text = text[: len(text) - len(self._held)]
        kept = text.replace("\x1b", "")[: self._room]
        self._room -= len(kept)
        return kept + mark, rest


def _beginning_of_mark(text: str) -> str:
    """Return the end of a text that may go on as the mark of a paste's end."""
    sizes = range(len(_END) - 1, 0, -1)
    return next((_END[:size] for size in sizes if text.endswith(_END[:size])), "")


def read_any_bytes() -> None:
    """From now on no byte ends the console; textual has no public way to choose how it decodes."""
    setattr(linux_driver, "getincrementaldecoder", _lenient)  # noqa: B010  # it is no declared name there


def _lenient(encoding: str) -> Callable[[], IncrementalDecoder]:
    return partial(getincrementaldecoder(encoding), errors="surrogateescape")
