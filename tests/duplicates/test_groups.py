"""Pairs are joined into groups, and drafts of any text are compared without harm."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.duplicates.candidates import Draft, candidates
from db.duplicates.groups import groups_of
from db.engine import Database
from db.queries.viewer import Viewer
from tests.factories import add_customer


def test_who_is_connected_is_one_group_and_the_largest_comes_first() -> None:
    assert groups_of([(7, 8), (1, 2), (3, 2), (9, 8), (3, 4)]) == [(1, 2, 3, 4), (7, 8, 9)]
    assert groups_of([]) == []


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), max_size=30))
def test_groups_part_their_members_and_both_sides_of_each_pair_are_together(
    pairs: list[tuple[int, int]],
) -> None:
    groups = groups_of(pairs)
    for one, other in combinations(groups, 2):
        assert not set(one) & set(other)
    assert all(any({one, other} <= set(group) for group in groups) for one, other in pairs)


@pytest.mark.parametrize(
    "text",
    [
        "[/x]",
        "a\x00b",
        "\ud800",
        "%_\\",
        "' OR 1=1 --",
        "x" * 5000,
        "\u202eabc",
        "王伟",
        "- -",
        '{"a": 1}',
        "{1,2}",
        '"',
        "\\",
    ],
)
def test_a_draft_of_any_text_is_compared_without_harm(database: Database, text: str) -> None:
    add_customer(database, given_name="Joan", family_name="Featherstone")
    typed = Draft(
        given_name=text,
        family_name=text,
        emails=(text,),
        phones=(text,),
        usernames=(text,),
        passes=(text,),
        street=text,
        city=text,
        postcode=text,
    )
    with database.reading() as connection:
        assert candidates(connection, typed, viewer=Viewer("kim")) == ()
