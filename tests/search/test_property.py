"""Search answers exactly like a scan of every customer by the plain specification, order included."""

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from db.engine import Database
from db.queries.viewer import Viewer
from db.search import find
from tests.search.brute_force import brute_force
from tests.search.people import Person, as_typed, bases, numbered, queries, store

KIM = Viewer("kim")


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(people=bases(), asked=st.lists(queries(), min_size=12, max_size=20))
def test_search_answers_like_a_brute_force_scan(
    database: Database, people: list[Person], asked: list[list[tuple[str, str]]]
) -> None:
    store(database, people)
    with database.reading() as connection:
        for drawn in asked:
            query = numbered(drawn, people)
            note(as_typed(query))
            page = find(connection, as_typed(query), viewer=KIM, limit=200)
            assert [hit.customer_id for hit in page.hits] == brute_force(people, query), as_typed(query)
            assert not page.more
            assert page.total_at_least == len(page.hits)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(typed=st.text(max_size=300))
def test_anything_can_be_typed(database: Database, typed: str) -> None:
    with database.reading() as connection:
        assert find(connection, typed, viewer=KIM).hits == ()
