"""Makes hostile text visible and harmless before it reaches the terminal (R37, R38).

Two layers. `safe`, `content` and `cell` are for every value that a widget shows; they name what they found.
`SafeLineFilter` is the net below: it sees every rendered line of the app and lets no control through.
"""

import re
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.text import Text
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

# C0, DEL, C1, soft hyphen and the marks that have no width or change direction, the fillers that look like a
# space, variation selectors, tag characters, lone surrogates and non-characters. ZWJ and ZWNJ are here as
# well: in an address or a name that an operator compares, "looks the same" is the attack (A31).
_HIDDEN: Final = (
    "\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
HOSTILE: Final = re.compile(f"[{_HIDDEN}]")
_BREAK: Final = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SOFT_BREAK: Final = re.compile("\r\n|[\x85\u2028\u2029]")
_SPACES: Final = re.compile(" {2,}")

DEFAULT_LIMIT: Final = 2000


def _picture(code: int) -> str | None:
    """The Unicode control picture of a C0 control or DEL, one cell wide."""
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else None


def _named(match: re.Match[str]) -> str:
    code = ord(match[0])
    return _picture(code) or f"‹U+{code:04X}›"


def _one_cell(match: re.Match[str]) -> str:
    return _picture(ord(match[0])) or "\ufffd"


def _keep_newline(match: re.Match[str]) -> str:
    return "\n" if match[0] == "\n" else _named(match)


def safe(value: object, *, limit: int = DEFAULT_LIMIT, multiline: bool = False) -> str:
    """Return `value` as text in which everything invisible is shown and nothing acts on the terminal.

    `limit` counts characters of the value, before replacement; what is cut is counted in "… (+N)". Line
    breaks become "↵" unless `multiline`, where they stay and a tab becomes four spaces. None is "".
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    rest = len(text) - limit
    if rest > 0:
        text = text[:limit]
    if not (text.isascii() and text.isprintable()):
        if multiline:
            text = HOSTILE.sub(_keep_newline, _SOFT_BREAK.sub("\n", text).replace("\t", "    "))
        else:
            text = HOSTILE.sub(_named, _BREAK.sub("↵", text))
    return f"{text}… (+{rest})" if rest > 0 else text


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
