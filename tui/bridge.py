"""Carries the console's questions to the database, and brings back frozen answers or errors.

Every failure that an operator can meet arrives as a `LatchkeyError`; anything else is a defect and ends in
an incident.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from db import runner
from db.actor import Actor
from db.applied import Applied
from db.audit.event import Detail
from db.delivery.folder import Mail, read_mailbox
from db.engine import Database
from db.errors import Unknown
from db.models import Operator
from db.operation import Operation
from db.operations import REGISTRY
from db.operations.forms import FieldInfo, describe, may, rights_of
from db.params import build
from db.queries import audit
from db.queries.choices import Choice, choices
from db.queries.collisions import asked_at_reactivation
from db.queries.customer import CustomerView, read_customer
from db.queries.messages import AttemptView, read_attempts
from db.queries.viewer import Viewer
from db.rules.dedup import ContactKind
from db.rules.policy import Policy
from db.rules.roles import ROLE_LABELS, Right, Role, RoleTable, Standing, who_may
from db.search import SearchPage, find, find_more
from db.settings import load_policy, role_table
from tui.lane import Lane


@dataclass(frozen=True)
class OperationInfo:
    """What a menu and a form need to know of an operation, for the operator who asks."""

    name: str
    label: str
    help: str
    group: str
    danger: str
    standing: Standing
    who_may: str
    fields: tuple[FieldInfo, ...]
    is_read_only: bool = False

    @property
    def is_allowed(self) -> bool:
        """Whether this operator may run it now, without asking anybody."""
        return self.standing is Standing.ALONE and not self.is_read_only

    @property
    def why_not(self) -> str:
        """Why it cannot be started, in a few words; empty where it can."""
        if self.is_read_only:
            return "read-only"
        return "" if self.is_allowed else f"ask {self.who_may}"

    @property
    def needs_customer(self) -> bool:
        """Whether it is done to a customer who must be open."""
        return any(field.kind == "customer" and field.required for field in self.fields)


@dataclass(frozen=True)
class OperatorInfo:
    """Who works here, and as what."""

    id: str
    display_name: str
    role: str
    role_label: str


class Bridge(Lane):
    """Answers one console's questions; late answers to a question that was asked anew are dropped."""

    def __init__(self, opener: Callable[[], Database], actor: Actor, *, mailbox: Path | None = None) -> None:
        super().__init__(opener)
        self.actor = actor
        self.mailbox = mailbox
        self._search_number = 0
        self._viewer = Viewer(operator_id=actor.operator_id)

    async def find(self, query: str, *, after: int | None = None, limit: int = 50) -> SearchPage | None:
        """Return the customers that match, or None where a newer search was asked meanwhile."""
        return await self._search(
            lambda connection: find(connection, query, viewer=self._viewer, limit=limit, offset_after=after)
        )

    async def find_more(self, query: str, *, shown: tuple[int, ...]) -> SearchPage | None:
        """Return rows to append to the `shown` customers, found the slow ways; None as above."""
        return await self._search(lambda connection: find_more(connection, query, self._viewer, shown))

    async def _search(self, look: Callable[[Connection], SearchPage]) -> SearchPage | None:
        self._search_number += 1
        number = self._search_number

        def work(connection: Connection) -> SearchPage | None:
            return look(connection) if number == self._search_number else None

        page = await self.read(work)
        return page if number == self._search_number else None

    async def customer(self, customer_id: int) -> CustomerView:
        """Return everything on one customer; raise `Unknown` where there is none."""
        return await self.read(lambda connection: read_customer(connection, customer_id, self._viewer))

    async def attempts(self, message_id: int) -> tuple[AttemptView, ...]:
        """Return every try to deliver a message, with the server's own words."""
        return await self.read(lambda connection: read_attempts(connection, message_id))

    async def choices(self, kind: str, customer_id: int | None) -> tuple[Choice, ...]:
        """Return what a form field may be chosen from."""
        return await self.read(lambda connection: choices(connection, kind, customer_id, self._viewer))

    async def policy(self) -> Policy:
        """Return the settings in force."""
        return await self.read(load_policy)

    async def asked_at_reactivation(self, customer_id: int) -> dict[ContactKind, str]:
        """Return the contacts that a reactivation of the customer must be given, each with why (P4)."""
        return await self.read(
            lambda connection: asked_at_reactivation(connection, load_policy(connection), customer_id)
        )

    async def operator(self) -> OperatorInfo:
        """Return who the operator is at this moment; raise `Unknown` where the id is not one."""
        return await self.read(self._operator)

    async def operations_for(self, customer: CustomerView | None) -> tuple[OperationInfo, ...]:
        """Return the operations that make sense with this customer open, or with none."""
        infos = await self.operations()
        return tuple(info for info in infos if customer is not None or not info.needs_customer)

    async def operations(self) -> tuple[OperationInfo, ...]:
        """Return all that people do; what this operator may not do is there too, with who may."""

        def work(connection: Connection) -> tuple[OperationInfo, ...]:
            table = role_table(load_policy(connection))
            offered = (found for found in REGISTRY.values() if rights_of(found) != (Right.SERVICE,))
            return tuple(self._info(connection, table, operation) for operation in offered)

        return await self.read(work)

    async def operation(self, name: str) -> OperationInfo:
        """Return one operation by name; raise `Unknown` where there is none."""

        def work(connection: Connection) -> OperationInfo:
            return self._info(connection, role_table(load_policy(connection)), _operation(name))

        return await self.read(work)

    async def preview(
        self, operation: str, values: dict[str, Any], *, reason: str = "", version: int | None = None
    ) -> Applied:
        """Say exactly what `run` would do."""
        request = self._request(operation, values, reason, version, uuid4().hex)
        return await self.call(lambda: runner.preview(self.open(), request))

    async def run(
        self,
        operation: str,
        values: dict[str, Any],
        *,
        reason: str,
        version: int | None = None,
        request_id: str,
    ) -> Applied:
        """Carry out an operation; asked again with the same `request_id` it is done once (R50).

        There is no time limit above the engine's own: a save that was given up on could still happen.
        """
        request = self._request(operation, values, reason, version, request_id)
        return await self.call(lambda: runner.run(self.open(look_within=0), request))

    async def audit_page(
        self,
        *,
        customer_id: int | None = None,
        operator_id: str | None = None,
        operation: str | None = None,
        outcome: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before_seq: int | None = None,
        limit: int = 50,
    ) -> audit.AuditPage:
        """Return audit events, newest first; the next page by `before_seq`."""
        return await self.read(
            lambda connection: audit.page(
                connection,
                customer_id=customer_id,
                operator_id=operator_id,
                operation=operation,
                outcome=outcome,
                since=since,
                until=until,
                before_seq=before_seq,
                limit=limit,
            )
        )

    async def event(self, seq: int) -> audit.EventView:
        """Return one audit event with its changes; raise `Unknown` where there is none."""
        return await self.read(lambda connection: audit.read_event(connection, seq, self._viewer))

    async def mails(self) -> tuple[Mail, ...]:
        """Return the mails in the practice mailbox, newest first; none outside the sandbox."""
        folder = self.mailbox
        return () if folder is None else await self.call(lambda: read_mailbox(folder))

    async def observe(
        self, what: str, *, customer_id: int | None = None, details: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Record what was seen and not changed (R2); `details` are names with values."""
        entries = tuple(Detail(name, after=value) for name, value in details)
        await self.call(
            lambda: runner.observe(self.open(), self.actor, what, customer_id=customer_id, details=entries)
        )

    async def observe_search(self, query: str, *, shown: int) -> None:
        """Record a settled search: what was typed only as a hash, how many it showed in clear (R2)."""
        terms = hashlib.sha256(" ".join(query.casefold().split()).encode()).hexdigest()
        await self.observe("search", details=(("terms", terms), ("shown", str(shown))))

    def say_goodbye(self) -> None:
        """Record the end of the session, from any thread; blocks until it is written."""
        runner.observe(self.open(), self.actor, "sign-out")

    def _request(
        self, operation: str, values: dict[str, Any], reason: str, version: int | None, request_id: str
    ) -> runner.Request:
        found = _operation(operation)
        return runner.Request(
            actor=self.actor,
            operation=found,
            params=build(found.params, values),
            reason=reason,
            version=version,
            request_id=request_id,
        )

    def _operator(self, connection: Connection) -> OperatorInfo:
        wanted = select(Operator.display_name, Operator.role).where(Operator.id == self.actor.operator_id)
        found = connection.execute(wanted).one_or_none()
        if found is None:
            raise Unknown("You are not an operator here. Ask an admin.")
        role = Role(found.role)
        return OperatorInfo(self.actor.operator_id, found.display_name, role.value, ROLE_LABELS[role])

    def _info(self, connection: Connection, table: RoleTable, operation: Operation) -> OperationInfo:
        return OperationInfo(
            name=operation.name,
            label=operation.label,
            help=operation.help,
            group=operation.group,
            danger=operation.danger.value,
            standing=may(connection, self.actor.operator_id, operation),
            who_may=who_may(table, _widest_right(table, operation)),
            fields=describe(operation),
            is_read_only=self.open().read_only,
        )


def _operation(name: str) -> Operation:
    found = REGISTRY.get(name)
    if found is None:
        raise Unknown("There is no such operation.")
    return found


def _widest_right(table: RoleTable, operation: Operation) -> Right:
    """The right that most roles hold, of those that an operation can ask for."""
    return max(rights_of(operation), key=lambda right: len(table[right].alone))
