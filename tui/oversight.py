"""What the screens for admins and auditors ask of the database: operators, settings, outbox, exports."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from db.actor import Actor
from db.audit.event import Detail
from db.delivery.preview import MailPreview, preview_mails
from db.engine import Database
from db.errors import LatchkeyError
from db.models import MessageState
from db.queries import audit
from db.queries.collisions import Collisions, Group, collision_groups, count_groups
from db.queries.messages import MessageView, read_message
from db.queries.operators import OperatorView, list_operators
from db.queries.outbox import OutboxHealth, OutboxRow, outbox_health, read_outbox
from db.queries.settings import DEDUP_MODE, GrantView, SettingView, list_grants, list_settings
from db.queries.viewer import Viewer
from db.rules.dedup import DedupMode
from db.rules.roles import Right, Standing, standing, who_may
from db.settings import load_policy, role_table
from db.witness import observe
from tui.exporting import Format, check_new, write_events
from tui.long_work import Cancelled, LongWork, Report
from tui.operation_info import read_operator

if TYPE_CHECKING:
    from tui.bridge import Bridge

MOST_ROWS: Final = 200
EXPORT: Final = "export-audit"
CANCEL: Final = "cancel-export"
COUNTING: Final = "counting events"
WRITING: Final = "writing events"
STEP: Final = 50
"""Events between two reports: some 10 ms."""


@dataclass(frozen=True)
class TriedMode:
    """What a mode of the duplicate detection would collide with now; at most 200 groups."""

    counted: Collisions
    groups: tuple[Group, ...]
    is_in_force: bool
    version: int


@dataclass(frozen=True)
class Outbox:
    """The state of the outbox, and its newest messages."""

    health: OutboxHealth
    rows: tuple[OutboxRow, ...]
    more: bool


class Oversight:
    """Asks through a bridge, as its operator."""

    def __init__(self, bridge: "Bridge") -> None:
        self._bridge = bridge
        self._viewer = Viewer(operator_id=bridge.actor.operator_id)

    async def operators(self) -> tuple[OperatorView, ...]:
        """Return all operators."""
        return await self._bridge.read(list_operators)

    async def settings(self) -> tuple[SettingView, ...]:
        """Return every setting."""
        return await self._bridge.read(list_settings)

    async def grants(self) -> tuple[GrantView, ...]:
        """Return the role table."""
        return await self._bridge.read(list_grants)

    async def templates(self) -> tuple[MailPreview, ...]:
        """Return every kind of mail, filled with made-up values."""
        return await self._bridge.read(lambda connection: preview_mails(load_policy(connection)))

    async def outbox(self, state: str | None) -> Outbox:
        """Return the newest messages, all or those in one state."""
        wanted = None if state is None else MessageState(state)

        def work(connection: Connection) -> Outbox:
            rows, more = read_outbox(connection, self._viewer, state=wanted, limit=MOST_ROWS)
            now = self._bridge.open().clock(connection)
            return Outbox(outbox_health(connection, self._viewer, now=now), rows, more)

        return await self._bridge.read(work)

    async def message(self, number: int) -> MessageView:
        """Return one message, however old; raise `Unknown` where there is none."""

        def work(connection: Connection) -> MessageView:
            return read_message(connection, number, self._viewer).message

        return await self._bridge.read(work)

    async def tried(self, mode: str, long: LongWork) -> TriedMode:
        """Count what a mode would collide with; nothing is changed. Raises `Cancelled`."""
        wanted = DedupMode(mode)

        def job(report: Report) -> TriedMode:
            with self._bridge.open().reading() as connection:
                groups = collision_groups(connection, wanted, report)
                setting = next(item for item in list_settings(connection) if item.key == DEDUP_MODE)
                return TriedMode(
                    counted=count_groups(connection, wanted, groups, report),
                    groups=tuple(groups[:MOST_ROWS]),
                    is_in_force=setting.value == wanted.value,
                    version=setting.version,
                )

        return await self._bridge.work(long, job)

    async def events(self, wanted: audit.Filter, *, before_seq: int | None, limit: int) -> audit.AuditPage:
        """Return the newest events that fit, those before `before_seq` where it is given."""
        return await self._bridge.read(
            lambda connection: audit.page_of(
                connection, audit.with_chain(connection, wanted), before_seq=before_seq, limit=limit
            )
        )

    async def export(self, wanted: audit.Filter, long: LongWork, *, how: Format, path: Path) -> int:
        """Write all events that fit into a new file and return how many; see `export_events`."""
        bridge = self._bridge
        return await bridge.work(
            long,
            lambda report: export_events(
                bridge.open(), bridge.actor, wanted, how=how, path=path, report=report
            ),
        )

    async def who_exports(self) -> str:
        """Return who may export the log; empty where this operator may, alone."""

        def work(connection: Connection) -> str:
            table = role_table(load_policy(connection))
            role = read_operator(connection, self._bridge.actor.operator_id).role
            is_own = standing(table, role, Right.EXPORT) is Standing.ALONE
            return "" if is_own else who_may(table, Right.EXPORT)

        return await self._bridge.read(work)


def export_events(
    database: Database, actor: Actor, wanted: audit.Filter, *, how: Format, path: Path | None, report: Report
) -> int:
    """Write all events that fit into a new file, 0600, or to standard output (None); return how many.

    The export is an event with its row count (R44), written before the first value leaves. Raises
    `Refused` where the role may not export alone (recorded), `Invalid` where the file cannot be made,
    `Cancelled` where it was stopped: that is an event too, and there is no file.
    """
    if path is not None:
        check_new(path)
    report(COUNTING, 0, 0)
    with database.reading() as connection:
        wanted = audit.with_chain(connection, wanted)
        last, rows = audit.extent(connection, wanted)
    details = (
        Detail("format", after=how),
        Detail("rows", after=str(rows)),
        Detail("filter", after=wanted.said()),
        Detail("up_to", after=str(last)),
    )
    observe(database, actor, EXPORT, customer_id=wanted.customer_id, details=details, right=Right.EXPORT)
    counted = Counted(report)
    try:
        with database.reading() as connection:
            viewer = Viewer(operator_id=actor.operator_id)
            write_events(path, how, counted.through(_events(connection, wanted, viewer, last), rows))
    except (Cancelled, KeyboardInterrupt):
        _record_cancel(database, actor, wanted, counted.done, rows)
        left = "No file was written." if path is not None else "What was written until then is not whole."
        raise Cancelled(
            f"The export was cancelled after {counted.done:,} of {rows:,} events. {left}"
        ) from None
    return rows


class Counted:
    """Counts what passes, and tells of it now and then."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.done = 0

    def through(self, events: Iterable[audit.EventView], total: int) -> Iterator[audit.EventView]:
        """Yield all of them."""
        for event in events:
            if self.done % STEP == 0:
                self._report(WRITING, self.done, total)
            yield event
            self.done += 1
        self._report(WRITING, self.done, total)


def _record_cancel(database: Database, actor: Actor, wanted: audit.Filter, done: int, rows: int) -> None:
    """Record that what was announced did not leave."""
    details = (Detail("rows", after=str(rows)), Detail("written", after=str(done)))
    with suppress(LatchkeyError):  # the export itself is in the log already
        observe(database, actor, CANCEL, customer_id=wanted.customer_id, details=details)


def _events(
    connection: Connection, wanted: audit.Filter, viewer: Viewer, last: int
) -> Iterator[audit.EventView]:
    before, more = last + 1, True
    while more:
        page = audit.page_of(connection, wanted, before_seq=before, limit=audit.LARGEST_PAGE)
        yield from audit.read_events(connection, [row.seq for row in page.rows], viewer)
        more = page.more
        before = page.rows[-1].seq if more else before
