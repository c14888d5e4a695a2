"""Ends what a merge may not leave open: links, codes, their waiting messages, attempts, sessions (R18)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select

from db import setwise
from db.merging.journal import Journal
from db.models import (
    AttemptState,
    CustomerSession,
    Link,
    Message,
    MessageState,
    OneTimeCode,
    SignInAttempt,
)
from db.rules.cases import Case
from db.transaction import Transaction

_AMONG: BindParameter[Any] = bindparam("ids", expanding=True)


def _open(model: type[Link] | type[OneTimeCode]) -> Any:
    return select(model.id).where(
        model.customer_id.in_(_AMONG),
        model.used_at.is_(None),
        model.voided_at.is_(None),
        or_(model.expires_at.is_(None), model.expires_at > bindparam("now")),
    )


_OPEN = {Link: _open(Link), OneTimeCode: _open(OneTimeCode)}
_CARRIES = {Link: Message.link_id, OneTimeCode: Message.code_id}
_UNFINISHED = select(SignInAttempt.id).where(
    SignInAttempt.customer_id.in_(_AMONG),
    SignInAttempt.state == AttemptState.OPEN,
    SignInAttempt.expires_at > bindparam("now"),
)
_SESSIONS = select(CustomerSession.id, CustomerSession.authentication_profile_id).where(
    CustomerSession.customer_id.in_(_AMONG),
    CustomerSession.ended_at.is_(None),
    CustomerSession.expires_at > bindparam("now"),
)


def links_and_codes(transaction: Transaction, journal: Journal, ids: Collection[int], why: str) -> None:
    """Void what is open, with the messages that wait to carry it; open attempts lead nowhere any more."""
    session, among = transaction.session, {"ids": list(ids), "now": transaction.now}
    for model, statement in _OPEN.items():
        found = list(transaction.connection.execute(statement, among).scalars())
        if not found:
            continue
        ended = {"voided_at": transaction.now, "void_reason": why}
        journal.add(setwise.change(session, model, found, ended))
        what = "link" if model is Link else "code"
        transaction.will(f"{len(found)} open {what}{'s' if len(found) > 1 else ''} will stop working")
        waiting = select(Message.id).where(_CARRIES[model].in_(found), Message.state == MessageState.QUEUED)
        stopped = list(transaction.connection.execute(waiting).scalars())
        if stopped:
            words = {"state": MessageState.VOID, "reply": f"its {what} was voided before it left"}
            journal.add(setwise.change(session, Message, stopped, words))
    unfinished = list(transaction.connection.execute(_UNFINISHED, among).scalars())
    if unfinished:
        nowhere = {"authentication_profile_id": None, "case": Case.CODE_NOT_ARRIVING.value}
        journal.add(setwise.change(session, SignInAttempt, unfinished, nowhere))


def sessions(
    transaction: Transaction, journal: Journal, ids: Collection[int], why: str, *, apart_from: int | None
) -> None:
    """Sign everybody out, but those who came by the survivor's own sign-in where that stays in use."""
    among = {"ids": list(ids), "now": transaction.now}
    found = [
        row.id
        for row in transaction.connection.execute(_SESSIONS, among)
        if apart_from is None or row.authentication_profile_id != apart_from
    ]
    if found:
        ended = {"ended_at": transaction.now, "end_reason": why}
        journal.add(setwise.change(transaction.session, CustomerSession, found, ended))
        transaction.will(f"{len(found)} session{'s' if len(found) > 1 else ''} will end")
