"""`audit export` on the command line: where it writes, which names it refuses, how ctrl+C ends it (R44)."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import HEARS_CTRL_C, Latchkey

AUDITOR = ("--sandbox", "--role", "auditor", "audit")


def looked_at(latchkey: Latchkey) -> None:
    """Enough events, for to read the log is one."""
    for _ in range(5):
        latchkey(*AUDITOR, "list")


def events(latchkey: Latchkey) -> list[str]:
    return [row["operation"] for row in latchkey(*AUDITOR, "list", "--json").json["rows"]]


def test_R44_a_dash_writes_to_standard_output_and_makes_no_file(
    latchkey: Latchkey, sandbox: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    looked_at(latchkey)
    done = latchkey(*AUDITOR, "export", "--csv", "-")
    assert done.status == 0
    rows = list(csv.DictReader(io.StringIO(done.out, newline="")))
    assert rows[0]["operation"] == "read-audit"
    assert re.fullmatch(r"[0-9,]+ events written\.", done.err.strip().splitlines()[-1])
    assert not (home / "-").exists()
    lines = latchkey(*AUDITOR, "export", "-").out.splitlines()
    assert json.loads(lines[0])["row"]["operation"] == "export-audit"


@pytest.mark.parametrize("name", ["a\x1b]0;b\x07.csv", "a\nb.csv", "a\u202eb.csv"])
def test_R44_a_name_with_a_character_that_cannot_be_seen_is_refused(
    latchkey: Latchkey, sandbox: Path, home: Path, name: str
) -> None:
    refused = latchkey(*AUDITOR, "export", "--csv", home / name)
    assert refused.status == 1
    assert "a character that cannot be seen" in refused.err
    assert not list(home.glob("*.csv"))
    assert events(latchkey)[0] != "export-audit"


def test_R44_ctrl_c_leaves_no_half_file_and_ends_with_130(
    latchkey: Latchkey, sandbox: Path, home: Path
) -> None:
    """The interrupt comes while the file is being written: after its third event."""
    code = (
        f"import os, signal\n{HEARS_CTRL_C}\n"
        "from tui import oversight\n"
        "whole = oversight.Counted.through\n"
        "def through(self, events, total):\n"
        "    for at, event in enumerate(whole(self, events, total)):\n"
        "        if at == 3: os.kill(os.getpid(), signal.SIGINT)\n"
        "        yield event\n"
        "oversight.Counted.through = through\n"
        "from tui.start import main; main()"
    )
    looked_at(latchkey)
    path = home / "log.csv"
    done = subprocess.run(
        [sys.executable, "-c", code, *AUDITOR, "export", "--csv", str(path)],
        capture_output=True, text=True, check=False, timeout=60, env=dict(os.environ),
    )  # fmt: skip
    assert done.returncode == 130
    assert "The export was cancelled after" in done.stderr
    assert "No file was written." in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(home.glob("*log.csv*"))
    assert not list(home.glob(".*.part"))
    assert events(latchkey)[:2] == ["cancel-export", "export-audit"]
