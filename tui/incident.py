"""Turns an unexpected error into an incident: a sentence for the operator, a redacted file for admins (R39).

The file holds types, files, lines and function names. Messages and local variables can hold a token or a
customer's data, so they are written nowhere; only our own errors, whose sentences are made for people, keep
their message.
"""

import os
import platform
import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from rich.text import Text
from textual.app import App

from tui.text import safe

OWN_PACKAGES: Final = frozenset({"db", "tui"})
MAX_FRAMES: Final = 60
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

Result = TypeVar("Result")


@dataclass(frozen=True)
class Incident:
    """An unexpected error that was taken note of; `path` is None where the file could not be written."""

    id: str
    path: Path | None


class ConsolePanic(Exception):
    """The terminal driver gave up."""


def sentence(incident: Incident) -> str:
    """What the operator reads instead of a traceback."""
    where = (
        "The details are in the incident folder."
        if incident.path is not None
        else "The details could not be written."
    )
    return (
        f"Latchkey stopped because of an unexpected error. Tell your administrator: "
        f"incident {incident.id}. {where}"
    )


def record_incident(exc: BaseException, *, folder: Path) -> Incident:
    """Write a redacted account of `exc` to a new file (mode 0600) in `folder` and return the incident.

    Never raises for a folder that cannot be written: the operator still gets an id.
    """
    import secrets  # an incident is rare, and the first screen is waited for

    name = "E-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))
    path = folder / f"{name}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"incident {name}\ntime {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n")
            file.write(f"python {platform.python_version()} on {platform.system()}\n")
            file.writelines(f"{line}\n" for line in redacted(exc))
    except OSError:
        return Incident(name, None)
    return Incident(name, path)


def redacted(exc: BaseException) -> Iterator[str]:
    """Yield the lines of a traceback without messages, source lines or local variables, cause by cause."""
    seen: set[int] = set()
    waiting = [exc]
    while waiting:
        error = waiting.pop(0)
        if id(error) in seen:
            continue
        seen.add(id(error))
        yield ""
        yield _headline(error)
        frames = list(traceback.walk_tb(error.__traceback__))
        for frame, line in frames[-MAX_FRAMES:]:
            code = frame.f_code
            yield f"  {safe(code.co_filename)}:{line} in {safe(code.co_qualname)}"
        waiting += _related(error)


def _headline(error: BaseException) -> str:
    kind = type(error)
    name = safe(f"{kind.__module__}.{kind.__qualname__}", limit=200)
    own = kind.__module__.partition(".")[0] in OWN_PACKAGES
    return f"{name}: {safe(error, limit=500)}" if own and str(error) else name


def _related(error: BaseException) -> list[BaseException]:
    """Causes, members of a group, and what textual wraps in WorkerFailed (`.error`)."""
    candidates = [error.__cause__, error.__context__, getattr(error, "error", None)]
    candidates += getattr(error, "exceptions", ())
    return [found for found in candidates if isinstance(found, BaseException)]


def install_hooks(*, folder: Path) -> None:
    """Send errors that reach the interpreter itself, in any thread, to incident files instead of stderr."""

    def on_main(_kind: type[BaseException], error: BaseException, _trace: object) -> None:
        sys.stderr.write(f"{sentence(record_incident(error, folder=folder))}\n")

    def on_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            record_incident(args.exc_value, folder=folder)

    def on_unraisable(args: Any) -> None:
        if args.exc_value is not None:
            record_incident(args.exc_value, folder=folder)

    sys.excepthook = on_main
    threading.excepthook = on_thread
    sys.unraisablehook = on_unraisable


class QuietCrash(App[Result]):
    """An App that ends on an unexpected error with one sentence and exit status 1, and shows no traceback.

    Textual has no public hook for this. Overridden here are `_handle_exception`, which every message pump,
    timer, worker and renderer calls, and `panic`, which the input thread calls with a traceback; both are
    pinned by the crash tests.
    """

    incident_folder: Path
    incident: Incident | None = None

    def _handle_exception(self, error: Exception) -> None:
        self._return_code = 1
        if self._exception is None:
            # The pilot raises this again at the end of a test; nothing prints it.
            self._exception = error
            self._exception_event.set()
        if self.incident is None:
            self.incident = record_incident(error, folder=self.incident_folder)
            self._exit_renderables[:] = [Text(sentence(self.incident))]
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        self._handle_exception(ConsolePanic(f"{len(renderables)} notes of the driver were withheld"))
