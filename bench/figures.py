"""One measured figure, and how a table of them is printed."""

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured: `ours` beside `floor` in the same unit, and the bound on their ratio."""

    name: str
    unit: str
    ours: float
    floor: float | None
    bound: str
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by the floor."""
        return None if not self.floor else self.ours / self.floor


def interleaved(rounds: int, ours: Callable[[], object], floor: Callable[[], object]) -> tuple[float, float]:
    """Time two things in turn and return the median seconds of each: noise hits both alike."""
    mine, bare = [], []
    for _ in range(rounds):
        for steps, work in ((bare, floor), (mine, ours)):
            start = time.perf_counter()
            work()
            steps.append(time.perf_counter() - start)
    return statistics.median(mine), statistics.median(bare)


def machine() -> str:
    """Say what this was measured on."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}, {platform.system()}"


def as_table(figures: list[Figure]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| figure | ours | floor | ratio | bound | note |", "|---|---|---|---|---|---|"]
    for figure in figures:
        floor = "–" if figure.floor is None else f"{figure.floor:.3g} {figure.unit}"
        ratio = "–" if figure.ratio is None else f"{figure.ratio:.2f}"
        lines.append(
            f"| {figure.name} | {figure.ours:.3g} {figure.unit} | {floor} | {ratio} | {figure.bound} |"
            f" {figure.note} |"
        )
    return "\n".join(lines)
