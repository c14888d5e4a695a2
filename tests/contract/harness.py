"""What the contract tests share: planting an example, running it, and counting what it left."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import event

from db import runner
from db.actor import Actor, service
from db.applied import Applied
from db.engine import Database
from db.operation import Operation, Params
from db.operations import REGISTRY
from db.rules.roles import SERVICE, SHIPPED, Right, Role, Standing, standing
from tests.contract.examples import EXAMPLES, Example
from tests.dump import ordered_dump
from tests.factories import actor, add_operators

Dump = dict[str, list[tuple[Any, ...]]]
AUDIT_TABLES = ("audit_event", "audit_detail", "audit_head")
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


class Injected(Exception):
    """The failure that a test puts into the middle of a change."""


@dataclass(frozen=True)
class Planted:
    """An example in its database, ready to run."""

    base: Database
    operation: Operation
    example: Example

    @property
    def right(self) -> Right:
        """The right that the role table must grant for this example."""
        return self.operation.right if isinstance(self.operation.right, Right) else told(self.example.right)

    @property
    def actor(self) -> Actor:
        """Somebody who may do it alone."""
        if self.right is Right.SERVICE:
            return service("outbox")
        return actor(next(role for role in Role if standing(SHIPPED, role, self.right) is Standing.ALONE))

    def may(self, role: str) -> bool:
        """Whether the shipped role table lets a role do this alone, and it is not another operator's own."""
        is_theirs = not self.example.is_own or actor_of(role) == self.actor
        return is_theirs and standing(SHIPPED, role, self.right) is Standing.ALONE

    def request(self, **given: Any) -> runner.Request:
        """Return the request of somebody who may, apart from what is given."""
        request = runner.Request(
            actor=self.actor,
            operation=self.operation,
            params=self.example.params,
            reason="as the caller asked",
            request_id=uuid4().hex,
        )
        return replace(request, **given)

    def run(self, **given: Any) -> Applied:
        """Run the example."""
        return runner.run(self.base, self.request(**given))

    def preview(self, **given: Any) -> Applied:
        """Preview the example."""
        return runner.preview(self.base, self.request(**given))

    def dump(self) -> Dump:
        """Return every row of every table."""
        return ordered_dump(self.base)

    def with_params(self, **values: Any) -> Params:
        """Return the example's parameters with other values."""
        params: Params = msgspec.structs.replace(self.example.params, **values)
        return params


def told(right: Right | None) -> Right:
    """Return the right that an example must name where the operation decides by the data."""
    assert right is not None, "this operation decides its right by the data: name it in the example"
    return right


def plant(base: Database, name: str) -> Planted:
    """Fill a fresh database with what an operation's example needs."""
    add_operators(base)
    return Planted(base, REGISTRY[name], EXAMPLES[name](base))


def actor_of(role: str) -> Actor:
    """Return the practice operator of a role, or the product's own worker."""
    return service("outbox") if role == SERVICE else actor(role)


def data_of(dump: Dump) -> Dump:
    """Return a dump without the audit log."""
    return {table: rows for table, rows in dump.items() if table not in AUDIT_TABLES}


@dataclass(frozen=True)
class TextField:
    """A text parameter with its longest length, None where it has none."""

    name: str
    max_length: int | None


def text_fields(operation: Operation) -> tuple[TextField, ...]:
    """Return the parameters of an operation that take text."""
    info = msgspec.inspect.type_info(operation.params)
    assert isinstance(info, msgspec.inspect.StructType)
    found = ((item.name, _text_type(item.type)) for item in info.fields)
    return tuple(TextField(name, kind.max_length) for name, kind in found if kind is not None)


def _text_type(info: msgspec.inspect.Type) -> msgspec.inspect.StrType | None:
    match info:
        case msgspec.inspect.Metadata():
            return _text_type(info.type)
        case msgspec.inspect.UnionType():
            return next((found for part in info.types if (found := _text_type(part))), None)
        case msgspec.inspect.StrType():
            return info
    return None


class Statements:
    """The statements that left for the database, of which one can be made to fail."""

    def __init__(self, fail_at: int | None = None, *, writes_only: bool = False) -> None:
        self.seen: list[str] = []
        self._fail_at = fail_at
        self._writes_only = writes_only

    def __call__(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if self._writes_only and not _WRITES.match(statement):
            return
        self.seen.append(statement)
        if len(self.seen) - 1 == self._fail_at:
            raise Injected(statement)


@contextmanager
def listening(base: Database, statements: Statements) -> Iterator[Statements]:
    """See every statement of the writing engine before it leaves."""
    event.listen(base.writer, "before_cursor_execute", statements)
    try:
        yield statements
    finally:
        event.remove(base.writer, "before_cursor_execute", statements)


@contextmanager
def failing_commit(base: Database) -> Iterator[None]:
    """Let the commit itself fail."""

    def fail(_connection: Any) -> None:
        raise Injected("COMMIT")

    event.listen(base.writer, "commit", fail)
    try:
        yield
    finally:
        event.remove(base.writer, "commit", fail)
