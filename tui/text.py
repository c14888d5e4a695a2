"""Makes hostile text visible and harmless before it reaches the terminal (R37, R38).

`safe` is for every value that a person sees, on screens and on the command line; it names what it found.
"""

import re
from typing import Final

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

DEFAULT_LIMIT: Final = 2000


def picture(code: int) -> str | None:
    """The Unicode control picture of a C0 control or DEL, one cell wide."""
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else None


def _named(match: re.Match[str]) -> str:
    code = ord(match[0])
    return picture(code) or f"‹U+{code:04X}›"


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
