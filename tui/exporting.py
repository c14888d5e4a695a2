"""Writes audit events to a file of the operator's choosing, as CSV or JSON lines (R44).

A CSV cell that a spreadsheet would run as a formula gets an apostrophe in front, and every control is
shown instead of acting; JSON lines escape them. The file is new, and its owner's alone (0600).
"""

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

from db.errors import Invalid
from db.queries.audit import EventView
from tui.output import plain
from tui.text import safe

Format = Literal["csv", "json"]
COLUMNS: Final = (
    "event",
    "at",
    "operator",
    "role",
    "operation",
    "outcome",
    "customer",
    "target",
    "reason",
    "changes",
    "notes",
    "hash",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠")


def write_events(path: Path, how: Format, events: Iterable[EventView]) -> None:
    """Write a new file; raise `Invalid` where it is there already or cannot be made.

    What was written is taken away again where the events end in an error.
    """
    handle = _made(path)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(_csv(events) if how == "csv" else _json_lines(events))
    except OSError:
        path.unlink(missing_ok=True)
        raise Invalid(
            "The file could not be written to its end. Make room on the disk.", field="file"
        ) from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def check_new(path: Path) -> None:
    """Raise `Invalid` where a file could not be made, before anything is recorded."""
    os.close(_made(path))
    path.unlink()


def _made(path: Path) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise Invalid("There is a file of that name already. Choose another name.", field="file") from None
    except OSError as error:
        why = (error.strerror or "it was refused").lower()
        raise Invalid(f"No file can be made there: {why}. Choose another place.", field="file") from None


def neutral(value: object) -> str:
    """Return a value for a CSV cell: one line in which nothing acts, on a terminal or in a spreadsheet."""
    text = safe(value, limit=20_000)
    is_formula = any(form.lstrip().startswith(_FORMULA) for form in (text, str(value)))
    return f"'{text}" if is_formula else text


def _csv(events: Iterable[EventView]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for event in events:
        writer.writerow([neutral(value) for value in _cells(event)])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _cells(event: EventView) -> tuple[object, ...]:
    row = event.row
    changes = "; ".join(f"{item.key}: {item.before or '–'} → {item.after or '–'}" for item in event.changes)
    return (
        row.seq,
        plain(row.at),
        row.operator_id,
        row.role,
        row.operation,
        row.outcome,
        f"C-{row.customer_id}" if row.customer_id else "",
        row.target,
        event.reason,
        changes,
        "; ".join(f"{name}: {value}" for name, value in event.notes),
        event.hash,
    )


def _json_lines(events: Iterable[EventView]) -> Iterator[str]:
    for event in events:
        yield json.dumps(plain(event)).replace("\x7f", "\\u007f") + "\n"
