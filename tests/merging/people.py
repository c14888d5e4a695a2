"""Builds customers with everything attached, and merges them as an operator would."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db import runner
from db.applied import Applied
from db.engine import Database
from db.errors import LatchkeyError
from db.models import (
    AuthorisedPerson,
    Base,
    Channel,
    Contract,
    CustomerSession,
    Interaction,
    Link,
    LinkPurpose,
    Message,
    MessageKind,
    MessageState,
    Note,
    OneTimeCode,
    Organisation,
    SignInAttempt,
)
from db.models.signin import AttemptState
from db.operations import REGISTRY
from db.params import build
from tests.dump import ordered_dump
from tests.factories import BORN, actor, building

SOON = datetime(2099, 1, 1, tzinfo=UTC)
APART = {"audit_event", "audit_detail", "audit_head", "customer_merge", "merge_row"}
"""What a merge and its undo leave behind; beside the versions of the customers."""


def request(name: str, *, role: str = "lead", **values: Any) -> runner.Request:
    """Return the request of an operator."""
    version = values.pop("version", None)
    operation = REGISTRY[name]
    return runner.Request(
        actor=actor(role),
        operation=operation,
        params=build(operation.params, values),
        reason="the same person",
        version=version,
    )


def merge(base: Database, survivor: int, *absorbed: int, **more: Any) -> Applied:
    """Merge, with open links allowed to end."""
    names = " ".join(f"C-{number}" for number in absorbed)
    values = {"customer": survivor, "absorbed": names, "end_links": True, **more}
    return runner.run(base, request("merge-customers", **values))


def unmerge(base: Database, survivor: int, **more: Any) -> Applied:
    """Undo the last merge of a survivor."""
    return runner.run(base, request("unmerge-customers", customer=survivor, **more))


def do(base: Database, name: str, **values: Any) -> Applied:
    """Run any operation as a lead."""
    return runner.run(base, request(name, **values))


def refusal(base: Database, survivor: int, *absorbed: int, **more: Any) -> LatchkeyError:
    """Return the error that a merge ends with, having changed nothing."""
    before = data(base)
    with pytest.raises(LatchkeyError) as caught:
        merge(base, survivor, *absorbed, **more)
    assert data(base) == before
    return caught.value


def setting(base: Database, key: str, value: str) -> None:
    """Change a setting as an admin."""
    if key == "dedup_mode":
        runner.run(base, request("change-dedup-mode", role="admin", mode=value))
    else:
        runner.run(base, request("change-setting", role="admin", key=key, value=value))


def data(base: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row but the log, the ledger of merges and the versions of customers."""
    found = {name: rows for name, rows in ordered_dump(base).items() if name not in APART}
    found["customer"] = [row[:-1] for row in found["customer"]]
    return found


def row_of(base: Database, model: Any, row: int) -> Any:
    """Return one row."""
    table = model.__table__
    with base.reading() as connection:
        return connection.execute(table.select().where(table.c.id == row)).one()


def rows_of(base: Database, model: Any, customer: int) -> list[Any]:
    """Return the rows of a customer, oldest first."""
    table = model.__table__
    with base.reading() as connection:
        return list(
            connection.execute(table.select().where(table.c.customer_id == customer).order_by(table.c.id))
        )


def attach(base: Database, customer: int, *, sign_in: int | None = None, email: int | None = None) -> None:
    """Give a customer one of everything that customers collect, open where it can be open."""
    with building(base) as session:
        if session.get(Organisation, 1) is None:
            session.add(
                Organisation(name="Sunny Roofs", email_domain="sunny.example", phone="+1 202 555 0150")
            )
            session.flush()
        talk = Interaction(
            operator_id="rosa", customer_id=customer, channel="phone", direction="inbound", opened_at=BORN
        )
        attempt = SignInAttempt(
            customer_id=customer,
            authentication_profile_id=sign_in,
            identifier_kind="email",
            state=AttemptState.OPEN,
            at=BORN,
            expires_at=SOON,
            token_hash=f"{customer:064x}",
        )
        link = _link(customer, sign_in, email)
        session.add_all([talk, attempt, link])
        session.flush()
        code = _code(customer, attempt.id, email)
        session.add(code)
        session.flush()
        session.add_all([*_work(customer, talk.id), _message(customer, 1, link=link.id)])
        session.add(_message(customer, 2, code=code.id))
        if sign_in is not None:
            session.add(_session(customer, sign_in))


def _link(customer: int, sign_in: int | None, email: int | None) -> Link:
    return Link(
        customer_id=customer,
        purpose=LinkPurpose.RESET,
        authentication_profile_id=sign_in,
        email_profile_id=email,
        address="joan@example.org",
        credential_version=1,
        lifetime_minutes=60,
        created_at=BORN,
    )


def _code(customer: int, attempt: int, email: int | None) -> OneTimeCode:
    return OneTimeCode(
        customer_id=customer,
        attempt_id=attempt,
        channel=Channel.EMAIL,
        email_profile_id=email,
        address="joan@example.org",
        lifetime_minutes=10,
        created_at=BORN,
    )


def _work(customer: int, talk: int) -> list[Base]:
    return [
        Note(customer_id=customer, interaction_id=talk, operator_id="rosa", text="x", created_at=BORN),
        AuthorisedPerson(customer_id=customer, given_name="Mia", family_name="Lee", relation="niece"),
        Contract(
            customer_id=customer,
            organisation_id=1,
            number=f"K-{customer}",
            canonical=f"K{customer}",
            reversed=f"{customer}K",
            street="1 Elm Street",
            city="Reno",
            state="NV",
            postcode="89501",
            created_at=BORN,
        ),
    ]


def _message(customer: int, place: int, *, link: int | None = None, code: int | None = None) -> Message:
    return Message(
        reference=f"LK-{customer:04}-{place:04}",
        idempotency_key=f"{customer}.{place}",
        customer_id=customer,
        link_id=link,
        code_id=code,
        channel=Channel.EMAIL,
        kind=MessageKind.CODE if link is None else MessageKind.RESET,
        recipient="joan@example.org",
        values="{}",
        state=MessageState.QUEUED,
        next_attempt_at=BORN,
        created_at=BORN,
    )


def _session(customer: int, sign_in: int) -> CustomerSession:
    return CustomerSession(
        customer_id=customer,
        authentication_profile_id=sign_in,
        token_hash=f"5e{customer:062x}",
        created_at=BORN + timedelta(days=1),
        expires_at=SOON,
    )
