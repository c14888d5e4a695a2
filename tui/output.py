"""Prints what a command found: tables and lines for people, JSON for programs, nothing that acts on one.

Every value passes `tui.text.safe` on its way to a person (R37), and none reaches a markup parser (R38).
Without a terminal there is no colour and nothing is cut or wrapped.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Final

import click

from db.errors import Clash, LatchkeyError, Stale

GAP: Final = "  "
Row = Sequence[object]

json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


def plain(value: Any) -> Any:
    """Turn what a query returned into what JSON can say: records to objects, times to ISO 8601 in UTC."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
    names = getattr(value, "__struct_fields__", None)  # of a record made with msgspec
    if names is None and is_dataclass(value) and type(value).__str__ is object.__str__:
        names = [field.name for field in fields(value)]
    return str(value) if names is None else {name: plain(getattr(value, name)) for name in names}


def as_json(value: Any) -> str:
    """Return JSON in which every character that could act on a terminal is escaped."""
    from tui.text import HOSTILE

    text = json.dumps(plain(value), ensure_ascii=False, indent=2)
    return "\n".join(HOSTILE.sub(lambda found: _escape(found[0]), line) for line in text.split("\n"))


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))


def print_json(value: Any) -> None:
    """Print one JSON document."""
    click.echo(as_json(value))


def print_list(rows: Iterable[Any], *, more: bool = False, **extra: Any) -> None:
    """Print a list as every command does: `rows`, whether there are more, and anything else to say."""
    print_json({"rows": list(rows), "more": more, **extra})


def line(text: object = "", *, err: bool = False) -> None:
    """Print one line for people."""
    from tui.text import safe

    click.echo(safe(text), err=err)


def heading(text: str) -> None:
    """Print the name of a section, after an empty line."""
    click.echo()
    if sys.stdout.isatty():
        _console().print(_text(text), style="bold")
    else:
        line(text)


def table(columns: Sequence[str], rows: Iterable[Row], *, err: bool = False) -> None:
    """Print rows in aligned columns; on a terminal long values wrap, elsewhere they stay whole."""
    texts = [[_shown(value) for value in row] for row in rows]
    if (sys.stderr if err else sys.stdout).isatty():
        _print_rich(columns, texts, err=err)
        return
    for text in _aligned([list(columns), *texts]):
        click.echo(text, err=err)


def _shown(value: object) -> str:
    from tui.text import safe

    match value:
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return " · ".join(_shown(item) for item in value)
    return safe(value)


def _aligned(rows: list[list[str]]) -> Iterator[str]:
    from rich.cells import cell_len

    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        padded = (text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True))
        yield GAP.join(padded).rstrip()


def _console(*, stderr: bool = False) -> Any:
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def _text(value: str, style: str = "") -> Any:
    from rich.text import Text

    return Text(value, style=style, overflow="fold")


def _print_rich(columns: Sequence[str], rows: list[list[str]], *, err: bool) -> None:
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=True)
    for column in columns:
        drawn.add_column(_text(column, "dim"), overflow="fold")
    for row in rows:
        drawn.add_row(*(_text(text) for text in row))
    _console(stderr=err).print(drawn)


def print_error(error: LatchkeyError) -> None:
    """Print an error for programs, on stdout."""
    print_json({"error": {"code": error.code, "message": str(error), "field": error.field, **_more(error)}})


def _more(error: LatchkeyError) -> dict[str, Any]:
    match error:
        case Clash():
            return {"holder": error.holder}
        case Stale():
            return {"version": error.version, "changes": error.changes}
    return getattr(error, "extra", {})


Report = Callable[[str, int, int], None]


@contextmanager
def progress(label: str) -> Iterator[Report]:
    """Show a bar on stderr where that is a terminal; the report takes step, done, total (0: unknown)."""
    if not sys.stderr.isatty():
        yield lambda _step, _done, _total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda step, done, total: bar.update(
            task, description=step or label, completed=done, total=total or None
        )
