"""What an idle console sends over its terminal in ten seconds (R41)."""

import os
import sys
import tempfile
import time

from bench.figures import Figure
from tests.terminal import Console

SECONDS = 10.0
_MAIN = "from tui.cli import main; main()"


def figures() -> list[Figure]:
    """Open the practice console in a real terminal, wait for it to settle, and count."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "LATCHKEY_SANDBOX_DIR": folder}
        with Console([sys.executable, "-c", _MAIN, "sandbox"], env=env) as console:
            console.wait_for("SANDBOX", timeout=60)
            console.wait_quiet(2.0)
            before = console.bytes_written
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                console.pump(0.5)
            sent = console.bytes_written - before
    return [Figure("idle console, 10 s", "bytes", float(sent), None, "0")]
