"""Builds rows for tests, past the runner, as an import would have left them; indexed for search."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from db import guard
from db.actor import Actor
from db.engine import Database
from db.ledger import LedgerSession
from db.models import (
    Address,
    AuthenticationProfile,
    ContactState,
    Customer,
    CustomerStatus,
    EmailProfile,
    Operator,
    Pass,
    PassState,
    PhoneProfile,
    SignInState,
)
from db.rules.email import parse_email
from db.rules.identifiers import parse_pass_id, parse_username
from db.rules.phone import parse_phone
from db.rules.roles import Role
from db.search import index

BORN = datetime(2026, 1, 1, tzinfo=UTC)
OPERATORS = {Role.SUPPORT: "kim", Role.LEAD: "rosa", Role.ADMIN: "ada", Role.AUDITOR: "noor"}
NO_HASH = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@contextmanager
def building(database: Database) -> Iterator[LedgerSession]:
    """Write rows directly; only tests do this."""
    with (
        database.writer.connect() as connection,
        guard.writing(connection, "migration"),
        connection.begin(),
        LedgerSession(connection) as session,
    ):
        yield session
        session.flush()
        index.update(connection, session.ledger)


def actor(role: Role | str = Role.LEAD) -> Actor:
    """Return the actor of the practice operator of a role."""
    return Actor(OPERATORS[Role(role)], session="test", source="127.0.0.1")


def add_operators(database: Database) -> None:
    """One operator for each role."""
    with building(database) as session:
        for role, name in OPERATORS.items():
            session.add(Operator(id=name, display_name=name.capitalize(), role=role, created_at=BORN))


def add_customer(database: Database, **given: Any) -> int:
    """Build a customer with what is given and return the number.

    `emails` and `phones` are addresses, each alone or with its state; the first is primary.
    `sign_ins` are usernames, alone or with a state; `passes` are pass ids, alone or with a state.
    """
    with building(database) as session:
        customer = Customer(
            given_name=given.get("given_name", "Joan"),
            family_name=given.get("family_name", "Anderson"),
            birth_date=given.get("birth_date", date(1980, 5, 17)),
            status=CustomerStatus(given.get("status", "active")),
            merged_into_id=given.get("merged_into_id"),
            takeover_flag=given.get("takeover_flag", False),
            created_at=BORN,
        )
        session.add(customer)
        session.flush()
        _add_children(session, customer.id, given)
        return customer.id


def _pair(entry: str | tuple[str, str], state: str) -> tuple[str, str]:
    return (entry, state) if isinstance(entry, str) else entry


def _add_children(session: LedgerSession, customer_id: int, given: dict[str, Any]) -> None:
    for place, entry in enumerate(given.get("emails", ())):
        address, state = _pair(entry, "verified")
        session.add(_email(customer_id, address, state, is_primary=place == 0))
    for place, entry in enumerate(given.get("phones", ())):
        number, state = _pair(entry, "verified")
        session.add(_phone(customer_id, number, state, is_primary=place == 0))
    for entry in given.get("sign_ins", ()):
        username, state = _pair(entry, "active")
        session.add(
            AuthenticationProfile(
                customer_id=customer_id,
                username=username,
                canonical=parse_username(username),
                password_hash=NO_HASH,
                state=SignInState(state),
                created_at=BORN,
            )
        )
    for entry in given.get("passes", ()):
        pass_id, state = _pair(entry, "active")
        canonical = parse_pass_id(pass_id)
        session.add(
            Pass(
                customer_id=customer_id,
                pass_id=pass_id,
                canonical=canonical,
                reversed=canonical[::-1],
                state=PassState(state),
                created_at=BORN,
            )
        )
    if "address" in given:
        street, city, state, postcode = given["address"]
        session.add(
            Address(
                customer_id=customer_id,
                street=street,
                city=city,
                state=state,
                postcode=postcode,
                country="US",
            )
        )


def _email(customer_id: int, address: str, state: str, *, is_primary: bool) -> EmailProfile:
    return EmailProfile(
        customer_id=customer_id,
        address=address,
        canonical=parse_email(address).canonical,
        is_primary=is_primary,
        state=ContactState(state),
        created_at=BORN,
        changed_at=BORN,
        verified_at=BORN if state == "verified" else None,
    )


def _phone(customer_id: int, number: str, state: str, *, is_primary: bool) -> PhoneProfile:
    parsed = parse_phone(number)
    return PhoneProfile(
        customer_id=customer_id,
        number=number,
        canonical=parsed.canonical,
        reversed=parsed.reversed_digits,
        is_primary=is_primary,
        state=ContactState(state),
        created_at=BORN,
        changed_at=BORN,
        verified_at=BORN if state == "verified" else None,
    )
