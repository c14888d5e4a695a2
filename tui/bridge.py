"""Carries the console's questions to the database, and brings back frozen answers or errors.

Every failure that an operator can meet arrives as a `LatchkeyError`; anything else is a defect and ends in
an incident.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tui.within import Within

if TYPE_CHECKING:  # each is loaded by the thread that needs it first, behind the screen
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from db.actor import Actor
    from db.applied import Applied
    from db.delivery.folder import Mail
    from db.engine import Database
    from db.queries import audit
    from db.queries.choices import Choice
    from db.queries.customer import CustomerView
    from db.queries.messages import AttemptView
    from db.queries.viewer import Viewer
    from db.rules.dedup import ContactKind
    from db.rules.policy import Policy
    from db.runner import Request
    from db.search import SearchPage
    from tui.operation_info import OperationInfo as OperationInfo
    from tui.operation_info import OperatorInfo as OperatorInfo


class Bridge(Within):
    """Answers one console's questions; late answers to a question that was asked anew are dropped."""

    def __init__(
        self,
        opener: Callable[[], Database],
        actor: Actor | Callable[[Database], Actor],
        *,
        mailbox: Path | None = None,
        link_host: str | None = None,
        code_key: Callable[[], bytes] | None = None,
    ) -> None:
        """`actor` may be found out from the database; nobody is anybody before it is open.

        `link_host` is where links of ours lead; None: what the setting says.
        """
        super().__init__(opener)
        self._actor = actor
        self.mailbox = mailbox
        self.link_host, self.code_key = link_host, code_key
        self._search_number = 0

    @property
    def actor(self) -> Actor:
        """Who works here; blocks while the database is still being opened."""
        return self._know_actor()

    def _know_actor(self) -> Actor:
        if callable(self._actor):
            self._actor = self._actor(self.open())
        return self._actor

    async def opened(self) -> Database:
        """Open the database, and learn who works here; raise what either of them raises."""

        def work() -> Database:
            self._know_actor()
            return self.open()

        return await self.call(work)

    @property
    def viewer(self) -> Viewer:
        """Who looks, as reads want to know it; blocks while the database is still being opened."""
        from db.queries.viewer import Viewer

        return Viewer(operator_id=self.actor.operator_id)

    async def find(self, query: str, *, after: int | None = None, limit: int = 50) -> SearchPage | None:
        """Return the customers that match, or None where a newer search was asked meanwhile."""

        def look(connection: Connection) -> SearchPage:
            from db.search import find

            return find(connection, query, viewer=self.viewer, limit=limit, offset_after=after)

        return await self._search(look)

    async def find_more(self, query: str, *, shown: tuple[int, ...]) -> SearchPage | None:
        """Return rows to append to the `shown` customers, found the slow ways; None as above."""

        def look(connection: Connection) -> SearchPage:
            from db.search import find_more

            return find_more(connection, query, self.viewer, shown)

        return await self._search(look)

    async def _search(self, look: Callable[[Connection], SearchPage]) -> SearchPage | None:
        self._search_number += 1
        number = self._search_number

        def work(connection: Connection) -> SearchPage | None:
            return look(connection) if number == self._search_number else None

        page = await self.read(work)
        return page if number == self._search_number else None

    async def customer(self, customer_id: int) -> CustomerView:
        """Return everything on one customer; raise `Unknown` where there is none."""
        from db.queries.customer import read_customer

        return await self.read(lambda connection: read_customer(connection, customer_id, self.viewer))

    async def attempts(self, message_id: int) -> tuple[AttemptView, ...]:
        """Return every try to deliver a message, with the server's own words."""
        from db.queries.messages import read_attempts

        return await self.read(lambda connection: read_attempts(connection, message_id))

    async def choices(self, kind: str, customer_id: int | None) -> tuple[Choice, ...]:
        """Return what a form field may be chosen from."""
        from db.queries.choices import choices

        return await self.read(lambda connection: choices(connection, kind, customer_id, self.viewer))

    async def policy(self) -> Policy:
        """Return the settings in force."""
        from db.settings import load_policy

        return await self.read(load_policy)

    async def asked_at_reactivation(self, customer_id: int) -> dict[ContactKind, str]:
        """Return the contacts that a reactivation of the customer must be given, each with why (P4)."""
        from db.queries.collisions import asked_at_reactivation
        from db.settings import load_policy

        return await self.read(
            lambda connection: asked_at_reactivation(connection, load_policy(connection), customer_id)
        )

    async def operator(self) -> OperatorInfo:
        """Return who the operator is at this moment; raise `Unknown` where the id is not one."""

        def work(connection: Connection) -> OperatorInfo:
            from tui.operation_info import read_operator

            return read_operator(connection, self.actor.operator_id)

        return await self.read(work)

    async def operations_for(self, customer: CustomerView | None) -> tuple[OperationInfo, ...]:
        """Return the operations that make sense with this customer open, or with none."""
        infos = await self.operations()
        return tuple(info for info in infos if customer is not None or not info.needs_customer)

    async def operations(self) -> tuple[OperationInfo, ...]:
        """Return all that people do; what this operator may not do is there too, with who may."""

        def work(connection: Connection) -> tuple[OperationInfo, ...]:
            from tui.operation_info import read_operations

            is_read_only = self.open().read_only
            return read_operations(connection, self.actor.operator_id, is_read_only=is_read_only)

        return await self.read(work)

    async def operation(self, name: str) -> OperationInfo:
        """Return one operation by name; raise `Unknown` where there is none."""

        def work(connection: Connection) -> OperationInfo:
            from tui.operation_info import read_operation

            is_read_only = self.open().read_only
            return read_operation(connection, self.actor.operator_id, name, is_read_only=is_read_only)

        return await self.read(work)

    async def preview(
        self, operation: str, values: dict[str, Any], *, reason: str = "", version: int | None = None
    ) -> Applied:
        """Say exactly what `run` would do."""
        from db import runner

        details = {"reason": reason, "version": version, "request_id": uuid4().hex}
        request = self._request(operation, values, **details, dry_run=True)
        return await self.within(self.call(lambda: runner.preview(self.open(), request(self.open()))))

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
        from db import runner

        details = {"reason": reason, "version": version, "request_id": request_id}
        request = self._request(operation, values, **details, dry_run=False)

        def work() -> Applied:
            return runner.run(self.open(look_within=0), request(self.open()))

        return await self.changed(self.call(work))

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
        from db.queries import audit

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
        from db.queries import audit

        return await self.read(lambda connection: audit.read_event(connection, seq, self.viewer))

    async def mails(self) -> tuple[Mail, ...]:
        """Return the mails in the practice mailbox, newest first; none outside the sandbox."""
        from db.delivery.folder import read_mailbox

        folder = self.mailbox
        return () if folder is None else await self.call(lambda: read_mailbox(folder))

    async def observe(
        self, what: str, *, customer_id: int | None = None, details: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Record what was seen and not changed (R2); `details` are names with values."""
        call = self.interaction

        def work() -> None:
            from db.audit.event import Detail
            from db.witness import observe

            told = tuple(Detail(name, after=value) for name, value in details)
            observe(self.open(), self.actor, what, customer_id=customer_id, details=told, interaction=call)

        await self.call(work)

    async def observe_search(self, query: str, *, shown: int) -> None:
        """Record a settled search: what was typed only as a hash, how many it showed in clear (R2)."""
        import hashlib

        terms = hashlib.sha256(" ".join(query.casefold().split()).encode()).hexdigest()
        await self.observe("search", details=(("terms", terms), ("shown", str(shown))))

    def say_goodbye(self) -> None:
        """Record the end of the session, from any thread; blocks until it is written."""
        from db.witness import observe

        observe(self.open(), self.actor, "sign-out")

    def _request(
        self, operation: str, values: dict[str, Any], **details: Any
    ) -> Callable[[Database], Request]:
        from tui.operation_info import find_operation
        from tui.request import request_for

        details["interaction"] = None if operation == "start-interaction" else self.interaction
        found = find_operation(operation)
        return partial(request_for, actor=self.actor, operation=found, values=values, **details)
