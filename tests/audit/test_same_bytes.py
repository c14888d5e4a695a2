"""The same data gives the same bytes on both databases (R5, A10)."""

import secrets
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import text

from db.audit import event
from db.engine import Database
from db.operations.add_customer import AddCustomer
from db.operations.change_email import ChangeEmail
from tests.audit.conftest import do
from tests.conftest import Clock
from tests.factories import add_operators


def log_of(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    salts, tokens = count(1), count(1)
    monkeypatch.setattr(event, "new_salt", lambda: f"{next(salts):032x}")
    monkeypatch.setattr(secrets, "token_bytes", lambda size: next(tokens).to_bytes(size, "big"))
    add_operators(database)
    base = replace(database, clock=Clock())
    for name in ("Joan", "Zoë", "O'Brien", "田中", "😀 é"):
        do(base, "add-customer", AddCustomer(given_name=name, family_name="Lee", email="a@example.org"))
    do(base, "change-email", ChangeEmail(customer=1, email="b@example.org"))
    with base.reading() as connection:
        events = connection.execute(text("SELECT seq, body, hash FROM audit_event ORDER BY seq")).all()
        details = connection.execute(
            text(
                "SELECT seq, position, field, before, before_salt, after, after_salt"
                " FROM audit_detail ORDER BY seq, position"
            )
        ).all()
    return [tuple(row) for row in (*events, *details)]


def test_A10_the_log_has_the_same_bytes_on_both_databases(
    sqlite_database: Database, postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = log_of(sqlite_database, monkeypatch)
    assert first == log_of(postgres_database, monkeypatch)
    assert len(first) > 6
