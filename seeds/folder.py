"""Knows the files of a practice database: their names, the mark inside it, and what else lies beside them."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

DATABASE_FILE: Final = "sandbox.db"
MAILBOX_FOLDER: Final = "mailbox"
CODE_KEY_FILE: Final = "code.key"
MARK: Final = int.from_bytes(b"LKsb", "big")
"""The `application_id` of a practice database, which no other database of the product has."""

_MAGIC: Final = b"SQLite format 3\x00"
_MARK_PLACE: Final = slice(68, 72)  # https://sqlite.org/fileformat2.html#application_id
_FILE: Final = re.compile(r"(sandbox|\.building-[0-9]+)\.db(-wal|-shm|-journal)?|code\.key")
_MAIL: Final = re.compile(r".+\.(eml|[0-9]+\.part)")


def mark(file: Path) -> None:
    """Say inside a closed database that it is for practice; a copy says so too."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {MARK}")


def is_marked(file: Path) -> bool | None:
    """Whether a database is for practice; None where the file is no database at all.

    The first page of the file tells: the mark is in it before anybody works on the database.
    """
    with file.open("rb") as content:
        header = content.read(100)
    if not header.startswith(_MAGIC):
        return None
    return int.from_bytes(header[_MARK_PLACE], "big") == MARK


def links(folder: Path) -> Iterator[Path]:
    """Yield the sandbox's own names behind which a file or folder from elsewhere stands, hard links too."""
    for path in folder.iterdir():
        if path.name != MAILBOX_FOLDER and not _FILE.fullmatch(path.name):
            continue
        if path.is_symlink() or (path.is_file() and path.stat().st_nlink > 1):
            yield path


def strangers(folder: Path) -> Iterator[Path]:
    """Yield what neither a build nor a delivery put into the folder."""
    mailbox = folder / MAILBOX_FOLDER
    own = set(_own_files(folder))
    if mailbox.is_dir() and not mailbox.is_symlink():
        own.add(mailbox)
        yield from (path for path in mailbox.iterdir() if path not in own)
    yield from (path for path in folder.iterdir() if path not in own)


def clear(folder: Path) -> None:
    """Delete what earlier builds and deliveries left; what else is there stays, links too."""
    for path in tuple(_own_files(folder)):
        path.unlink(missing_ok=True)


def _own_files(folder: Path) -> Iterator[Path]:
    yield from _files(folder, _FILE)
    mailbox = folder / MAILBOX_FOLDER
    if mailbox.is_dir() and not mailbox.is_symlink():
        yield from _files(mailbox, _MAIL)


def _files(folder: Path, names: re.Pattern[str]) -> Iterator[Path]:
    for path in folder.iterdir():
        if names.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            yield path
