"""Measures how soon the console is there, beside a Textual app with one label, in turn."""

from collections.abc import Callable
from statistics import median

from bench.console_program import BARE, MAIN, Moment, compiled, practice_base, running
from bench.figures import Figure
from tui.catalogue import PLACEHOLDER

ROUNDS = 9
QUERY = "anderson"
ANSWERED = "1–"
"""How the count beside the box begins."""
FIRST_SCREEN = ("PRODUCTION", PLACEHOLDER[1:])
"""The badge, and the hint in the box: the cursor stands on its first letter."""


def figures() -> list[Figure]:
    """Start both in turn, cold processes with compiled bytecode; the first of each only compiles."""
    bare: list[Moment] = []
    first: list[Moment] = []
    found: list[Moment] = []
    with compiled() as env, practice_base() as address:
        ours = env | {"LATCHKEY_DATABASE_URL": address}
        for _ in range(ROUNDS + 1):
            with running(BARE, env) as terminal:
                bare.append(terminal.until("painted"))
            with running(MAIN, ours) as terminal:
                first.append(terminal.until(*FIRST_SCREEN))
                terminal.type(QUERY)
                found.append(terminal.until(ANSWERED))
    return [
        *_pair("first screen painted, keys accepted", first[1:], bare[1:], "≤ 1.3"),
        *_pair("first search answered", found[1:], bare[1:], "≤ 2.5"),
        Figure("first paint, 80 × 24", "kB", _middle(first, _kilobytes), None, "≤ 40"),
    ]


def _pair(name: str, ours: list[Moment], bare: list[Moment], bound: str) -> list[Figure]:
    note = "floor: a Textual app with one label"
    return [
        Figure(name, "ms", _middle(ours, _wall), _middle(bare, _wall), bound, note),
        Figure(f"{name}, on the processor", "ms", _middle(ours, _cpu), _middle(bare, _cpu), bound, note),
    ]


def _middle(moments: list[Moment], value: Callable[[Moment], float]) -> float:
    return median(value(moment) for moment in moments)


def _wall(moment: Moment) -> float:
    return moment.wall * 1000


def _cpu(moment: Moment) -> float:
    return moment.cpu * 1000


def _kilobytes(moment: Moment) -> float:
    return moment.sent / 1000
