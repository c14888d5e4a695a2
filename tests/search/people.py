"""Small made-up bases and queries for the search tests."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st
from sqlalchemy import text

from db import guard
from db.engine import Database
from db.models import AuthenticationProfile
from db.rules.names import fold
from tests.factories import BORN, add_customer, building

GIVEN = ("Joan", "Joann", "Jo", "Jo", "Daniel", "Åsa", "Łukasz", "太郎", "Мария", "Anna Maria", "Anders", "")
FAMILY = (
    "Anderson",
    "Andersen",
    "Anders",
    "Anders",
    "",
    "O'Brien",
    "Smith",
    "Smith-Jones",
    "山田",
    "Иванова",
    "de la Cruz",
    "Jo",
)
LOCALS = ("joan", "joan.anderson", "j.smith", "asa_obrien", "anders+shop", "jo", "smith-jo", "d.anderson")
DOMAINS = ("example.org", "example.com", "mail.example.org")
LINES = tuple(f"{area}55501{end}" for area in ("415", "775", "212") for end in ("42", "43", "07"))
HANDLES = ("joan", "jo.smith", "anders", "dan99", "asa", "smith.j", "obrien")
CARDS = ("PK4022179301", "PK4022179302", "PK5100420142", "AB12CD34", "QX550142")
STATUSES = ("active", "active", "inactive", "suspended", "merged")
DAYS = (None, None, 0, 3, 40)
CITIES = ("", "Reno", "San Francisco", "Anderson", "San José")


@dataclass
class Person:
    """A customer as the tests know them; identifiers in canonical form."""

    given_name: str
    family_name: str
    status: str = "active"
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    usernames: list[str] = field(default_factory=list)
    passes: list[str] = field(default_factory=list)
    days_ago: int | None = None
    city: str = ""
    id: int = 0

    @property
    def name_words(self) -> list[str]:
        return words_of(self.given_name) + words_of(self.family_name)


def words_of(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[\u3040-\u9fff]", fold(name))


@st.composite
def bases(draw: st.DrawFn) -> list[Person]:
    """Three to nine customers who share names, emails and phones, but no username and no pass."""
    handles, cards = list(HANDLES), list(CARDS)
    people: list[Person] = []
    for _ in range(draw(st.integers(3, 9))):
        some = st.integers(0, 2)
        emails = st.builds("{}@{}".format, st.sampled_from(LOCALS), st.sampled_from(DOMAINS))
        people.append(
            Person(
                draw(st.sampled_from(GIVEN)),
                draw(st.sampled_from(FAMILY)),
                draw(st.sampled_from(STATUSES)) if people else "active",
                draw(st.lists(emails, max_size=2, unique=True)),
                draw(st.lists(st.sampled_from(LINES), max_size=2, unique=True)),
                [handles.pop(draw(st.integers(0, len(handles) - 1))) for _ in range(draw(some)) if handles],
                [cards.pop(draw(st.integers(0, len(cards) - 1))) for _ in range(draw(some)) if cards],
                draw(st.sampled_from(DAYS)),
                draw(st.sampled_from(CITIES)),
            )
        )
    return people


def store(database: Database, people: list[Person]) -> None:
    """Replace everything in a database by these customers, and learn their numbers."""
    tables = (
        "search_term",
        "search_word",
        "search_key",
        "address",
        "email_profile",
        "phone_profile",
        "authentication_profile",
        "pass",
        "customer",
    )
    with database.writer.connect() as connection, guard.writing(connection, "migration"), connection.begin():
        connection.execute(text("UPDATE customer SET status = 'active', merged_into_id = NULL"))
        for table in tables:
            connection.execute(text(f"DELETE FROM {table}"))
    for person in people:
        person.id = add_customer(
            database,
            given_name=person.given_name,
            family_name=person.family_name,
            status=person.status,
            merged_into_id=people[0].id if person.status == "merged" else None,
            emails=person.emails,
            phones=person.phones,
            sign_ins=person.usernames,
            passes=person.passes,
            **({"address": ("1 Main St", person.city, "NV", "89501")} if person.city else {}),
        )
        if person.days_ago is not None and person.usernames:
            with building(database) as session:
                for row in session.query(AuthenticationProfile).filter_by(customer_id=person.id):
                    row.last_sign_in_at = BORN - timedelta(days=person.days_ago)


FRAGMENTS = st.sampled_from(
    [word for name in GIVEN + FAMILY for word in name.split()] + list(LOCALS) + list(HANDLES) + list(DOMAINS)
)
FULL_NAMES = st.tuples(st.sampled_from(GIVEN), st.sampled_from(FAMILY)).map(
    lambda names: " ".join(names).split() or ["jo"]
)
ADDRESSES = st.builds("{}@{}".format, st.sampled_from(LOCALS), st.sampled_from(DOMAINS))


@st.composite
def _cut(draw: st.DrawFn, whole: st.SearchStrategy[str]) -> str:
    value = draw(whole)
    if draw(st.booleans()):
        return value
    at = draw(st.integers(1, len(value)))
    if draw(st.booleans()):
        return value[:at]
    wrong = draw(st.sampled_from(("", "e", value[at - 1] * 2)))
    return value[: at - 1] + wrong + value[at:] or value


@st.composite
def _number(draw: st.DrawFn) -> str:
    """Part of a phone number or pass id, from either end; or `#1` for the number of the second customer."""
    value = draw(st.sampled_from(LINES + CARDS))
    size = draw(st.integers(4, len(value)))
    return draw(st.sampled_from((value, value[:size], value[-size:], "#0", "#1")))


SCOPES = ("any", "any", "any", "email", "phone", "pass", "user", "name", "id", "city")


@st.composite
def queries(draw: st.DrawFn) -> list[tuple[str, str]]:
    """One to three words, each with what it is looked up as; a number comes last, so that none join."""
    if draw(st.booleans()):
        return [("any", word) for word in draw(FULL_NAMES)]
    words = draw(st.lists(_cut(st.one_of(FRAGMENTS, ADDRESSES)), max_size=2))
    # A "c" before a number would make it a customer number, which has a test of its own.
    words = ["cr" if word.lower() == "c" else word for word in words]
    if not words or draw(st.booleans()):
        words.append(draw(_number()))
    # A prefix holds to the end of the query, so only the last word has one.
    return [("any", word) for word in words[:-1]] + [(draw(st.sampled_from(SCOPES)), words[-1])]


def numbered(query: list[tuple[str, str]], people: list[Person]) -> list[tuple[str, str]]:
    """Put the real numbers of customers in."""
    return [
        (scope, str(people[int(word[1:]) % len(people)].id) if word.startswith("#") else word)
        for scope, word in query
    ]


def as_typed(query: list[tuple[str, str]]) -> str:
    return " ".join(word if scope == "any" else f"{scope}:{word}" for scope, word in query)
