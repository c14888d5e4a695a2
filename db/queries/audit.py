"""Reads the audit log: a page of events newest first, and one event with its clear values."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from db.audit.event import FINGERPRINT, GENESIS, Body, digest
from db.audit.history import as_change
from db.errors import Unknown
from db.ledger import Change
from db.merging.chain import absorbed_by
from db.models import AuditDetail, AuditEvent, AuditHead
from db.queries.viewer import Viewer, shown
from db.rules.identifiers import format_customer_number
from db.rules.roles import SERVICE

LARGEST_PAGE = 200
_ABOUT = ("reason", "customer")

_ROWS = select(
    AuditEvent.seq,
    AuditEvent.at,
    AuditEvent.operator_id,
    AuditEvent.role,
    AuditEvent.operation,
    AuditEvent.outcome,
    AuditEvent.customer_id,
    AuditEvent.target,
)
_STORED = _ROWS.add_columns(AuditEvent.body, AuditEvent.hash)
_LINKS = select(AuditEvent.seq, AuditEvent.body, AuditEvent.hash)
_HEAD = select(AuditHead.seq, AuditHead.hash)
_DETAILS = select(
    AuditDetail.seq, AuditDetail.field, AuditDetail.before, AuditDetail.after, AuditDetail.redacted_by
).order_by(AuditDetail.seq, AuditDetail.position)
_decode = msgspec.json.Decoder(Body).decode


@dataclass(frozen=True)
class EventRow:
    """One event in a list; `outcome` is applied, refused or seen."""

    seq: int
    at: datetime
    operator_id: str
    role: str
    operation: str
    outcome: str
    customer_id: int | None
    target: str | None


@dataclass(frozen=True)
class AuditPage:
    """Events newest first; `more` says that older ones follow: ask with `before_seq` of the last row."""

    rows: tuple[EventRow, ...]
    more: bool


@dataclass(frozen=True)
class ChainState:
    """Whether an event's bytes hash to its hash, and whether its neighbours name one another (R5).

    `to_next` is None for the newest event. Only `latchkey audit verify` proves the whole log.
    """

    own: bool
    to_previous: bool
    to_next: bool | None


@dataclass(frozen=True)
class EventView:
    """All that one event tells (R3); `redacted_by` is the event that emptied its values (R6)."""

    row: EventRow
    reason: str | None
    customer_label: str | None
    session: str
    source: str
    interaction: int | None
    request_id: str | None
    app_version: str
    changes: tuple[Change, ...]
    notes: tuple[tuple[str, str], ...]
    hash: str
    redacted_by: int | None
    chain: ChainState


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which events are wanted; what is None is not asked about.

    `with_merged` are those merged into the customer, whose history is theirs too.
    """

    customer_id: int | None = None
    operator_id: str | None = None
    operation: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    people_only: bool = False
    with_merged: tuple[int, ...] = ()

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what an event has to meet."""
        wanted: tuple[tuple[Any, Callable[[Any], ColumnElement[bool]]], ...] = (
            (self.customer_id, self._is_theirs),
            (self.operator_id, AuditEvent.operator_id.__eq__),
            (self.operation, AuditEvent.operation.__eq__),
            (self.outcome, AuditEvent.outcome.__eq__),
            (self.since, AuditEvent.at.__ge__),
            (self.until, AuditEvent.at.__lt__),
            (SERVICE if self.people_only else None, AuditEvent.role.__ne__),
        )
        return [fits(value) for value, fits in wanted if value is not None]

    def _is_theirs(self, customer_id: int) -> ColumnElement[bool]:
        if not self.with_merged:
            return AuditEvent.customer_id == customer_id
        return AuditEvent.customer_id.in_((customer_id, *self.with_merged))

    def said(self) -> str:
        """Return the filter in words, for the event of an export; "everything" where nothing is asked."""
        asked = {item.name.replace("_", " "): getattr(self, item.name) for item in fields(self)}
        asked["with merged"] = " ".join(format_customer_number(number) for number in self.with_merged)
        told = (name if value is True else f"{name} {_said(value)}" for name, value in asked.items() if value)
        return ", ".join(told) or "everything"


def _said(value: object) -> str:
    if not isinstance(value, datetime):
        return str(value)
    at = value.astimezone(UTC)
    return f"{at:%Y-%m-%d}" if at.time() == time() else f"{at:%Y-%m-%d %H:%M} UTC"


def page(
    connection: Connection,
    *,
    customer_id: int | None = None,
    operator_id: str | None = None,
    operation: str | None = None,
    outcome: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    people_only: bool = False,
    before_seq: int | None = None,
    limit: int = 50,
) -> AuditPage:
    """Return the newest events that fit all of what is given, at most `limit` (up to 200).

    `since` is included, `until` is not; both need a time zone. `people_only` leaves out what the
    product's own workers did. Of a customer, the history of whoever was merged into them is included.
    """
    wanted = Filter(
        customer_id=customer_id,
        operator_id=operator_id,
        operation=operation,
        outcome=outcome,
        since=since,
        until=until,
        people_only=people_only,
    )
    return page_of(connection, with_chain(connection, wanted), before_seq=before_seq, limit=limit)


def with_chain(connection: Connection, wanted: Filter) -> Filter:
    """Return the filter with whoever was merged into its customer: their history is the survivor's."""
    if wanted.customer_id is None:
        return wanted
    return replace(wanted, with_merged=absorbed_by(connection, wanted.customer_id))


def page_of(
    connection: Connection, wanted: Filter, *, before_seq: int | None = None, limit: int = 50
) -> AuditPage:
    """Return the newest events that fit a filter, those before `before_seq` where it is given."""
    limit = min(max(limit, 1), LARGEST_PAGE)
    conditions = wanted.conditions()
    if before_seq is not None:
        conditions.append(AuditEvent.seq < before_seq)
    found = connection.execute(
        _ROWS.where(*conditions).order_by(AuditEvent.seq.desc()).limit(limit + 1)
    ).all()
    return AuditPage(tuple(EventRow(*row) for row in found[:limit]), more=len(found) > limit)


def extent(connection: Connection, wanted: Filter) -> tuple[int, int]:
    """Return the newest event that fits (0: none) and how many fit up to it."""
    found = connection.execute(
        select(func.coalesce(func.max(AuditEvent.seq), 0), func.count()).where(*wanted.conditions())
    ).one()
    return found[0], found[1]


def read_event(connection: Connection, seq: int, viewer: Viewer) -> EventView:
    """Return one event, its personal values as the viewer may see them; raise `Unknown`."""
    for event in read_events(connection, (seq,), viewer):
        return event
    raise Unknown(f"There is no audit event {seq}. See: latchkey audit list", field="event")


def read_events(connection: Connection, seqs: Sequence[int], viewer: Viewer) -> Iterator[EventView]:
    """Yield those of the events that there are, in the order asked for; at most 200 at once."""
    stored = {row.seq: row for row in connection.execute(_STORED.where(AuditEvent.seq.in_(seqs)))}
    details: dict[int, list[Any]] = defaultdict(list)
    for item in connection.execute(_DETAILS.where(AuditDetail.seq.in_(seqs))):
        details[item.seq].append(item)
    beside = {near for seq in seqs for near in (seq - 1, seq + 1)} - stored.keys()
    links = dict(stored)
    links |= {row.seq: row for row in connection.execute(_LINKS.where(AuditEvent.seq.in_(beside)))}
    head = connection.execute(_HEAD).one()
    for seq in seqs:
        if seq in stored:
            yield _event(stored[seq], details[seq], viewer, _chain(links, seq, head))


def _event(row: Any, details: list[Any], viewer: Viewer, chain: ChainState) -> EventView:
    body = _decode(row.body)
    about = {item.field: _seen(viewer, item.after) for item in details if item.field in _ABOUT}
    changes, notes = [], []
    for item in details:
        change = as_change(item.field, _seen(viewer, item.before), _seen(viewer, item.after))
        if change is not None:
            changes.append(change)
        elif item.field not in (*_ABOUT, FINGERPRINT):
            notes.append((item.field, _seen(viewer, item.after) or ""))
    return EventView(
        row=EventRow(*row[:-2]),
        reason=about.get("reason"),
        customer_label=about.get("customer"),
        session=body.session,
        source=body.source,
        interaction=body.interaction,
        request_id=body.request,
        app_version=body.app,
        changes=tuple(changes),
        notes=tuple(notes),
        hash=row.hash,
        redacted_by=next((item.redacted_by for item in details if item.redacted_by is not None), None),
        chain=chain,
    )


def _chain(links: Mapping[int, Any], seq: int, head: Any) -> ChainState:
    event, before, after = links[seq], links.get(seq - 1), links.get(seq + 1)
    is_newest = head.seq == seq
    is_named = after is not None and _decode(after.body).prev == event.hash
    return ChainState(
        own=digest(event.body) == event.hash and (not is_newest or head.hash == event.hash),
        to_previous=_decode(event.body).prev == (GENESIS if seq == 1 else before.hash if before else None),
        to_next=None if is_newest else is_named,
    )


def _seen(viewer: Viewer, value: str | None) -> str | None:
    personal = shown(viewer, value)
    return None if personal is None else personal.text
