"""The one door: nothing else changes data.

authorise → lock → version → rules → apply → index → audit → commit. A preview is the same path,
rolled back. A refusal leaves an event too, in a transaction of its own (R2).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import msgspec

from db import door
from db.actor import Actor
from db.applied import Applied
from db.audit.chain import Entry, append
from db.audit.event import FINGERPRINT, Detail, digest
from db.audit.history import Earlier, changes_since, find_request
from db.engine import Database
from db.errors import Invalid, ReadOnly, RefusalCode, Refused, Stale
from db.ledger import Change
from db.models import Customer, Interaction, Message
from db.operation import Operation, Params, Versioned
from db.params import checked, refuse_too_large, refuse_unwanted
from db.rules import Malformed
from db.rules.identifiers import format_customer_number
from db.rules.roles import Standing, standing
from db.search import index
from db.transaction import Transaction
from db.witness import observe, record_refusal

__all__ = ["Request", "observe", "preview", "refuse_without_right", "run"]

MAX_REASON = 500
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Request:
    """One wish to change something, as it came from a console, a command or a worker."""

    actor: Actor
    operation: Operation
    params: Params
    reason: str = ""
    interaction: int | None = None
    verification: int | None = None
    version: int | None = None
    request_id: str = field(default_factory=lambda: uuid4().hex)


def run(database: Database, request: Request) -> Applied:
    """Carry out a request and return what it changed.

    Raises `Invalid`, `Unknown`, `Clash`, `Stale` (nothing written), `Refused` (the refusal is
    audited), `Unavailable` (the database failed; nothing written).
    """
    _refuse_read_only(database)
    try:
        reason, params = _checked(request, needs_reason=True), checked(request.params)
    except Invalid:
        refuse_without_right(database, request.actor, request.operation, dry_run=False)
        raise
    try:
        return _attempt(database, request, params, reason, dry_run=False)
    except Refused as refusal:
        customer_id = getattr(request.params, "customer", None)
        record_refusal(
            database,
            request.actor,
            request.operation.name,
            refusal,
            reason=reason,
            customer_id=customer_id if isinstance(customer_id, int) else None,
            interaction=request.interaction,
        )
        raise


def refuse_without_right(database: Database, actor: Actor, operation: Operation, *, dry_run: bool) -> None:
    """Raise `Refused` where the role holds nothing that the operation can ask for; unless dry, as an event.

    For input that cannot be used: who may not do it at all is told so, and not asked to correct it.
    """
    _refuse_read_only(database)
    rights = operation.rights if callable(operation.right) else (operation.right,)
    try:
        with door.changing(database, dry_run=True) as session:
            transaction = door.begin(database, session, actor)
            held = (standing(transaction.roles, transaction.role, right) for right in rights)
            if Standing.ALONE not in held:
                transaction.require(rights[0])
    except Refused as refusal:
        if not dry_run:
            record_refusal(database, actor, operation.name, refusal)
        raise


def preview(
    database: Database, request: Request, look: Callable[[Transaction], object] | None = None
) -> Applied:
    """Say exactly what `run` would do, by doing it and rolling back; the reason may still be to come.

    `look` is shown the change while it stands, to read what would follow from it.
    """
    _refuse_read_only(database)
    try:
        reason, params = _checked(request, needs_reason=False), checked(request.params)
    except Invalid:
        refuse_without_right(database, request.actor, request.operation, dry_run=True)
        raise
    return _attempt(database, request, params, reason, dry_run=True, look=look)


def _refuse_read_only(database: Database) -> None:
    if database.read_only:
        raise ReadOnly()


def _attempt(
    database: Database,
    request: Request,
    params: Params,
    reason: str,
    *,
    dry_run: bool,
    look: Callable[[Transaction], object] | None = None,
) -> Applied:
    try:
        with door.changing(database, dry_run=dry_run) as session:
            transaction = door.begin(database, session, request.actor, request.request_id)
            if transaction.is_repeated:
                earlier = find_request(session.live_connection, request.request_id)
                if earlier is not None:
                    return _repeat(earlier, request, params)
            transaction.reason = reason
            _enter_interaction(transaction, request)
            applied = _perform(transaction, request, params, dry_run=dry_run)
            if look is not None:
                look(transaction)
            return applied
    except Malformed as error:
        raise Invalid(error.sentence, field=error.field) from None
    except Invalid as error:
        if error.code != "conflict" or dry_run:
            raise
        with database.reading() as connection:
            earlier = find_request(connection, request.request_id)
        if earlier is None:
            raise
        return _repeat(earlier, request, params)


def _repeat(earlier: Earlier, request: Request, params: Params) -> Applied:
    """Answer a repeated request as before; the answer is only for who asked, and for the same wish."""
    known = (earlier.operator_id, earlier.fingerprint)
    if known != (request.actor.operator_id, _fingerprint(request.operation, params)):
        raise Invalid("This request id was used for something else. Use a new one.", field="request_id")
    return earlier.applied


def _fingerprint(operation: Operation, params: Params) -> str:
    return digest(f"{operation.name} {msgspec.json.encode(params).decode()}")


def _perform(transaction: Transaction, request: Request, params: Params, *, dry_run: bool) -> Applied:
    operation, session = request.operation, transaction.session
    subject = operation.subject(transaction, params)
    _refuse_own_record(transaction, subject)
    right = operation.right
    transaction.require(right(transaction, params) if callable(right) else right)
    _refuse_frozen(transaction, operation, subject)
    _check_version(transaction, subject, request.version)
    about = operation.apply(transaction, params) or subject
    if subject is not None and about is subject:
        subject.version += 1  # which is no change of its own: without another one nothing is kept
    session.flush()
    changes = session.ledger.changes()
    if not changes:
        raise Invalid("That is how it is already. Nothing was changed.", code="no-change")
    index.update(session.live_connection, session.ledger)
    entry = _entry(transaction, request, params, about, changes)
    event = append(session.live_connection, entry)
    session.settle()
    return Applied(
        operation=operation.name,
        outcome="dry-run" if dry_run else "applied",
        event=None if dry_run else event,
        customer_id=entry.customer_id,
        changes=changes,
        outcomes=tuple(transaction.outcomes),
        warnings=tuple(transaction.warnings),
        version=entry.target_version,
    )


def _entry(
    transaction: Transaction,
    request: Request,
    params: Params,
    about: Versioned | Message | None,
    changes: tuple[Change, ...],
) -> Entry:
    customer = about if isinstance(about, Customer) else None
    details = [
        Detail("reason", after=transaction.reason),
        Detail(FINGERPRINT, after=_fingerprint(request.operation, params)),
    ]
    if customer is not None:
        details.append(Detail("customer", after=f"{customer.given_name} {customer.family_name}"))
    details.extend(Detail(change.key, change.before, change.after) for change in changes)
    return Entry(
        at=transaction.now,
        actor=request.actor,
        role=transaction.role,
        operation=request.operation.name,
        outcome="applied",
        customer_id=_customer_of(about),
        target=_target(about),
        target_version=getattr(about, "version", None),
        interaction_id=request.interaction,
        verification_id=request.verification,
        request_id=request.request_id,
        details=tuple(details),
    )


def _customer_of(about: Versioned | Message | None) -> int | None:
    """Whose history the event belongs to; delivery is told there and is no change to the customer."""
    match about:
        case Customer():
            return about.id
        case Message():
            return about.customer_id
        case _:
            return None


def _target(about: Versioned | Message | None) -> str | None:
    if about is None:
        return None
    key = getattr(about, "id", None) or getattr(about, "key", "")
    return f"{about.__tablename__}:{key}"


def _refuse_own_record(transaction: Transaction, subject: Versioned | None) -> None:
    if isinstance(subject, Customer) and subject.id == transaction.own_customer_id:
        raise Refused(
            "This is your own customer record. Ask another operator (R36).", code=RefusalCode.PERMISSION
        )


def _refuse_frozen(transaction: Transaction, operation: Operation, subject: Versioned | None) -> None:
    if operation.frozen_by_takeover and isinstance(subject, Customer) and subject.takeover_flag:
        raise Refused(
            f"{format_customer_number(subject.id)} is flagged for a possible account takeover."
            " Only the leads' queue may go on.",
            code=RefusalCode.TAKEOVER,
        )


def _check_version(transaction: Transaction, subject: Versioned | None, version: int | None) -> None:
    if version is None or subject is None or subject.version == version:
        return
    changes = changes_since(transaction.connection, str(_target(subject)), version)
    raise Stale(
        "Somebody changed this meanwhile. Nothing was saved; look at what changed, then save again.",
        version=subject.version,
        changes=changes,
    )


def _enter_interaction(transaction: Transaction, request: Request) -> None:
    if request.interaction is None:
        return
    found = transaction.session.get(Interaction, request.interaction)
    if found is None or found.operator_id != request.actor.operator_id:
        raise Invalid("That interaction is not yours. Start one first.", field="interaction")
    if found.closed_at is not None:
        raise Invalid("That interaction is closed. Start a new one.", field="interaction")
    transaction.interaction_id = found.id
    transaction.verification_id = request.verification


def _checked(request: Request, *, needs_reason: bool) -> str:
    """Return the reason without spaces around it; raise `Invalid` for what no request may have."""
    if not _REQUEST_ID.fullmatch(request.request_id):
        raise Invalid(
            "A request id has 1 to 64 letters, digits, dots, colons and dashes. Use another.",
            field="request_id",
        )
    for name, number in (("version", request.version), ("interaction", request.interaction)):
        refuse_too_large(name, number or 0)
    reason = request.reason.strip()
    refuse_unwanted("reason", reason)
    if needs_reason and not reason:
        raise Invalid("A reason is required. Say in a few words why this is done.", field="reason")
    if len(reason) > MAX_REASON:
        raise Invalid(f"The reason is too long: at most {MAX_REASON} characters.", field="reason")
    return reason
