"""What the program costs before it does anything: `--help`, and building the practice database."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.figures import Figure
from seeds.builder import build

ROUNDS = 7
_MAIN = "import sys; from tui.cli import main; sys.argv = ['latchkey', '--help']; main()"


def _cpu_of(argv: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def _build_seconds() -> float:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        build(Path(folder) / "sandbox")
        return time.perf_counter() - start


def figures() -> list[Figure]:
    """Measure CPU time of the help text, and wall time of building the sandbox."""
    help_text, bare = [], []
    for _ in range(ROUNDS):
        bare.append(_cpu_of([sys.executable, "-c", "pass"]))
        help_text.append(_cpu_of([sys.executable, "-c", _MAIN]))
    return [
        Figure("latchkey --help, CPU", "ms", median(help_text) * 1000, median(bare) * 1000, "≤ 150 ms",
               "floor: an empty Python"),
        Figure("building the practice database", "s", _build_seconds(), None, "≤ 20 s", "2,000 customers"),
    ]  # fmt: skip
