"""Copies a value to the operator's clipboard through the terminal, by a key only, never by data (R45).

OSC 52 has no answer, so the sentence says "sent", not "copied". Inside tmux the plain sequence works with
`set-clipboard on`, and the wrapped one with `allow-passthrough on`; which of them is on cannot be asked, so
both are sent. With neither, tmux drops them.
"""

import base64
import os
import re
from collections.abc import Mapping
from typing import Any, Final

from textual.app import App

from tui.text import HOSTILE

MAX_BYTES: Final = 8192
_SPACE: Final = re.compile("[\r\n\t\x0b\x0c\x85\u2028\u2029]+")


def copy(app: App[Any], value: object, *, environ: Mapping[str, str] | None = None) -> str:
    """Send `value` to the clipboard and return a sentence for the operator.

    Line breaks become spaces, so that a pasted value never runs as a command; controls and invisible
    characters are dropped. More than 8 KiB is refused: terminals cut long sequences without a word.
    """
    text = HOSTILE.sub("", _SPACE.sub(" ", str(value)[: MAX_BYTES * 2]))
    size = len(text.encode())
    if size > MAX_BYTES:
        return f"Not copied: the value is longer than {MAX_BYTES} bytes."
    if not text:
        return "Nothing to copy."
    app.copy_to_clipboard(text)
    env = os.environ if environ is None else environ
    # App has no public way to write to the terminal; pinned by test_the_clipboard_reaches_an_outer_terminal.
    driver = app._driver
    if driver is not None and (env.get("TMUX") or env.get("TERM", "").startswith("tmux")):
        driver.write(tmux_passthrough(text))
    return "sent to terminal"


def tmux_passthrough(text: str) -> str:
    """Wrap an OSC 52 sequence for tmux: each inner ESC is doubled."""
    return f"\x1bPtmux;\x1b\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07\x1b\\"
