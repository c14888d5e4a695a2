"""Builds the practice database: the seeded population and the situations of the procedures."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from db import schema
from db.bulk import load
from db.engine import connect
from db.hashing import placeholder_hash
from db.models import Setting
from db.rules.dedup import DedupMode
from seeds.folder import DATABASE_FILE, MAILBOX_FOLDER, clear, mark
from seeds.planted import OPERATORS
from seeds.population import population
from seeds.rows import rows_of

Progress = Callable[[str, int, int], None]
_STEPS = 4


def _silent(_step: str, _done: int, _total: int) -> None:
    return


def practice_operator(role: str) -> str:
    """Return the practice operator of a role; raise `KeyError` for a role that there is not."""
    return {str(operator.role): operator.id for operator in reversed(OPERATORS)}[role]


def build(folder: Path, *, count: int = 2000, progress: Progress = _silent) -> Path:
    """Build the practice database in a folder of its own and return its file.

    What an earlier build left there is deleted first. The file appears under its name only when it is
    complete, so that a killed build leaves none.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    clear(folder)
    unfinished = folder / f".building-{os.getpid()}.db"
    try:
        _build_file(unfinished, count=count, progress=progress)
        mark(unfinished)
        (folder / MAILBOX_FOLDER).mkdir(mode=0o700, exist_ok=True)
        return unfinished.replace(folder / DATABASE_FILE)
    finally:
        for leftover in folder.glob(f"{unfinished.name}*"):
            leftover.unlink()


def _build_file(path: Path, *, count: int, progress: Progress) -> None:
    progress("creating the tables", 0, _STEPS)
    database = connect(f"sqlite:///{path}", create=True)
    schema.upgrade(database)
    progress("making up the people", 1, _STEPS)
    people = population(count=count)
    rows = rows_of(people, now=datetime.now(UTC), password_hash=placeholder_hash())
    rows[Setting].append(
        {"key": "dedup_mode", "value": msgspec.json.encode(DedupMode.BY_EMAIL).decode(), "version": 1}
    )
    progress("writing them", 2, _STEPS)
    load(database, rows, worker="sandbox", reason="practice population")
    progress("settling", 3, _STEPS)
    database.close()
    progress("done", _STEPS, _STEPS)
