"""Safe text as Textual and rich draw it, and the filter that every drawn line passes (R37, R38).

`content` and `cell` are for every value that a widget shows. `SafeLineFilter` is the net below: it sees
each rendered line of the app and lets no control through.
"""

import re
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.text import Text
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

from tui.text import DEFAULT_LIMIT, HOSTILE, picture, safe

_SPACES: Final = re.compile(" {2,}")


def _one_cell(match: re.Match[str]) -> str:
    return picture(ord(match[0])) or "\ufffd"


def content(value: object, *, limit: int = DEFAULT_LIMIT, multiline: bool = False) -> Content:
    """Return `value` for a widget: safe, and never parsed as markup."""
    return Content(safe(value, limit=limit, multiline=multiline))


def cell(value: object, style: str = "") -> Text:
    """Return `value` for a DataTable cell, which needs rich text: safe, one line, never parsed as markup."""
    return Text(safe(value), style=style, no_wrap=True, overflow="ellipsis")


class SafeLineFilter(LineFilter):
    """Replaces every hostile character in rendered segments, keeping each line as wide as it was.

    Keep one instance per app: Textual caches filtered strips by filter identity. Control segments are
    Textual's own cursor movements and stay untouched.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        for text, _style, control in segments:
            if not (text.isascii() and text.isprintable()) and not control and HOSTILE.search(text):
                return _clean(segments)
        return segments


def _clean(segments: list[Segment]) -> list[Segment]:
    """Replace hostile characters; pay for the cells they gain with padding further right on the line."""
    cleaned: list[Segment] = []
    touched: list[int] = []
    debt = 0
    for text, style, control in segments:
        if not control:
            replaced = HOSTILE.sub(_one_cell, text)
            if replaced != text:
                touched.append(len(cleaned))
                debt += cell_len(replaced) - cell_len(text)
                text = replaced
            text, debt = _settle(text, debt)
        cleaned.append(Segment(text, style, control))
    for index in reversed(touched):
        if debt <= 0:
            break
        text, style, control = cleaned[index]
        width = cell_len(text)
        kept = max(width - debt, 0)
        cleaned[index] = Segment(set_cell_size(text, kept), style, control)
        debt -= width - kept
    return cleaned


def _settle(text: str, debt: int) -> tuple[str, int]:
    """Shorten runs of spaces in `text` by up to `debt` cells, or pad it where the line became narrower."""
    if debt < 0:
        return text + " " * -debt, 0
    while debt > 0 and (runs := _SPACES.findall(text)):
        longest = max(runs, key=len)
        cut = min(debt, len(longest) - 1)
        text = text.replace(longest, longest[cut:], 1)
        debt -= cut
    return text, debt
