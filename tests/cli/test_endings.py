"""How the program ends: usage errors, a reader that went away, Ctrl-C, an unexpected error."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import HEARS_CTRL_C, Latchkey

PROGRAM = [sys.executable, "-c", "from tui.start import main; main()"]


@pytest.mark.parametrize("words", [("frob",), ("find",), ("find", "x", "--frob"), ("audit", "frob")])
def test_what_cannot_be_understood_ends_with_2(words: tuple[str, ...], latchkey: Latchkey) -> None:
    answer = latchkey(*words)
    assert answer.status == 2
    assert "--help" in answer.err
    assert latchkey(*words, "--json").error["code"] == "usage"


def test_R37_words_of_the_command_line_come_back_harmless(latchkey: Latchkey) -> None:
    assert "\x1b" not in latchkey("fr\x1b]0;ob\x07").err


def test_R39_an_unexpected_error_is_an_incident_without_its_message(
    latchkey: Latchkey, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_values: object) -> None:
        raise ZeroDivisionError("canary")

    monkeypatch.setattr("db.schema.known_revisions", break_down)
    monkeypatch.setattr("tui.commands.version.known_revisions", break_down)
    answer = latchkey("version")
    assert answer.status == 1
    assert "incident E-" in answer.err
    assert "Traceback" not in answer.err
    (account,) = (home / "state" / "latchkey" / "incidents").iterdir()
    assert "canary" not in answer.err + account.read_text()


def test_a_reader_that_went_away_is_no_error_to_tell(home: Path) -> None:
    end, writer = os.pipe()
    os.close(end)
    program = subprocess.Popen([*PROGRAM, "do", "--help"], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    _, err = program.communicate(timeout=30)
    assert err == b""


def run(words: list[str], shell: str) -> "subprocess.CompletedProcess[str]":
    """Run the program with its streams as a shell's redirections say."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {shell}', "sh", *PROGRAM, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("shell", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("words", [["version"], ["--help"], ["--sandbox", "operator", "list"]])
def test_a_stream_that_came_closed_is_no_error(words: list[str], shell: str, sandbox: Path) -> None:
    done = run(words, shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (">&- " not in f" {shell} ".replace("2>&-", ""))


@pytest.mark.parametrize("words", [["version"], ["--help"], ["find", "x", "--json"], ["find"]])
def test_an_output_that_is_full_is_told_in_one_sentence(words: list[str], home: Path) -> None:
    done = run(words, ">/dev/full")
    assert done.returncode == {"find": 3}.get(words[0], 1) if words != ["find"] else 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "incident" not in done.stderr
    assert not (home / "state").exists()


def test_an_output_that_is_full_leaves_open_whether_the_work_was_done(home: Path) -> None:
    assert "may have done its work" in run(["version"], ">/dev/full").stderr


def test_where_nothing_can_be_told_the_status_still_tells(home: Path) -> None:
    assert run(["version"], ">/dev/full 2>&1").returncode == 1
    assert run(["frob"], "2>/dev/full").returncode == 2


def test_ctrl_c_ends_with_130_and_says_nothing(home: Path, sandbox: Path) -> None:
    code = f"import signal, os\n{HEARS_CTRL_C}\nfrom tui import output\n"
    code += "output.print_list = lambda *_a, **_k: os.kill(os.getpid(), signal.SIGINT)\n"
    code += "from tui.cli import main\nmain()"
    words = ["--sandbox", "operator", "list", "--json"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr


def on_a_terminal(words: list[str], environment: dict[str, str]) -> str:
    """Run the program with a terminal as its output and return what it wrote."""
    leader, follower = pty.openpty()
    program = subprocess.Popen(
        [*PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=follower, env={**os.environ, **environment}
    )
    os.close(follower)
    written = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:
            break
        if not chunk:
            break
        written += chunk
    os.close(leader)
    assert program.wait(timeout=30) == 0
    return written.decode()


def test_a_terminal_gets_style_and_no_color_takes_colour_away(sandbox: Path) -> None:
    words = ["--sandbox", "operator", "list"]
    plain = on_a_terminal(words, {"TERM": "xterm", "NO_COLOR": "1"})
    assert "\x1b[1;2m" in on_a_terminal(words, {"TERM": "xterm"})
    assert "Ada Moreau" in plain
    assert "\x1b[3" not in plain


def test_outbox_run_ends_at_once_when_it_is_told_to(sandbox: Path) -> None:
    program = subprocess.Popen([*PROGRAM, "--sandbox", "outbox", "run"], stdout=subprocess.PIPE)
    marker = f"/proc/{program.pid}/status"
    while not awaits_sigterm(marker):
        assert program.poll() is None
    program.send_signal(signal.SIGTERM)
    assert program.wait(timeout=10) == 0
    program.communicate()


def awaits_sigterm(status: str) -> bool:
    blocked = next(line for line in Path(status).read_text().splitlines() if line.startswith("SigBlk"))
    return bool(int(blocked.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
