"""Narrowing a search by city and status, and how many it says there are."""

import pytest

from db.engine import Database
from db.queries.viewer import Viewer
from db.search import find
from tests.factories import add_customer

KIM = Viewer("kim")
RENO = ("1 Main St", "Reno", "NV", "89501")
SAN_JOSE = ("2 Elm St", "San José", "CA", "95101")


@pytest.fixture
def people(database: Database) -> dict[str, int]:
    return {
        "joan": add_customer(database, given_name="Joan", address=RENO),
        "zoe": add_customer(database, given_name="Zoe", address=SAN_JOSE, status="suspended"),
        "reno": add_customer(database, given_name="Rita", family_name="Reno", address=SAN_JOSE),
    }


def names(database: Database, people: dict[str, int], query: str) -> list[str]:
    with database.reading() as connection:
        page = find(connection, query, viewer=KIM)
    known = {number: name for name, number in people.items()}
    return [known[hit.customer_id] for hit in page.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("joan reno", ["joan"]),
        ("city:reno", ["joan"]),
        ("city:san jose", ["reno", "zoe"]),
        ("anderson city:San", ["zoe"]),
        ("status:susp anderson", ["zoe"]),
        ("anderson STATUS:active", ["joan"]),
        ("anderson status:active suspended", ["joan", "zoe"]),
        ("reno", ["reno"]),
        ("jo.s zoe", ["zoe"]),
        ("city:x", []),
    ],
)
def test_city_and_status_narrow(
    database: Database, people: dict[str, int], query: str, expected: list[str]
) -> None:
    assert names(database, people, query) == expected


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("status:suspended", "status: narrows a search. Add a name, a city or another word."),
        ("status:locked joan", "status: takes active, inactive, suspended, merged or erased."),
        ("city:!", "city: takes the beginning of a city."),
    ],
)
def test_what_cannot_narrow_is_answered_with_a_sentence(database: Database, query: str, notice: str) -> None:
    with database.reading() as connection:
        assert find(connection, query, viewer=KIM).notice == notice


def test_a_row_says_that_the_city_matched(database: Database, people: dict[str, int]) -> None:
    with database.reading() as connection:
        (hit,) = find(connection, "joan reno", viewer=KIM).hits
    assert hit.why == ("name joan", "city reno")


def test_the_count_is_capped_and_says_so(database: Database) -> None:
    for _ in range(3):
        add_customer(database)
    with database.reading() as connection:
        page = find(connection, "anderson", viewer=KIM, limit=2)
        last = find(connection, "anderson", viewer=KIM, limit=2, offset_after=page.hits[-1].customer_id)
    assert (page.counted, last.counted) == ("1–2 of 3", "3–3 of 3")
