"""The console on a real pseudo-terminal: what it sends, and how it ends."""

import os
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.terminal import ROOT, Console
from tui.terminal import is_ssh, prepare_environment

TOKEN = "tok-5f1c9e77"
SCRIPT = dedent(
    """
    import os, pathlib, signal, sys, threading
    from tui.terminal import NoTerminal, hold_cursor_still, prepare_environment, run_console
    prepare_environment()
    from textual.widgets import Input, Label, TextArea
    from tui.incident import QuietCrash, install_hooks
    from tui.drawn_text import SafeLineFilter, content

    here = pathlib.Path(__file__).parent
    mode = sys.argv[1] if len(sys.argv) > 1 else ""
    if mode == "no-hup":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})

    class Probe(QuietCrash[int]):
        incident_folder = here / "incidents"
        CSS = "TextArea { height: 3 }"

        def __init__(self):
            super().__init__()
            self.safe_filter = SafeLineFilter()

        def get_line_filters(self):
            return [self.safe_filter, *super().get_line_filters()]

        def on_descendant_focus(self, event):
            hold_cursor_still(event.widget)

        def compose(self):
            yield Input(id="box")
            yield TextArea(id="area")
            yield Label("\\x1b]52;c;cm0=\\x07\\x1b]0;owned\\x07\\x9b31m\\u202eraw", markup=False)
            yield Label(content("\\x1b]52;c;cm0=\\x07\\x1b]0;owned\\x07\\x9b31m\\u202esafe"))
            yield Label("ready", id="noise")

        def on_mount(self):
            self.count = 0
            if mode in ("noisy", "speechless"):
                self.set_interval(0.01, self.shout)

        def shout(self):
            self.count += 1
            self.screen.styles.background = f"rgb({self.count % 250},0,0)"

        def on_unmount(self):
            (here / "unmounted").write_text("clean")

        def key_f2(self):
            token = "tok-5f1c9e77"
            raise ValueError(token)

        def key_f3(self):
            self.run_worker(self.fail, thread=True)

        def fail(self):
            token = "tok-5f1c9e77"
            raise ValueError(token)

    def last_words():
        (here / "last-words").write_text("session-end")
        if mode == "speechless":
            threading.Event().wait()

    install_hooks(folder=here / "incidents")
    try:
        sys.exit(run_console(Probe(), last_words=last_words))
    except NoTerminal as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)
    """
)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "probe.py"
    path.write_text(SCRIPT)
    return path


@pytest.fixture
def console(script: Path) -> Iterator[Console]:
    with Console([sys.executable, str(script)]) as started:
        started.wait_for("ready")
        started.wait_quiet()
        yield started


def seconds_to_end(console: Console) -> float:
    start = time.monotonic()
    console.wait_end(timeout=5)
    return time.monotonic() - start


def flags(console: Console) -> int:
    """Local modes of the terminal: echo, line editing, signals."""
    return int(termios.tcgetattr(console.child.child_fd)[3])


def test_R37_A11_hostile_values_arrive_visible_and_harmless(console: Console) -> None:
    assert "␛]52;c;cm0=␇␛]0;owned␇‹U+009B›31m‹U+202E›safe" in console.screen_text()
    for attack in (b"]52;c;", b"]0;", b"\x07", "\x9b".encode(), "\u202e".encode()):
        assert b"\x1b" + attack not in console.raw
    assert "\u202e".encode() not in console.raw
    assert "\x9b".encode() not in console.raw
    assert console.screen.title == ""


def idle_bytes(console: Console, seconds: float) -> int:
    before, end = console.bytes_written, time.monotonic() + seconds
    while time.monotonic() < end:
        console.pump()
    return console.bytes_written - before


def test_R41_an_idle_input_sends_nothing_in_ten_seconds(console: Console) -> None:
    assert idle_bytes(console, 10) == 0


@pytest.mark.parametrize("keys", [["tab"], ["ctrl+p"]], ids=["text area", "command palette"])
def test_R41_no_other_cursor_blinks_either(console: Console, keys: list[str]) -> None:
    console.press(*keys)
    console.wait_quiet(0.4)
    assert idle_bytes(console, 2) == 0


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_R40_a_signal_ends_the_console_cleanly_within_two_seconds(
    console: Console, number: signal.Signals, tmp_path: Path
) -> None:
    console.signal(number)
    assert seconds_to_end(console) < 2
    assert console.wait_end() == 128 + number
    assert (tmp_path / "unmounted").exists()
    assert not (tmp_path / "last-words").exists()
    assert not console.in_full_screen


@pytest.mark.parametrize("mode", ["", "no-hup"])
def test_A16_a_closed_terminal_ends_the_console_in_time(script: Path, mode: str, tmp_path: Path) -> None:
    with Console([sys.executable, str(script), mode]) as console:
        console.wait_for("ready")
        console.wait_quiet()
        console.kill_client()
        assert seconds_to_end(console) < 2
        assert console.wait_end() == 128 + signal.SIGHUP
    assert (tmp_path / "unmounted").exists() or (tmp_path / "last-words").exists()


def is_asleep(pid: int) -> bool:
    """Whether no thread of the process runs, as when nobody reads what it writes."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return all("State:\tS" in (task / "status").read_text() for task in tasks)


def freeze(console: Console) -> None:
    """Read nothing until the program, which never stops drawing, has been stuck for a second."""
    deadline = time.monotonic() + 15
    asleep_since = time.monotonic()
    while time.monotonic() - asleep_since < 1:
        assert time.monotonic() < deadline
        if not is_asleep(console.pid):
            asleep_since = time.monotonic()
        select.select([], [], [], 0.005)


@pytest.mark.parametrize("mode", ["noisy", "speechless"], ids=["session-end written", "session-end stuck"])
def test_A17_a_frozen_client_does_not_keep_the_console_alive(script: Path, mode: str, tmp_path: Path) -> None:
    with Console([sys.executable, str(script), mode]) as console:
        console.wait_for("ready")
        freeze(console)
        console.signal(signal.SIGTERM)
        start = time.monotonic()
        while console.child.isalive():
            assert time.monotonic() - start < 2
            select.select([], [], [], 0.01)
        assert console.child.exitstatus == 128 + signal.SIGTERM
    assert not (tmp_path / "unmounted").exists()
    assert (tmp_path / "last-words").exists()


@pytest.mark.parametrize("key", ["f2", "f3"], ids=["in a handler", "in a worker"])
def test_R39_A14_a_crash_shows_one_sentence_on_a_restored_terminal(
    script: Path, key: str, tmp_path: Path
) -> None:
    with Console([sys.executable, str(script)]) as console:
        before = flags(console)
        console.wait_for("ready")
        assert flags(console) != before
        console.press(key)
        assert console.wait_end() == 1
        assert flags(console) == before
        assert not console.in_full_screen
        assert b"\x1b[?25h" in console.raw
        (file,) = (tmp_path / "incidents").iterdir()
        assert " ".join(console.screen_text().split()) == (
            "Latchkey stopped because of an unexpected error. Tell your administrator: "
            f"incident {file.stem}. The details are in the incident folder."
        )
        assert TOKEN.encode() not in console.raw
        assert TOKEN not in file.read_text()
        assert "builtins.ValueError" in file.read_text()


def test_R40_without_a_terminal_the_console_refuses_with_a_sentence(script: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(script)], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("The console needs a terminal")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_A15_a_terminal_that_cannot_draw_is_refused(script: Path, term: str) -> None:
    with Console([sys.executable, str(script)], env={"TERM": term}) as console:
        assert console.wait_end() == 1
        assert "cannot draw on TERM=" in console.screen_text()
        assert b"\x1b" not in console.raw


@pytest.mark.parametrize("redirected", ["<", ">", "2>"])
def test_R40_one_redirected_stream_is_enough_to_refuse(script: Path, redirected: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Console(["/bin/sh", "-c", f"{sys.executable} {script} {redirected}{tmp_path / 'file'}"]) as console:
        assert console.wait_end() == 1
    assert not (tmp_path / "unmounted").exists()


@pytest.mark.parametrize(("cols", "rows"), [(1, 1), (900, 500)])
def test_A15_odd_window_sizes_do_no_harm(console: Console, cols: int, rows: int) -> None:
    console.resize(cols, rows)
    console.wait_quiet()
    console.resize(80, 24)
    console.wait_for("ready")


def test_A20_the_environment_cannot_steer_textual() -> None:
    environ = {"TEXTUAL_DRIVER": "evil:Driver", "TEXTUAL": "debug", "TEXTUAL_LOG": "/x", "LANG": "C.UTF-8"}
    prepare_environment(environ)
    assert environ == {"LANG": "C.UTF-8", "ESCDELAY": "300"}


def test_an_escape_delay_of_the_operators_own_is_kept() -> None:
    environ = {"ESCDELAY": "50"}
    prepare_environment(environ)
    assert environ == {"ESCDELAY": "50"}


def test_what_prepares_the_terminal_loads_no_textual() -> None:
    loaded = "import tui.terminal, sys; sys.exit(any(name.startswith('textual') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", loaded], cwd=ROOT).returncode == 0


def test_ssh_is_told_by_the_variables_that_sshd_sets() -> None:
    assert [is_ssh({"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}), is_ssh({})] == [True, False]


def test_an_arrow_key_torn_apart_on_a_slow_link_stays_an_arrow_key(console: Console) -> None:
    console.send("\x1b")
    idle_bytes(console, 0.15)
    console.send("[B")
    console.type("ok")
    console.wait_for("ok")
    assert "[B" not in console.screen_text()


def test_the_harness_types_pastes_and_presses(console: Console) -> None:
    console.type("anders")
    console.wait_for("anders")
    console.paste(" pasted")
    console.wait_for("anders pasted")
    console.press("backspace", "home", "X")
    console.wait_for("Xanders paste")


def test_the_harness_tells_what_it_saw_when_it_waits_in_vain(console: Console) -> None:
    with pytest.raises(AssertionError, match="not seen within"):
        console.wait_for("never shown", timeout=0.2)
