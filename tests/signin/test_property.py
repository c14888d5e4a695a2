"""For any small base and any identifier: the gate says `can-sign-in` exactly where signing in succeeds."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db import gate
from db.engine import Database
from db.models import Channel, EmailProfile, Message, MessageKind, MessageState, PhoneProfile
from db.rules.cases import Case
from db.settings import load_policy
from db.signin import CustomerDoor, Need
from tests.factories import building
from tests.signin.conftest import at_once, customer_with, sign_in
from tests.signin.post import KEY, Post

FRESH = count(1)
MAILS, NAMES, CARDS = ("a", "b"), ("ann", "bob"), ("10", "20")
CONTACT = st.sampled_from(("verified", "unverified", "bouncing"))


@dataclass(frozen=True)
class Person:
    """What one customer of a small base has; values are shared among its people on purpose."""

    status: str
    flagged: bool
    emails: dict[str, str]
    phone: str | None
    sign_in: str | None
    second: str | None
    card: str | None
    cooling: str
    failed: str


PEOPLE = st.builds(
    Person,
    status=st.sampled_from(("active", "active", "active", "inactive", "suspended", "erased")),
    flagged=st.sampled_from((False, False, False, True)),
    emails=st.dictionaries(st.sampled_from(MAILS), CONTACT, max_size=2),
    phone=st.none() | CONTACT,
    sign_in=st.sampled_from(
        ("active", "active", "active", "placeholder", "reset-required", "locked", "disabled", None)
    ),
    second=st.sampled_from((None, None, None, "active", "disabled")),
    card=st.sampled_from((None, "active", "suspended", "expired")),
    cooling=st.sampled_from(("", "", "", "email", "phone")),
    failed=st.sampled_from(("", "", "", "email", "phone")),
)
# Whose username is an email as well is what resolution is about, so half of the names are addresses.
USERNAMES = st.permutations([*NAMES, *(f"{mail}@" for mail in MAILS)])


def plant(base: Database, people: list[Person], usernames: list[str]) -> str:
    """Build a base under a name of its own, and return what makes its identifiers unlike all others."""
    mark = f"x{next(FRESH)}"
    for place, person in enumerate(people):
        names = [(named(usernames[place], mark), person.sign_in)] if person.sign_in else []
        names += [(f"second{place}{mark}", person.second)] if person.second else []
        number = customer_with(
            base,
            status=person.status,
            takeover_flag=person.flagged,
            emails=[(f"{mail}@{mark}.example.org", state) for mail, state in person.emails.items()],
            phones=[(f"+1 202 555 01{10 + place}", person.phone)] if person.phone else [],
            sign_ins=names,
            passes=[(f"{CARDS[place % 2]}{place}{mark}", person.card)] if person.card else [],
        )
        hinder(base, number, person)
    return mark


def named(username: str, mark: str) -> str:
    return f"{username}{mark}.example.org" if username.endswith("@") else f"{username}{mark}"


def hinder(base: Database, number: int, person: Person) -> None:
    """Let a cool-down run, or a message have failed, at the addresses of one kind."""
    with building(base) as session:
        now = base.clock(session.live_connection)
        models: dict[str, Any] = {"email": EmailProfile, "phone": PhoneProfile}
        if person.cooling:
            model = models[person.cooling]
            for profile in session.scalars(select(model).where(model.customer_id == number)):
                profile.cool_down_until = now + timedelta(hours=1)
        if person.failed:
            model = models[person.failed]
            for profile in session.scalars(select(model).where(model.customer_id == number)):
                recipient = profile.address if person.failed == "email" else profile.canonical
                mark = f"{number}{recipient[:2]}{profile.id}"
                session.add(
                    Message(
                        reference=f"LK{mark}"[:16],
                        idempotency_key=f"planted{mark}",
                        customer_id=number,
                        channel=Channel.EMAIL if person.failed == "email" else Channel.SMS,
                        kind=MessageKind.CODE,
                        recipient=recipient,
                        values="{}",
                        state=MessageState.FAILED,
                        next_attempt_at=now,
                        created_at=now,
                    )
                )


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    people=st.lists(PEOPLE, min_size=1, max_size=3),
    usernames=USERNAMES,
    typed=st.sampled_from(("a@", "b@", "ann", "bob", "100", "201", "nobody")),
)
def test_the_gate_says_can_sign_in_exactly_where_signing_in_succeeds(
    base: Database, people: list[Person], usernames: list[str], typed: str
) -> None:
    mark = plant(base, people, usernames)
    identifier = named(typed, mark)
    with base.reading() as connection:
        found = gate.judge(connection, identifier, load_policy(connection), base.clock(connection))
    door = CustomerDoor(base, KEY, pause=at_once)
    step = sign_in(door, Post(base), identifier)
    assert (step.needs is Need.NOTHING) == found.lets_in == (found.case is Case.CAN_SIGN_IN)
    if found.lets_in and found.account is not None:
        session = door.session(step.session)
        assert session is not None
        assert session.customer_id == found.account.customer_id
