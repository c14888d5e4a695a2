"""One measured figure, and what it was measured on."""

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


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


def interleaved(
    rounds: int,
    ours: Callable[[], object],
    floor: Callable[[], object],
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Time two things in turn and return the median seconds of each: noise hits both alike."""
    mine: list[float] = []
    bare: list[float] = []
    for _ in range(rounds):
        for steps, work in ((bare, floor), (mine, ours)):
            start = clock()
            work()
            steps.append(clock() - start)
    return statistics.median(mine), statistics.median(bare)


def machine() -> str:
    """Say what this is measured on, and how busy it is."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f},"
        f" Python {platform.python_version()}, {platform.system()}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def peak_mb() -> float:
    """The most memory that this process ever held, in MB; what a parent held before it is not in it."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def now() -> str:
    """The date and the minute, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
