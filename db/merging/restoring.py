"""Writes the values of before a merge back: by the session where search follows, else set-wise."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from db import contacts, setwise
from db.contacts import MODELS
from db.errors import Clash
from db.gate.accounts import read_accounts
from db.merging.journal import model_of
from db.models import (
    Address,
    AuthenticationProfile,
    AuthorisedPerson,
    ContactState,
    Customer,
    Pass,
)
from db.rules.identifiers import format_customer_number
from db.transaction import Transaction

_ONE_BY_ONE: tuple[Any, ...] = (Customer, AuthenticationProfile, Pass, AuthorisedPerson, Address)
Targets = Mapping[str, Mapping[str, Mapping[str, Any]]]


def put_back(
    transaction: Transaction, target: Targets, ids: Collection[int], disturbed: Collection[str]
) -> None:
    """Write the targets, by table and row; in tables that are `disturbed` something was changed since."""
    reached = {model.__tablename__: model for model in MODELS.values()}
    for name, profile in reached.items():
        _contacts(transaction, profile, target.get(name, {}))
        if name in disturbed:
            _repair(transaction, profile, ids)
    for name, rows in target.items():
        model = model_of(name)
        if model in _ONE_BY_ONE:
            _by_session(transaction, model, rows)
        elif name not in reached:
            _set_wise(transaction, model, rows)
    transaction.session.flush()


def refuse_held_by_others(transaction: Transaction, ids: Collection[int]) -> None:
    """Raise `Clash` where somebody outside has taken an address since, and the mode forbids sharing (P4)."""
    accounts = read_accounts(transaction.connection, ids)
    live = [number for number, account in accounts.items() if account.is_live]
    for kind, model in MODELS.items():
        if not transaction.policy.dedup_mode.blocks(kind):
            continue
        values = select(model.canonical).where(model.customer_id.in_(live)).distinct()
        for canonical in sorted(transaction.connection.execute(values).scalars()):
            transaction.hold(kind, canonical)
            for holder in contacts.holders(transaction.connection, kind, canonical):
                if holder.customer_id not in ids:
                    raise Clash(
                        f"{canonical} is in use by {format_customer_number(holder.customer_id)}"
                        f" {holder.label} by now. Change it there first. Nothing was saved.",
                        field="customer",
                        holder=holder,
                    )


def _by_session(transaction: Transaction, model: Any, rows: Mapping[str, Mapping[str, Any]]) -> None:
    for row, values in rows.items():
        found = transaction.session.get_one(model, int(row))
        for name, value in values.items():
            setattr(found, name, value)


def _set_wise(transaction: Transaction, model: Any, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Write together what comes to have the same values."""
    kind = model.__table__.c.id.type.python_type
    alike: dict[tuple[tuple[str, Any], ...], list[Any]] = defaultdict(list)
    for row, values in rows.items():
        alike[tuple(values.items())].append(kind(row))
    for same, ids in alike.items():
        setwise.change(transaction.session, model, ids, dict(same))


def _contacts(transaction: Transaction, model: Any, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """The database allows one primary at any moment, so marks go first and come last."""
    session = transaction.session
    found = {row: session.get_one(model, int(row)) for row in rows}
    marks = {row: values.get("is_primary", found[row].is_primary) for row, values in rows.items()}
    for each in found.values():
        each.is_primary = False
    session.flush()
    for row, values in rows.items():
        for name, value in values.items():
            if name != "is_primary":
                setattr(found[row], name, value)
    session.flush()
    for row, mark in marks.items():
        each = found[row]
        if mark and not _has_primary(_family(transaction, model, each.customer_id)):
            each.is_primary = True
            session.flush()


def _repair(transaction: Transaction, model: Any, owners: Iterable[int]) -> None:
    """Where later changes left a customer without a primary address, one that is verified becomes it."""
    for owner in sorted(owners):
        rows = _family(transaction, model, owner)
        if rows and not _has_primary(rows):
            best = min(rows, key=lambda row: (row.state is not ContactState.VERIFIED, row.id))
            best.is_primary = True
            transaction.session.flush()


def _family(transaction: Transaction, model: Any, owner: int) -> list[Any]:
    return list(transaction.session.scalars(select(model).where(model.customer_id == owner)))


def _has_primary(rows: list[Any]) -> bool:
    return any(row.is_primary for row in rows)
