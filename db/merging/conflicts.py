"""Finds where somebody changed, after a merge, what its undo would touch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from db.audit.history import as_change
from db.ledger import as_text
from db.merging.chain import absorbed_in, later_survivors
from db.merging.journal import is_witness, model_of
from db.models import AuditDetail, AuditEvent
from db.rules.roles import SERVICE
from db.setwise import MOST_IDS, RowChange

_AMONG: BindParameter[Any] = bindparam("ids", expanding=True)
_MERGED = select(AuditEvent.seq).where(
    AuditEvent.target == bindparam("target"),
    AuditEvent.target_version == bindparam("version"),
    AuditEvent.operation == "merge-customers",
)
_SINCE = (
    select(AuditDetail.field, AuditDetail.before, AuditDetail.after, AuditEvent.operator_id, AuditEvent.role)
    .join(AuditEvent, AuditEvent.seq == AuditDetail.seq)
    .where(
        AuditEvent.seq > bindparam("seq"),
        AuditEvent.customer_id.in_(_AMONG),
        AuditEvent.outcome == "applied",
    )
    .order_by(AuditDetail.seq, AuditDetail.position)
)
LAPSING = frozenset({"link", "one_time_code", "message", "sign_in_attempt", "customer_session"})
"""Tables whose rows run out by themselves: what a merge ended in them comes back while it would still run."""
Values = Mapping[str, Mapping[str, Any]]
"""What the rows of a table have now, by row and column."""


class ConflictKind(StrEnum):
    """What happened to it."""

    FIELD = "field"
    ROW = "row"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """One field or row: what it was before the merge, what it is now, and who changed it.

    `key` names it in a choice, as the log does: `email_profile.address#12`. Of a row that is gone, there
    is nothing to restore.
    """

    key: str
    kind: ConflictKind
    field: str
    row: str
    was: str | None
    now: str | None
    by: str


@dataclass(frozen=True)
class Edit:
    """The last change of a field by a person or a worker since the merge, and its value before."""

    field: str
    before: str | None
    after: str | None
    operator_id: str
    is_person: bool


def values_now(connection: Connection, rows: Iterable[RowChange]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what the touched columns of the touched rows hold now, by table and row."""
    wanted: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for each in rows:
        ids, columns = wanted[each.table]
        ids.add(each.row)
        columns.add(each.column)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name, (ids, columns) in wanted.items():
        table: Any = model_of(name).__table__
        kind = table.c.id.type.python_type
        statement = select(table.c.id, *(table.c[column] for column in sorted(columns)))
        among, chosen = sorted(kind(row) for row in ids), statement.where(table.c.id.in_(_AMONG))
        rows_now: dict[str, dict[str, Any]] = {}
        for start in range(0, len(among), MOST_IDS):
            read = connection.execute(chosen, {"ids": among[start : start + MOST_IDS]})
            rows_now |= {str(row.id): dict(row._mapping) for row in read}
        found[name] = rows_now
    return found


def edits_since(connection: Connection, merge: Any) -> dict[tuple[str, str], list[Edit]]:
    """Return what was changed of the customers of a merge after it, by table and row."""
    whose = {"target": f"customer:{merge.survivor_id}", "version": merge.survivor_version}
    seq = connection.execute(_MERGED, whose).scalar()
    found: dict[tuple[str, str], list[Edit]] = defaultdict(list)
    over = later_survivors(connection, merge)
    among = {"seq": seq or 0, "ids": [merge.survivor_id, *absorbed_in(merge), *over]}
    for name, before, after, operator_id, role in connection.execute(_SINCE, among):
        change = as_change(name, before, after)
        if change is not None:
            table = change.field.partition(".")[0]
            edit = Edit(change.field, change.before, change.after, operator_id, role != SERVICE)
            found[table, change.row].append(edit)
    return found


def find_conflicts(
    connection: Connection, merge: Any, rows: list[RowChange], now: Mapping[str, Values]
) -> tuple[Conflict, ...]:
    """Return the conflicts of an undo, in the order of the ledger."""
    edits = edits_since(connection, merge)
    found: dict[str, Conflict] = {}
    for each in rows:
        conflict = _of(each, now[each.table].get(each.row), edits.get((each.table, each.row), []))
        if conflict is not None:
            found.setdefault(conflict.key, conflict)
    return tuple(found.values())


def is_changed(each: RowChange, value: Any) -> bool:
    """Whether a field is by now neither what the merge found nor what it left."""
    return not is_witness(each) and value not in (each.before, each.after)


def _of(each: RowChange, row: Mapping[str, Any] | None, edits: list[Edit]) -> Conflict | None:
    field = f"{each.table}.{each.column}"
    if row is None:
        last = edits[-1] if edits else None
        return Conflict(
            key=f"{each.table}#{each.row}",
            kind=ConflictKind.GONE,
            field=each.table,
            row=each.row,
            was=None if last is None else last.before,
            now=None,
            by="" if last is None else last.operator_id,
        )
    value = row[each.column]
    if is_changed(each, value):
        last = next((edit for edit in reversed(edits) if edit.field == field), None)
        if last is None or not last.is_person or each.table in LAPSING:
            return None  # counters, locks and deliveries go on by themselves: what is now stays
        return Conflict(
            key=f"{field}#{each.row}",
            kind=ConflictKind.FIELD,
            field=field,
            row=each.row,
            was=as_text(each.before),
            now=as_text(value),
            by=last.operator_id,
        )
    if each.column == "customer_id":
        return _of_row(each, edits)
    return None


def _of_row(each: RowChange, edits: list[Edit]) -> Conflict | None:
    """A row that somebody has worked on as the survivor's, and that would go back as it is now."""
    by_field: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        if edit.is_person and not edit.field.endswith(".customer_id"):
            by_field[edit.field].append(edit)
    for name, theirs in by_field.items():
        if theirs[0].before != theirs[-1].after:  # else it was put back, as by a merge that was undone
            return Conflict(
                key=f"{each.table}#{each.row}",
                kind=ConflictKind.ROW,
                field=name,
                row=each.row,
                was=theirs[0].before,
                now=theirs[-1].after,
                by=theirs[-1].operator_id,
            )
    return None
