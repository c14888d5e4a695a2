"""Writes audit events to a file of the operator's choosing, as CSV or JSON lines (R44).

A CSV cell that a spreadsheet would run as a formula gets an apostrophe in front, and every control is
shown instead of acting; JSON lines escape them. The file is new, and its owner's alone (0600).
"""

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

import click

from db.errors import Invalid
from db.queries.audit import EventView
from tui.output import plain
from tui.text import HOSTILE, safe

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


def write_events(path: Path | None, how: Format, events: Iterable[EventView]) -> None:
    """Write a new file, or to standard output (None); raise `Invalid` where the file cannot be made.

    It gets its name once it is whole: where the events end in an error, or the program is killed, there is
    no file of that name.
    """
    lines = _csv(events) if how == "csv" else _json_lines(events)
    if path is None:
        for text in lines:
            click.echo(text.encode(), nl=False)  # as in a file, whatever the terminal's encoding
        return
    part = _part_of(path)
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        _publish(part, path)
    except OSError:
        raise Invalid(
            "The file could not be written to its end. Make room on the disk.", field="file"
        ) from None
    finally:
        part.unlink(missing_ok=True)


def check_new(path: Path) -> None:
    """Raise `Invalid` where a file could not be made, before anything is recorded."""
    unwanted = HOSTILE.search(str(path))
    if unwanted:
        code = f"U+{ord(unwanted.group()):04X}"
        raise Invalid(
            f"The name of the file holds a character that cannot be seen ({code}). Give another name.",
            field="file",
        )
    if os.path.lexists(path):
        raise _taken()
    _part_of(path).unlink()


def _part_of(path: Path) -> Path:
    """Make an empty file beside it, which only its owner can read."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:60]}-", suffix=".part", dir=path.parent)
    except OSError as error:
        why = (error.strerror or "it was refused").lower()
        raise Invalid(f"No file can be made there: {why}. Choose another place.", field="file") from None
    os.close(handle)
    return Path(name)


def _publish(part: Path, path: Path) -> None:
    """Give the file its name, never in the place of another."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise _taken() from None
    except OSError:  # a file system on which a file has one name only
        if os.path.lexists(path):
            raise _taken() from None
        part.rename(path)


def _taken() -> Invalid:
    return Invalid("There is a file of that name already. Choose another name.", field="file")


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
