"""Finds playbooks: an admin's own go before the shipped ones of the same id."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec
from sqlalchemy import Connection, select

from db.errors import Unknown
from db.models import Playbook as Row
from db.rules.playbooks import Playbook

_ROWS = select(Row.id, Row.source, Row.is_active, Row.version).order_by(Row.id)


@dataclass(frozen=True)
class Kept:
    """A playbook with where it comes from; `version` is 0 for a shipped one."""

    playbook: Playbook
    source: str
    is_own: bool
    is_active: bool
    version: int

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the source, by which a walk knows what it walks."""
        return hashlib.sha256(self.source.encode()).hexdigest()


@cache
def shipped_sources() -> tuple[tuple[str, str], ...]:
    """Return the shipped files, name and text, by name."""
    folder = resources.files("db.playbooks").joinpath("shipped")
    found = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return tuple(sorted((file.name, file.read_text(encoding="utf-8")) for file in found))


@cache
def _shipped() -> tuple[Kept, ...]:
    return tuple(
        Kept(decoded(source), source, is_own=False, is_active=True, version=0)
        for _, source in shipped_sources()
    )


def decoded(source: str) -> Playbook:
    """Return the playbook in a source that was found to be sound when it was saved or shipped."""
    return msgspec.toml.decode(source, type=Playbook)


def playbooks(connection: Connection, *, with_retired: bool = False) -> tuple[Kept, ...]:
    """Return all playbooks by procedure and id; retired ones only where they are asked for."""
    found = {kept.playbook.id: kept for kept in _shipped()}
    for row in connection.execute(_ROWS):
        found[row.id] = Kept(decoded(row.source), row.source, True, row.is_active, row.version)
    shown = [kept for kept in found.values() if kept.is_active or with_retired]
    return tuple(sorted(shown, key=lambda kept: (kept.playbook.procedure, kept.playbook.id)))


def playbook(connection: Connection, name: str) -> Kept:
    """Return one playbook, retired or not; raise `Unknown`."""
    found = next(
        (kept for kept in playbooks(connection, with_retired=True) if kept.playbook.id == name), None
    )
    if found is None:
        raise Unknown(
            f"There is no playbook {name!r}. List them with: latchkey playbook list", field="playbook"
        )
    return found
