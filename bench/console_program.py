"""Starts programs on a pseudo-terminal as a person would, with compiled bytecode, and looks at their cost."""

import os
import pwd
import select
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select as choose

from bench.databases import is_kept, large_sqlite, seed
from db.engine import Database, connect
from db.models import Operator
from db.rules.roles import Role
from tests.factories import BORN, building
from tests.terminal import Console

MAIN = [sys.executable, "-c", "from tui.start import main; main()"]
BARE = [
    sys.executable,
    "-c",
    "from textual.app import App\n"
    "from textual.widgets import Label\n"
    "class Bare(App):\n"
    "    def compose(self):\n"
    "        yield Label('painted')\n"
    "Bare().run()",
]
"""The least that is a Textual app."""

LARGE = (1_000_000, 100_000)
"""Sizes to look for among the databases that were measured before; the last one is built where none is."""
PATIENCE_SECONDS = 60.0


class Moment(NamedTuple):
    """When something was on the screen: seconds since the start by the clock, and of the processors."""

    wall: float
    cpu: float
    sent: int


@contextmanager
def compiled() -> Iterator[dict[str, str]]:
    """Give an environment whose programs keep their bytecode, apart from that of anybody else."""
    with tempfile.TemporaryDirectory() as folder:
        home = {f"XDG_{name}_HOME": str(Path(folder) / name) for name in ("CONFIG", "DATA", "STATE")}
        yield home | {"PYTHONPYCACHEPREFIX": str(Path(folder) / "code"), "PYTHONDONTWRITEBYTECODE": ""}


@contextmanager
def practice_base() -> Iterator[str]:
    """Give the address of a database with 2,000 customers."""
    with tempfile.TemporaryDirectory() as folder:
        database = seed(connect(f"sqlite:///{Path(folder) / 'bench.db'}", create=True))
        yield _usable(database)


@contextmanager
def large_base() -> Iterator[tuple[str, int]]:
    """Give the address and the size of the largest database that is there."""
    size = next(filter(is_kept, LARGE), LARGE[-1])
    with large_sqlite(size) as loaded:
        yield _usable(loaded.database), size


def _usable(database: Database) -> str:
    """Make the person who measures an operator, as the console asks the system who that is."""
    user = pwd.getpwuid(os.getuid()).pw_name
    with database.reading() as connection:
        known = connection.execute(choose(Operator.id).where(Operator.os_user == user)).first()
    if known is None:
        with building(database) as session:
            session.add(
                Operator(id="bench", display_name="Bench", role=Role.LEAD, os_user=user, created_at=BORN)
            )
    database.close()
    return f"sqlite:///{database.url.database}"


@contextmanager
def running(argv: list[str], env: Mapping[str, str]) -> Iterator["Terminal"]:
    """Give a program that was just started, on 80 × 24."""
    started = time.perf_counter()
    with Console(argv, env=env) as console:
        yield Terminal(console, started)


class Terminal:
    """The terminal of a program, read as bytes: a screen would take time of the same processors."""

    def __init__(self, console: Console, started: float) -> None:
        self._console = console
        self._started = started
        self._raw = b""

    def until(self, *wanted: str) -> Moment:
        """Read until all that is wanted was sent since the last call."""
        needed = [text.encode() for text in wanted]
        end = time.monotonic() + PATIENCE_SECONDS
        sent = 0
        while not all(text in self._raw for text in needed):
            if not select.select([self._console.child.child_fd], [], [], max(end - time.monotonic(), 0))[0]:
                raise TimeoutError(f"not sent within {PATIENCE_SECONDS} s: {wanted}")
            data = os.read(self._console.child.child_fd, 65_536)
            self._raw += data
            sent += len(data)
        self._raw = b""
        return Moment(time.perf_counter() - self._started, cpu_seconds(self._console.pid), sent)

    def type(self, text: str) -> None:
        """Type a text."""
        os.write(self._console.child.child_fd, text.encode())


def cpu_seconds(pid: int) -> float:
    """Return what all threads of a process have used, in seconds, to the nanosecond."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
