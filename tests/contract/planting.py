"""Rows that the examples need beside a customer, planted past the runner."""

from datetime import UTC, datetime
from typing import Any

from db import runner
from db.engine import Database
from db.models import (
    AuthorisedPerson,
    Channel,
    Contract,
    EmailProfile,
    Interaction,
    Link,
    LinkPurpose,
    Message,
    MessageKind,
    MessageState,
    OneTimeCode,
    Organisation,
    Phase,
    PhaseGrant,
    PhaseState,
    Representative,
    Walk,
)
from db.operations import REGISTRY
from db.params import build
from tests import factories
from tests.contract import portal
from tests.factories import BORN, building

KEY = "5a" * 16
"""Of the mail that is planted."""


def joan(base: Database, **instead: Any) -> int:
    """Plant the customer that most examples are about: two of everything, verified, and an open link."""
    given: dict[str, Any] = {
        "emails": ["joan@example.org", "joan.second@example.org"],
        "phones": ["+1 202 555 0101", "+1 202 555 0102"],
        "sign_ins": ["joan.anderson"],
        "passes": ["P-1001"],
        "address": ("1 Elm Street", "Springfield", "Illinois", "62701"),
    }
    return factories.add_customer(base, **{**given, **instead})


def interaction(base: Database, customer: int) -> None:
    """Plant an open call of the support operator."""
    with building(base) as session:
        session.add(
            Interaction(
                operator_id="kim", customer_id=customer, channel="phone", direction="inbound", opened_at=BORN
            )
        )


def walk(base: Database, customer: int) -> None:
    """Plant a playbook that the support operator has begun to walk in an open call."""
    interaction(base, customer)
    with building(base) as session:
        session.add(
            Walk(
                interaction_id=1,
                customer_id=customer,
                playbook_id="p4-never-enrol-twice",
                fingerprint="0" * 64,
                started_at=BORN,
            )
        )


def cool_down(base: Database, profile: int) -> None:
    """Let a cool-down run for an email, long enough for any clock."""
    with building(base) as session:
        session.get_one(EmailProfile, profile).cool_down_until = datetime(2099, 1, 1, tzinfo=UTC)


def authorised_person(base: Database, customer: int) -> None:
    """Plant somebody who may speak for the customer."""
    with building(base) as session:
        session.add(
            AuthorisedPerson(
                customer_id=customer, given_name="Ruth", family_name="Anderson", relation="daughter"
            )
        )


def organisation(base: Database, _customer: int) -> None:
    """Plant a company with one representative."""
    with building(base) as session:
        session.add(Organisation(name="Sunny Roofs", email_domain="sunny.example", phone="+1 202 555 0150"))
        session.flush()
        session.add(
            Representative(
                organisation_id=1,
                given_name="Ravi",
                family_name="Menon",
                email="ravi@sunny.example",
                email_canonical="ravi@sunny.example",
                phone="+1 202 555 0151",
                phone_canonical="+12025550151",
            )
        )


def contract(base: Database, customer: int) -> None:
    """Plant a contract of two phases, the first of which the representative may see."""
    organisation(base, customer)
    with building(base) as session:
        session.add(
            Contract(
                customer_id=customer,
                organisation_id=1,
                number="K-1001",
                canonical="K1001",
                reversed="1001K",
                street="1 Elm Street",
                city="Springfield",
                state="Illinois",
                postcode="62701",
                created_at=BORN,
            )
        )
        session.flush()
        session.add(Phase(contract_id=1, position=1, name="design", state=PhaseState.CURRENT))
        session.flush()
        session.add(Phase(contract_id=1, position=2, name="installation", state=PhaseState.UPCOMING))
        session.add(PhaseGrant(phase_id=1, representative_id=1))


def message(base: Database, customer: int, state: str, *, lease: str | None = None) -> None:
    """Plant a mail with a reset link, in a state."""
    with building(base) as session:
        session.add(
            Link(
                customer_id=customer,
                purpose=LinkPurpose.RESET,
                authentication_profile_id=1,
                email_profile_id=1,
                address="joan@example.org",
                credential_version=1,
                lifetime_minutes=60,
                secret_hash="cd" * 32 if state == "sending" else None,
                created_at=BORN,
            )
        )
        session.flush()
        session.add(
            Message(
                reference="LK-7F3K-2M9Q",
                idempotency_key=KEY,
                customer_id=customer,
                link_id=1,
                channel=Channel.EMAIL,
                kind=MessageKind.RESET,
                recipient="joan@example.org",
                values="{}",
                state=MessageState(state),
                attempts=0 if state == "queued" else 1,
                lease=lease,
                next_attempt_at=BORN,
                created_at=BORN,
            )
        )


def double(base: Database, customer: int) -> None:
    """Plant a second account of the customer, with another of everything."""
    factories.add_customer(
        base,
        given_name="Jo",
        emails=["jo@example.org", "joan@example.org"],
        phones=["+1 202 555 0199"],
        sign_ins=[("jo.anderson", "placeholder")],
        passes=["P-2002"],
        address=("2 Oak Street", "Springfield", "Illinois", "62702"),
    )
    authorised_person(base, customer + 1)


def merged(base: Database, customer: int) -> None:
    """Plant the second account, and merge it."""
    double(base, customer)
    operation = REGISTRY["merge-customers"]
    params = build(operation.params, {"customer": customer, "absorbed": f"C-{customer + 1}"})
    request = runner.Request(
        actor=factories.actor("lead"), operation=operation, params=params, reason="the same person"
    )
    runner.run(base, request)


def posted(base: Database, customer: int) -> None:
    """Plant a link and a code that went to the first email, and a code that went to the first phone."""
    portal.link(base, customer)
    portal.code(base, customer)
    with building(base) as session:
        session.add(
            OneTimeCode(
                customer_id=customer,
                attempt_id=portal.FIRST,
                channel=Channel.EMAIL,
                email_profile_id=portal.FIRST,
                address="joan@example.org",
                lifetime_minutes=10,
                code_hash="fe" * 32,
                created_at=BORN,
                expires_at=portal.LATER,
            )
        )
