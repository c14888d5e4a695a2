"""Keeps the practice database: builds it when it is missing or outdated, and never leaves its own folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import msgspec

from db.errors import Invalid, Unavailable
from seeds.folder import DATABASE_FILE, is_marked, links, strangers
from tui import output
from tui.commands.setup import ROLES, Setup, pass_setup

MARKER: Final = ".latchkey-sandbox"
"""The file that makes a folder a sandbox: without it nothing in there is touched."""
PATIENCE_SECONDS: Final = 120.0
FRESH_PATIENCE_SECONDS: Final = 3.0
_POLL_SECONDS: Final = 0.05
_ANEW: Final = "latchkey sandbox --fresh"
_UNUSABLE: Final = {
    "database-missing": "is missing",
    "not-a-database": "is damaged",
    "database-damaged": "is damaged",
    "not-migrated": "is damaged",
    "older-database": "is of another version",
    "newer-database": "is of another version",
}
"""What is wrong with a practice database; there is no backup of it, and it needs none."""


class Built(msgspec.Struct, frozen=True):
    """What the marker says: by which program and for which schema, and whether building came to its end."""

    version: str = ""
    schema: str = ""
    complete: bool = False


def expected() -> Built:
    """What the marker of a sandbox says that this program can use."""
    from db.schema import known_revisions
    from db.version import APP_VERSION

    return Built(version=APP_VERSION, schema=known_revisions()[-1], complete=True)


@contextmanager
def held(folder: Path, *, fresh: bool = False) -> Iterator[Path]:
    """Give a usable sandbox, built first if need be, and keep others from rebuilding it meanwhile.

    Raises `Invalid` for a folder that holds something else, or that is in use while `fresh` is asked for;
    `Unavailable` for a practice database that is missing or damaged.
    """
    with _usable(folder):
        marker = _claimed(folder)
    with _Lock(marker) as lock:
        lock.settle(folder, fresh=fresh)
        with _usable(folder):
            _require_practice(folder)
        yield folder


def with_own_remedy(error: Unavailable) -> Unavailable:
    """Return an error of the practice database with what to do about it, which is to build it anew."""
    what = _UNUSABLE.get(error.code)
    if what is None:
        return error
    return Unavailable(f"The practice database {what}. Build it anew with: {_ANEW}", code=error.code)


@dataclass
class _Lock:
    """The lock on the marker file: shared while the sandbox is used, exclusive while it is built."""

    marker: Path
    handle: int = -1

    def __enter__(self) -> "_Lock":
        self.handle = os.open(self.marker, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self.handle)

    def settle(self, folder: Path, *, fresh: bool) -> None:
        """Come to hold a complete sandbox as a user of it, waiting for another that builds."""
        wants_build = fresh
        deadline = time.monotonic() + (FRESH_PATIENCE_SECONDS if fresh else PATIENCE_SECONDS)
        while True:
            if not wants_build and self._try(fcntl.LOCK_SH) and self.read() == expected():
                return
            fcntl.flock(self.handle, fcntl.LOCK_UN)  # two that both keep a shared lock would wait for ever
            if self._try(fcntl.LOCK_EX):
                if wants_build or self.read() != expected():
                    self._build(folder)
                    wants_build = False
                continue
            if time.monotonic() > deadline:
                raise _in_use(fresh=fresh)
            time.sleep(_POLL_SECONDS)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def read(self) -> Built:
        """Return what the marker says; anything unreadable counts as never built."""
        try:
            return msgspec.json.decode(os.pread(self.handle, 4096, 0), type=Built)
        except msgspec.MsgspecError:
            return Built()

    def write(self, built: Built) -> None:
        """Put a new text into the marker, which stays the same file: the lock hangs on it."""
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, msgspec.json.encode(built), 0)

    def _build(self, folder: Path) -> None:
        from seeds.builder import build

        with _usable(folder):
            _refuse_strangers(folder)
        self.write(Built())
        with output.progress("building the practice database") as report:
            build(folder, progress=report)
        self.write(expected())


def _in_use(*, fresh: bool) -> Exception:
    if fresh:
        return Invalid(
            "The practice database is open in another Latchkey. Close that one, then try again.",
            code="sandbox-in-use",
        )
    return Unavailable(
        "Another Latchkey holds the practice database and does not come to an end. Close it, then try again.",
        code="sandbox-in-use",
    )


@contextmanager
def _usable(folder: Path) -> Iterator[None]:
    """Let a folder whose files cannot be looked at come out as a sentence."""
    try:
        yield
    except OSError:
        raise Unavailable(
            f"The sandbox folder {folder} cannot be used. Check whose it is, or name another in"
            " LATCHKEY_SANDBOX_DIR.",
            code="sandbox-folder",
        ) from None


def _claimed(folder: Path) -> Path:
    """Return the marker of a folder that is a sandbox, or may become one because it is new or empty."""
    marker = folder / MARKER
    _make_private(folder)
    is_claimed = marker.is_file() and not marker.is_symlink()
    if not is_claimed and any(folder.iterdir()):
        raise Invalid(
            f"The folder {folder} holds other files, so no sandbox is made there. Name an empty folder in"
            " LATCHKEY_SANDBOX_DIR.",
            code="sandbox-folder",
        )
    if is_claimed and marker.stat().st_nlink > 1:
        raise _link(marker)
    for path in links(folder):
        raise _link(path)
    folder.chmod(0o700)
    return marker


def _make_private(folder: Path) -> None:
    """Make a folder, and those that it lies in, for their owner alone: the real database may follow (R54)."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)


def _link(path: Path) -> Invalid:
    return Invalid(
        f"In the sandbox folder, {path} is a link to something elsewhere. Delete the link, then run: {_ANEW}",
        code="sandbox-folder",
    )


def _refuse_strangers(folder: Path) -> None:
    """Keep a build from deleting what no build made, another database under the sandbox's name included."""
    for path in strangers(folder):
        if path.name != MARKER:
            raise Invalid(
                f"The sandbox did not make {path}, so nothing was deleted. Move it to another folder, then"
                f" run: {_ANEW}",
                code="sandbox-folder",
            )
    database = folder / DATABASE_FILE
    if database.exists() and is_marked(database) is False:
        raise _not_for_practice(database)


def _require_practice(folder: Path) -> None:
    """Keep the practice operators, who may do anything, away from every other database."""
    database = folder / DATABASE_FILE
    if not database.exists():
        raise with_own_remedy(Unavailable("", code="database-missing"))
    match is_marked(database):
        case None:
            raise with_own_remedy(Unavailable("", code="not-a-database"))
        case False:
            raise _not_for_practice(database)


def _not_for_practice(database: Path) -> Invalid:
    return Invalid(
        f"{database} is a database, but not one for practice. Move it to another folder, then run: {_ANEW}",
        code="sandbox-folder",
    )


@click.command("sandbox")
@click.option(
    "--role", type=click.Choice(ROLES), help="Work as this role's practice operator.", show_default="support"
)
@click.option("--fresh", is_flag=True, help="Build the practice database anew; all practice is gone.")
@click.option("--no-console", is_flag=True, help="Only build it.")
@pass_setup
def command(setup: Setup, role: str | None, fresh: bool, no_console: bool) -> int:
    """Open the console on a private practice database with made-up customers and a mailbox of its own.

    Nothing leaves it: mails land in a folder beside it. It is built on first use.
    """
    from tui.config import sandbox_folder

    setup.in_sandbox = True
    setup.role = role or setup.role
    if fresh:
        with held(sandbox_folder(), fresh=True):
            pass
    folder = setup.sandbox_folder
    if no_console:
        output.line(f"The practice database is ready in {folder}.")
        return 0
    from tui.commands.console import open_console

    return open_console(setup)
