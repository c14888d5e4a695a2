"""Undoes a merge from its ledger, as far as nobody has changed the same since; there, as was chosen."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db import setwise
from db.errors import IntegrityFailed, Invalid
from db.merging import ending, journal, restoring
from db.merging.conflicts import (
    LAPSING,
    Conflict,
    ConflictKind,
    Values,
    find_conflicts,
    is_changed,
    values_now,
)
from db.models import (
    AuthenticationProfile,
    Customer,
    CustomerMerge,
    CustomerSession,
    CustomerStatus,
    SignInState,
)
from db.setwise import RowChange
from db.transaction import Transaction

REVIVED_WITHIN = timedelta(hours=24)
"""Links live no longer (R17): what a merge ended longer ago stays ended."""
WHY = "merge undone"
KEEP, RESTORE, ASK = "keep", "restore", "ask"


class Unresolved(Invalid):
    """An undo that needs a choice; `conflicts` has each that is not decided yet."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        first, more = conflicts[0], [each.key for each in conflicts[1:]]
        others = f" So were {', '.join(more)}." if more else ""
        super().__init__(
            f"{first.key} was changed since the merge: {first.field} was {_said(first.was)}, is"
            f" {_said(first.now)} by {first.by}.{others} Choose for each whether it is kept or restored"
            f" (choices, like {first.key}=keep).",
            field="choices",
            code="choice-needed",
        )
        self.conflicts = conflicts


def _said(value: str | None) -> str:
    return "nothing" if value is None else f"“{value}”"


@dataclass
class Undoing:
    """An undo under way: `now` is what the rows hold, `target` what they shall hold.

    `disturbed` are the tables of which something was changed since."""

    transaction: Transaction
    merge: Any
    survivor: Customer
    absorbed: tuple[Customer, ...]
    rows: list[RowChange]
    now: Mapping[str, Values]
    target: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    disturbed: set[str] = field(default_factory=set)


def undo(
    transaction: Transaction,
    merge: Any,
    survivor: Customer,
    absorbed: tuple[Customer, ...],
    choices: Mapping[str, str],
    rest: str,
) -> None:
    """Put everything back; raise `Unresolved` where something was changed since and not decided.

    What makes it stricter since the merge stays, on both sides where it may concern both (R35).
    """
    ids = [person.id for person in absorbed]
    rows = _checked_rows(transaction, merge)
    now = values_now(transaction.connection, rows)
    work = Undoing(transaction, merge, survivor, absorbed, rows, now)
    conflicts = find_conflicts(transaction.connection, merge, rows, now)
    _decide(work, conflicts, _resolved(conflicts, choices, rest))
    moved = _moved_sign_ins(work)
    ending.links_and_codes(transaction, journal.Journal(), [survivor.id], WHY)
    _end_sessions(work, moved)
    is_suspended = survivor.status is CustomerStatus.SUSPENDED and _status_then(work) is not survivor.status
    restoring.put_back(transaction, work.target, {survivor.id, *ids}, work.disturbed)
    _keep_stricter(work, moved, is_suspended=is_suspended)
    for person in absorbed:
        person.version += 1
    merge_row = transaction.session.get_one(CustomerMerge, merge.id)
    merge_row.undone_at, merge_row.undone_by = transaction.now, transaction.actor.operator_id


def _checked_rows(transaction: Transaction, merge: Any) -> list[RowChange]:
    """Return the ledger; raise `IntegrityFailed` where it is not what the audit event vouches for."""
    rows = journal.read(transaction.connection, merge.id)
    if journal.digest_of(journal.read_lines(transaction.connection, merge.id)) != merge.digest:
        raise IntegrityFailed(
            "The ledger of this merge is not what was written then, so it cannot be undone from it. Call an"
            " admin."
        )
    return rows


def _resolved(conflicts: tuple[Conflict, ...], choices: Mapping[str, str], rest: str) -> dict[str, str]:
    known = {each.key for each in conflicts}
    stray = next((key for key in choices if key not in known), None)
    if stray is not None:
        raise Invalid(f"There is no conflict about {stray}. Look at them first (--dry-run).", field="choices")
    found = {
        each.key: KEEP if each.kind is ConflictKind.GONE else choices.get(each.key, rest)
        for each in conflicts
    }
    open_ones = tuple(each for each in conflicts if found[each.key] == ASK)
    if open_ones:
        raise Unresolved(open_ones)
    return found


def _decide(work: Undoing, conflicts: tuple[Conflict, ...], resolved: Mapping[str, str]) -> None:
    """Say for each field of the ledger whether it goes back."""
    kept_rows = {
        each.key for each in conflicts if each.kind is not ConflictKind.FIELD and resolved[each.key] == KEEP
    }
    work.disturbed |= {conflict.key.partition(".")[0].partition("#")[0] for conflict in conflicts}
    for conflict in conflicts:
        how = "stays as it is" if resolved[conflict.key] == KEEP else "goes back"
        work.transaction.will(f"{conflict.key}, changed by {conflict.by or 'somebody'} since, {how}")
    revives = _may_revive(work)
    for each in work.rows:
        row = work.now[each.table].get(each.row)
        if row is None or f"{each.table}#{each.row}" in kept_rows:
            work.disturbed.add(each.table)
            continue
        if each.table in LAPSING and each.column != "customer_id" and not revives:
            continue
        is_chosen = resolved.get(f"{each.table}.{each.column}#{each.row}") == RESTORE
        if is_changed(each, row[each.column]) and not is_chosen:
            work.disturbed.add(each.table)
        elif not journal.is_witness(each):
            work.target[each.table][each.row][each.column] = each.before


def _may_revive(work: Undoing) -> bool:
    """Whether links and sessions may come back: soon after, unflagged, and with the passwords of then."""
    is_soon = work.transaction.now - work.merge.at < REVIVED_WITHIN
    return (
        is_soon
        and not work.survivor.takeover_flag
        and not any(
            each.column == "credential_version" and _value(work, each) != each.before for each in work.rows
        )
    )


def _value(work: Undoing, each: RowChange) -> Any:
    return (work.now[each.table].get(each.row) or {}).get(each.column)


def _moved_sign_ins(work: Undoing) -> dict[int, bool]:
    """Return the sign-ins that go back, and whether somebody has set another password since."""
    going = {
        row
        for row, values in work.target.get("authentication_profile", {}).items()
        if "customer_id" in values
    }
    return {
        int(each.row): _value(work, each) != each.before
        for each in work.rows
        if each.column == "credential_version" and each.row in going
    }


def _end_sessions(work: Undoing, sign_ins: Mapping[int, bool]) -> None:
    """End what was opened since by a sign-in that goes back: it would lead to the survivor still."""
    transaction = work.transaction
    found = transaction.session.scalars(
        select(CustomerSession.id).where(
            CustomerSession.authentication_profile_id.in_(sign_ins),
            CustomerSession.created_at >= work.merge.at,
            CustomerSession.ended_at.is_(None),
        )
    ).all()
    if found:
        ended = {"ended_at": transaction.now, "end_reason": WHY}
        setwise.change(transaction.session, CustomerSession, found, ended)
        transaction.will(f"{len(found)} session{'s' if len(found) > 1 else ''} will end")


def _status_then(work: Undoing) -> Any:
    """Return the status with which the merge left the survivor."""
    place = ("customer", str(work.survivor.id), "status")
    return next(each.after for each in work.rows if (each.table, each.row, each.column) == place)


def _keep_stricter(work: Undoing, sign_ins: Mapping[int, bool], *, is_suspended: bool) -> None:
    """Let what befell the merged account since befall both parts (R35)."""
    for person in work.absorbed:
        if work.survivor.takeover_flag:
            person.takeover_flag = True
        if is_suspended and person.status in (CustomerStatus.ACTIVE, CustomerStatus.INACTIVE):
            person.status = CustomerStatus.SUSPENDED
    if work.survivor.takeover_flag:
        work.transaction.will("the takeover flag stays on all of them")
    for row, is_changed_since in sign_ins.items():
        found = work.transaction.session.get_one(AuthenticationProfile, row)
        if is_changed_since and found.state is SignInState.ACTIVE:
            found.state = SignInState.RESET_REQUIRED
            found.credential_version += 1
            work.transaction.will(
                f"{found.username} needs a new password: it was set while the accounts were one"
            )
