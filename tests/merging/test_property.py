"""R35: whatever two or three customers have, a merge and its undo leave the database as it was."""

from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from db.audit.verify import verify
from db.engine import Database
from db.models import AuthenticationProfile, Customer, EmailProfile, PhoneProfile, SignInState
from db.search.check import first_difference
from tests.factories import add_customer, add_operators, building
from tests.merging.people import SOON, attach, data, merge, rows_of, unmerge

CONTACT = st.sampled_from(("verified", "unverified", "bouncing"))
STATES = ("active", "placeholder", "reset-required", "locked", "disabled")


@dataclass(frozen=True)
class Person:
    """What one of them has; values are shared on purpose."""

    given_name: str
    born: bool
    status: str
    emails: dict[str, str]
    phones: dict[str, str]
    sign_ins: tuple[str, ...]
    cards: dict[str, str]
    street: str | None
    cooling: bool
    has_everything: bool


PEOPLE = st.builds(
    Person,
    given_name=st.sampled_from(("Joan", "Jo")),
    born=st.booleans(),
    status=st.sampled_from(("active", "active", "inactive", "suspended")),
    emails=st.dictionaries(st.sampled_from(("a", "b", "c")), CONTACT, max_size=3),
    phones=st.dictionaries(st.sampled_from(("0101", "0102")), CONTACT, max_size=2),
    sign_ins=st.lists(st.sampled_from(STATES), max_size=2).map(tuple),
    cards=st.dictionaries(st.sampled_from(("1", "2")), st.sampled_from(("active", "suspended")), max_size=2),
    street=st.sampled_from((None, "1 Elm Street", "2 Oak Street")),
    cooling=st.booleans(),
    has_everything=st.booleans(),
)
FRESH = iter(range(1, 10**6))


def plant(base: Database, person: Person) -> int:
    """Build a customer with addresses that others of the same example may have too."""
    mark = next(FRESH)
    address = {"address": (person.street, "Reno", "NV", "89501")} if person.street else {}
    number = add_customer(
        base,
        given_name=person.given_name,
        status=person.status,
        emails=[(f"{name}@example.org", state) for name, state in person.emails.items()],
        phones=[(f"+1 202 555 {last}", state) for last, state in person.phones.items()],
        sign_ins=[(f"user{mark}.{place}", state) for place, state in enumerate(person.sign_ins)],
        passes=[(f"P{mark}00{name}", state) for name, state in person.cards.items()],
        **address,
    )
    with building(base) as session:
        if not person.born:
            session.execute(update(Customer).where(Customer.id == number).values(birth_date=None))
        if person.cooling:
            models: tuple[Any, ...] = (EmailProfile, PhoneProfile)
            for model in models:
                found = select(model).where(model.customer_id == number)
                for row in session.scalars(found):
                    row.cool_down_until = SOON
            session.get_one(Customer, number).email_cool_down_until = SOON
        sign_ins = session.scalars(
            select(AuthenticationProfile.id).where(AuthenticationProfile.customer_id == number)
        ).all()
        emails = session.scalars(select(EmailProfile.id).where(EmailProfile.customer_id == number)).all()
    if person.has_everything:
        attach(base, number, sign_in=next(iter(sign_ins), None), email=next(iter(emails), None))
    return number


def chosen(base: Database, numbers: list[int]) -> dict[str, Any]:
    """Choose a sign-in where there is one to choose."""
    usable = [
        row.id
        for number in numbers
        for row in rows_of(base, AuthenticationProfile, number)
        if row.state is not SignInState.DISABLED
    ]
    return {"sign_in": usable[-1]} if usable else {}


@settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # shrinking on a growing base takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(people=st.lists(PEOPLE, min_size=2, max_size=3))
def test_R35_a_merge_and_its_undo_leave_the_database_as_it_was(
    database: Database, people: list[Person]
) -> None:
    with database.reading() as connection:
        if not connection.execute(select(Customer.id).limit(1)).first():
            add_operators(database)
    numbers = [plant(database, person) for person in people]
    before = data(database)
    merge(database, numbers[0], *numbers[1:], **chosen(database, numbers))
    after = data(database)
    assert after != before
    assert_merged(database, numbers)
    unmerge(database, numbers[0])
    assert data(database) == before
    with database.reading() as connection:
        assert verify(connection).problem is None
        assert first_difference(connection, sample=None) is None


def assert_merged(base: Database, numbers: list[int]) -> None:
    """What holds after any merge."""
    survivor, *absorbed = numbers
    emails, phones = (rows_of(base, model, survivor) for model in (EmailProfile, PhoneProfile))
    for rows in (emails, phones):
        assert len({row.canonical for row in rows}) == len(rows)
        assert sum(row.is_primary for row in rows) == (1 if rows else 0)
    usable = [
        row
        for number in numbers
        for row in rows_of(base, AuthenticationProfile, number)
        if row.state is not SignInState.DISABLED
    ]
    assert len(usable) <= 1
    assert all(row.customer_id == survivor for row in usable)
    with base.reading() as connection:
        assert first_difference(connection, sample=None) is None
        into = connection.execute(select(Customer.merged_into_id).where(Customer.id.in_(absorbed))).scalars()
        assert set(into) == {survivor}
