"""Measures the memory of a console that was used, on a large database beside one with 2,000 customers."""

from collections.abc import Iterator
from pathlib import Path

from bench.console_program import MAIN, compiled, large_base, practice_base
from bench.figures import Figure
from tests.terminal import Console

SEARCHES = ("m", "maria g", "anderson", "j smith", "lo", "0142", "ngu", "mariaa gracia")
STEPS = 12


def figures() -> list[Figure]:
    """Do the same on both, and read what the system says of the process."""
    with compiled() as env, practice_base() as small, large_base() as (large, count):
        few = _worked_with(env | {"LATCHKEY_DATABASE_URL": small})
        many = _worked_with(env | {"LATCHKEY_DATABASE_URL": large})
    note = f"{count:,} customers; floor: 2,000"
    return [
        Figure("memory, resident", "MB", many["Rss"], few["Rss"], "≤ 1.5; ≤ 110 MB", note),
        Figure("memory, its own", "MB", many["Private"], few["Private"], "reported", note),
    ]


def _worked_with(env: dict[str, str]) -> dict[str, float]:
    """Search, walk down the results and open a customer, several times over; return megabytes."""
    with Console(MAIN, env=env) as console:
        console.wait_for("team lead", timeout=60)
        for words in SEARCHES:
            console.press("ctrl+u")
            console.type(words)
            console.wait_quiet(0.6, timeout=30)
            console.press(*["down"] * STEPS, "enter")
            console.wait_quiet(0.6, timeout=30)
            console.press("escape", "/")
        return _megabytes(console.pid)


def _megabytes(pid: int) -> dict[str, float]:
    found = dict.fromkeys(("Rss", "Private"), 0.0)
    for name, kilobytes in _entries(Path(f"/proc/{pid}/smaps_rollup")):
        found[name] = found.get(name, 0.0) + kilobytes / 1000
    return found


def _entries(file: Path) -> Iterator[tuple[str, float]]:
    for line in file.read_text().splitlines()[1:]:
        name, value = line.split(":")
        yield name.partition("_")[0], float(value.split()[0])
