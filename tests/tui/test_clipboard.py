"""The clipboard gets plain text, through the terminal, and never a command."""

import base64
import shutil
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from textual.app import App

from tests.terminal import Console
from tui.clipboard import MAX_BYTES, copy, tmux_passthrough

SCRIPT = dedent(
    """
    from textual.app import App
    from textual.widgets import Label
    from tui.clipboard import copy

    class Copier(App):
        def compose(self):
            yield Label("ready", id="says")

        def key_y(self):
            self.query_one("#says", Label).update(copy(self, "C-1042\\nrm\\x1b]0;x\\x07\\u200b"))

    Copier().run()
    """
)
COPIED = b"C-1042 rm]0;x"


async def test_R45_controls_and_line_breaks_never_reach_the_clipboard() -> None:
    async with App[None]().run_test() as pilot:
        assert copy(pilot.app, "rm -rf x\r\n\x1b[1m\u202ename") == "sent to terminal"
        assert pilot.app.clipboard == "rm -rf x [1mname"


@pytest.mark.parametrize("value", ["x" * (MAX_BYTES + 1), "é" * (MAX_BYTES // 2 + 1), "x" * 10_000_000])
async def test_more_than_8_KiB_is_refused_and_nothing_is_copied(value: str) -> None:
    async with App[None]().run_test() as pilot:
        assert copy(pilot.app, value).startswith("Not copied")
        assert pilot.app.clipboard == ""


async def test_exactly_8_KiB_is_copied() -> None:
    async with App[None]().run_test() as pilot:
        assert copy(pilot.app, "x" * MAX_BYTES) == "sent to terminal"


async def test_an_empty_value_leaves_the_clipboard_alone() -> None:
    async with App[None]().run_test() as pilot:
        copy(pilot.app, "kept")
        assert copy(pilot.app, "\u200b") == "Nothing to copy."
        assert pilot.app.clipboard == "kept"


def copying(tmp_path: Path, **env: str) -> bytes:
    """All that the console wrote while an operator copied a value."""
    script = tmp_path / "copier.py"
    script.write_text(SCRIPT)
    with Console([sys.executable, str(script)], env=env) as console:
        console.wait_for("ready")
        assert b"]52;" not in console.raw
        console.press("y")
        console.wait_for("sent to terminal")
        return bytes(console.raw)


def test_R45_a_key_sends_osc_52(tmp_path: Path) -> None:
    raw = copying(tmp_path)
    assert b"\x1b]52;c;" + base64.b64encode(COPIED) + b"\x07" in raw
    assert b"tmux;" not in raw


def test_inside_tmux_the_wrapped_sequence_is_sent_as_well(tmp_path: Path) -> None:
    raw = copying(tmp_path, TMUX="/run/tmux,1,0", TERM="tmux-256color")
    assert b"\x1b]52;c;" + base64.b64encode(COPIED) + b"\x07" in raw
    assert tmux_passthrough(COPIED.decode()).encode() in raw


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
@pytest.mark.parametrize("option", ["set-clipboard on", "allow-passthrough on"])
def test_the_clipboard_reaches_an_outer_terminal(tmp_path: Path, option: str) -> None:
    script, settings = tmp_path / "copier.py", tmp_path / "tmux.conf"
    script.write_text(SCRIPT)
    off = "set -g allow-passthrough off\nset -s set-clipboard off\n"
    settings.write_text(off + ("set -s " if "clipboard" in option else "set -g ") + option + "\n")
    program = f"{sys.executable} {script}"
    command = ["tmux", "-S", str(tmp_path / "socket"), "-f", str(settings), "new", program]
    with Console(command) as console:
        console.wait_for("ready")
        console.press("y")
        console.wait_for("sent to terminal")
        expected = base64.b64encode(COPIED)
        console.wait_for(lambda _: b"]52;" in console.raw and expected in console.raw)
        console.send("\x11")  # ctrl+q ends the program, and with it the tmux server of this test
        console.wait_end()
