"""Search answers exactly like a scan of every customer by the plain specification, order included."""

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from db.engine import Database
from db.queries.viewer import Viewer
from db.search import find, lookup
from tests.search.brute_force import brute_force, possible
from tests.search.people import Person, as_typed, bases, numbered, queries, store

KIM = Viewer("kim")


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.parametrize("head", [lookup.HEAD, 1])
@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(people=bases(), asked=st.lists(queries(), min_size=12, max_size=20))
def test_search_answers_like_a_brute_force_scan(
    database: Database,
    head: int,
    people: list[Person],
    asked: list[list[tuple[str, str]]],
) -> None:
    """Whether the first glance tells everything, or ranges have to be read further."""
    store(database, people)
    with pytest.MonkeyPatch.context() as patch, database.reading() as connection:
        patch.setattr(lookup, "HEAD", head)
        for drawn in asked:
            query = numbered(drawn, people)
            note(as_typed(query))
            page = find(connection, as_typed(query), viewer=KIM, limit=200)
            assert [hit.customer_id for hit in page.hits] == brute_force(people, query), as_typed(query)
            assert not page.more
            assert page.total_at_least == len(page.hits)


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(people=bases(), asked=st.lists(queries(), min_size=12, max_size=20))
def test_where_ranges_overflow_only_who_matches_is_shown_and_more_are_announced(
    database: Database, people: list[Person], asked: list[list[tuple[str, str]]]
) -> None:
    store(database, people)
    with pytest.MonkeyPatch.context() as patch, database.reading() as connection:
        for name in ("CAP", "HEAD", "NEAR_CAP", "NEAR_VERIFIED", "SCANNED"):
            patch.setattr(lookup, name, 2)
        for drawn in asked:
            query = numbered(drawn, people)
            note(as_typed(query))
            page = find(connection, as_typed(query), viewer=KIM, limit=2)
            shown = {hit.customer_id for hit in page.hits}
            assert shown <= possible(people, query), as_typed(query)
            assert page.more or page.deeper or shown >= set(brute_force(people, query)), as_typed(query)


@given(people=bases(), at=st.integers(0, 8), size=st.integers(1, 5), typed=st.sampled_from(("C-{}", "id:{}")))
@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
def test_beginnings_of_customer_numbers_answer_like_a_scan(
    database: Database, people: list[Person], at: int, size: int, typed: str
) -> None:
    store(database, people)
    start = str(people[at % len(people)].id)[:size]
    with database.reading() as connection:
        page = find(connection, typed.format(start), viewer=KIM)
    assert [hit.customer_id for hit in page.hits] == brute_force(people, [("id", start)])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(typed=st.text(max_size=300))
def test_anything_can_be_typed(database: Database, typed: str) -> None:
    with database.reading() as connection:
        assert find(connection, typed, viewer=KIM).hits == ()
