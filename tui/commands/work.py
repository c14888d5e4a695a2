"""Carries out an operation for a command, and lets the practice database deliver its mail at once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from db import runner
from db.actor import Actor
from db.applied import Applied
from db.engine import Database
from db.errors import Invalid, Unavailable, Unknown
from db.operation import Operation
from db.operations import REGISTRY
from db.operations.forms import describe
from db.params import build
from tui.commands.setup import Setup
from tui.commands.values import customer_number


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a command wants of an operation, as it was typed.

    `check` raises `Invalid` where words beside the parameters are wrong, such as a confirmation.
    """

    values: dict[str, Any]
    reason: str = ""
    version: int | None = None
    request_id: str = field(default_factory=lambda: uuid4().hex)
    interaction: int | None = None
    dry_run: bool = False
    check: Callable[[], None] | None = None


def operation(name: str) -> Operation:
    """Return an operation; raise `Unknown` where there is none of that name."""
    found = REGISTRY.get(name)
    if found is None:
        raise Unknown(f"There is no operation {name}. See: latchkey do --help")
    return found


def perform(setup: Setup, wanted: Operation, wish: Wish) -> Applied:
    """Run or preview an operation as the operator of this command; raises what the runner raises."""
    with setup.database() as database:
        return perform_as(setup, database, setup.actor(database), wanted, wish)


def perform_as(setup: Setup, database: Database, actor: Actor, wanted: Operation, wish: Wish) -> Applied:
    """Run or preview an operation as a given actor; whether they may is judged before what was typed."""
    try:
        if wish.check is not None:
            wish.check()
        params = build(wanted.params, with_numbers(wanted, wish.values))
    except Invalid:
        runner.refuse_without_right(database, actor, wanted, dry_run=wish.dry_run)
        raise
    request = runner.Request(
        actor=actor,
        operation=wanted,
        params=params,
        reason=wish.reason,
        interaction=wish.interaction,
        version=wish.version,
        request_id=wish.request_id,
    )
    if wish.dry_run:
        return runner.preview(database, request)
    applied = runner.run(database, request)
    if setup.mailbox is not None:
        _deliver_here(setup, database, setup.mailbox)
    return applied


def with_numbers(wanted: Operation, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with customers as numbers; raises `Invalid` for what is none, e.g. "C-10x"."""
    found = dict(values)
    for each in describe(wanted):
        value = found.get(each.name)
        if each.kind == "customer" and isinstance(value, str) and value.strip():
            found[each.name] = customer_number(value, field=each.name)
    return found


def _deliver_here(setup: Setup, database: Database, mailbox: Path) -> None:
    """Hand waiting mails to the practice mailbox, so that they can be read without a worker."""
    from db.delivery.folder import FolderTransport
    from db.delivery.worker import deliver_due

    with suppress(Unavailable):  # the change is saved, and its mail waits for the next pass
        deliver_due(database, FolderTransport(mailbox), worker="cli", code_key=setup.code_key())
