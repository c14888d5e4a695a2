"""Statements put into the driver's form once, and run on the driver's own cursor.

For what is said in every change: SQLAlchemy's execution costs ten times what SQLite needs for one.
Whoever listens to the statements of a connection hears these too, so the guard checks them like any other.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import TypeDecorator, TypeEngine

Values = Mapping[str, Any]
Process = Callable[[Any], Any]
Processes = tuple[tuple[int, Process], ...]
_NOTHING: Values = {}
_READER = "latchkey.reader"
_REMEMBERING: dict[tuple[type, str], Process] = {}
"""What converts a moment, for each database: one for all statements, since all write the same few."""
_MOMENTS = 64
"""A change writes few different moments, most of them many times over."""


@dataclass(frozen=True)
class Form:
    """What a driver takes: the text, its parameters in order, and how values are converted both ways."""

    compiled: SQLCompiler
    text: str
    names: tuple[str, ...]
    by_name: bool
    constants: dict[str, Any]
    pick: Callable[[Values], tuple[Any, ...]]
    writing: Processes
    reading: Processes

    def bound(self, values: Values) -> Any:
        """Return the values as the driver takes them, with the statement's own constants."""
        found: Any = self.pick({**self.constants, **values} if self.constants else values)
        if self.writing:
            found = _converted(found, self.writing)
        return dict(zip(self.names, found, strict=True)) if self.by_name else found


class Prepared:
    """A statement of SQLAlchemy Core without lists (`IN`); `of_dialect` where each database needs its own.

    `keys` are the columns that an `INSERT` or `UPDATE` writes, where the statement does not say so itself.
    """

    def __init__(
        self, statement: Executable | None = None, *, keys: Iterable[str] = (), **of_dialect: Executable
    ) -> None:
        self._any, self._statements = statement, of_dialect
        self._keys = tuple(keys)
        self._forms: dict[str, Form] = {}
        names = [column.key for column in getattr(statement, "selected_columns", ())]
        self._make = _naming(names) if names else None

    def rows(self, connection: Connection, values: Values = _NOTHING) -> list[Any]:
        """Return all rows; where the statement is a `select` of SQLAlchemy, each value also by its name."""
        form = self._form(connection.dialect)
        cursor = _reader(_begun(connection))
        _send(connection, cursor, form, form.bound(values))
        found = cursor.fetchall()
        if form.reading:
            found = [_converted(row, form.reading) for row in found]
        return found if self._make is None else list(map(self._make, found))

    def row(self, connection: Connection, values: Values = _NOTHING) -> Any:
        """Return the first row, or None where there is none."""
        found = self.rows(connection, values)
        return found[0] if found else None

    def run(self, connection: Connection, values: Values = _NOTHING) -> Any:
        """Execute, and return the driver's cursor."""
        return self.run_first(_begun(connection), values)

    def run_first(self, connection: Connection, values: Values = _NOTHING) -> Any:
        """Execute where no transaction has begun, for what begins it, and return the driver's cursor."""
        form = self._form(connection.dialect)
        cursor = connection.connection.cursor()
        _send(connection, cursor, form, form.bound(values))
        return cursor

    def run_many(self, connection: Connection, rows: Iterable[Values]) -> None:
        """Write several rows by one statement."""
        form = self._form(connection.dialect)
        bound = [form.bound(row) for row in rows]
        _send(_begun(connection), connection.connection.cursor(), form, bound, many=True)

    def _form(self, dialect: Dialect) -> Form:
        form = self._forms.get(dialect.name)
        if form is None:
            statement = self._statements.get(dialect.name, self._any)
            form = self._forms[dialect.name] = _form_of(statement, dialect, self._keys)
        return form


def _begun(connection: Connection) -> Connection:
    """Begin a transaction where none has begun, as SQLAlchemy does for its own statements."""
    if not connection.in_transaction():
        connection.begin()
    return connection


def _reader(connection: Connection) -> Any:
    """Return the cursor that all reads of a connection share: each takes all its rows."""
    found: Any = connection.info.get(_READER)
    if found is None:
        found = connection.info[_READER] = connection.connection.cursor()
    return found


def _send(connection: Connection, cursor: Any, form: Form, bound: Any, *, many: bool = False) -> None:
    """Let those who listen hear of a statement before it leaves: one of them may refuse it."""
    if many and len(bound) == 1:
        many, bound = False, bound[0]
    for hear in connection.dispatch.before_cursor_execute:
        hear(connection, cursor, form.text, bound, form, many)
    execute = cursor.executemany if many else cursor.execute
    execute(form.text, bound)


def _converted(row: Any, processes: Processes) -> list[Any]:
    values = list(row)
    for place, process in processes:
        values[place] = process(values[place])
    return values


def _form_of(statement: Any, dialect: Dialect, keys: tuple[str, ...]) -> Form:
    compiled = statement.compile(dialect=dialect, column_keys=keys or None)
    by_name = compiled.positiontup is None
    names = tuple(compiled.params if by_name else compiled.positiontup)
    columns = statement.selected_columns if isinstance(statement, SelectBase) else ()
    return Form(
        compiled=compiled,
        text=str(compiled),
        names=names,
        by_name=by_name,
        constants={name: compiled.params[name] for name in names if not compiled.binds[name].required},
        pick=_picking(names),
        writing=_processes((compiled.binds[name].type for name in names), _writing, dialect),
        reading=_processes((column.type for column in columns), _reading, dialect),
    )


def _naming(names: Iterable[str]) -> Callable[[Iterable[Any]], Any]:
    kind: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # the statement names them
    make: Callable[[Iterable[Any]], Any] = kind._make
    return make


def _picking(names: tuple[str, ...]) -> Callable[[Values], tuple[Any, ...]]:
    """Return what takes these values out of a mapping; `itemgetter` makes a tuple of two and more alone."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple([values[name] for name in names])


def _processes(
    kinds: Iterable[TypeEngine[Any]],
    processing: Callable[[TypeEngine[Any], Dialect], Process | None],
    dialect: Dialect,
) -> Processes:
    found = ((place, processing(kind, dialect)) for place, kind in enumerate(kinds))
    return tuple((place, process) for place, process in found if process is not None)


def _writing(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    process: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is None or not isinstance(kind, TypeDecorator):
        return process
    remembering: Process = lru_cache(_MOMENTS)(process)
    return _REMEMBERING.setdefault((type(kind), dialect.name), remembering)


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    process: Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return process
