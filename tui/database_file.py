"""Looks at the file that the database is said to be, and says what is wrong with it or with who may open it.

Modes are advised on only where that does no harm: for a Latchkey database of one's own, in a folder of its
own. A wrong path in the configuration must not end in `chmod 700 /`.
"""

import os
import pwd
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_OTHER_PATH: Final = "Correct database_url; where it comes from, tells: latchkey paths"
_OWN_FOLDER: Final = "Move the database, closed, to a folder of its own that only you can open (0700)."
_BESIDE: Final = ("-wal", "-shm", "-journal")
_AT_HOME: Final = frozenset({"code.key", "latchkey.toml", "sandbox", "incidents"})
"""What else Latchkey keeps in its folders; anything more, and the folder serves others too."""
_OURS: Final = "SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'audit_event')"


@dataclass(frozen=True)
class Look:
    """What one look at the file found; `sentence` says what to do where it is not ok."""

    what: str
    ok: bool
    sentence: str


def looks(file: Path) -> Iterator[Look]:
    """Tell whether the file is a database that is for its owner alone (R54); a missing one is not told of."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return
    except OSError:
        yield Look("database file", False, f"{file} cannot be looked at. {_OTHER_PATH}")
        return
    wrong = _not_a_database(file, found)
    if wrong is not None:
        yield Look("database file", False, wrong)
        return
    for path in (file, *(file.with_name(file.name + end) for end in _BESIDE)):
        if path.exists():
            yield _mode("file mode", path, 0o600)
    yield _folder(file)


def _not_a_database(file: Path, found: os.stat_result) -> str | None:
    """Say why nothing may be advised on the modes of a file; None where something may."""
    if stat.S_ISDIR(found.st_mode):
        return f"{file} is a folder, not a database. {_OTHER_PATH}"
    if not stat.S_ISREG(found.st_mode):
        return f"{file} is no file that a database could be in. {_OTHER_PATH}"
    if found.st_uid != os.geteuid():
        return f"{file} belongs to {_owner(found)}. Run Latchkey as that user, or correct database_url."
    if not _is_latchkey(file):
        return f"{file} is no database of Latchkey. {_OTHER_PATH}"
    return None


def _is_latchkey(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute(_OURS).fetchone()[0] == 2)
    except sqlite3.Error:
        return False


def _folder(file: Path) -> Look:
    folder = file.parent
    found = folder.stat()
    if not stat.S_IMODE(found.st_mode) & 0o077:
        return _mode("folder mode", folder, 0o700)
    if found.st_uid != os.geteuid():
        return Look("folder mode", False, f"{folder} belongs to {_owner(found)}. {_OWN_FOLDER}")
    own = {file.name, *(file.name + end for end in _BESIDE)} | _AT_HOME
    if any(path.name not in own for path in folder.iterdir()):
        return Look("folder mode", False, f"{folder} is open to others and holds other files. {_OWN_FOLDER}")
    return _mode("folder mode", folder, 0o700)


def _mode(what: str, path: Path, wanted: int) -> Look:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~wanted & 0o777:
        return Look(what, False, f"{path} is open to others ({mode:04o}). Run: chmod {wanted:o} {path}")
    return Look(what, True, f"{path.name} {mode:04o}")


def _owner(found: os.stat_result) -> str:
    try:
        return pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        return f"user {found.st_uid}"
