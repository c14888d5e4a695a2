"""Where nothing matches, what is one typing error away on file is offered (P1 case 10)."""

import pytest

from db.diagnosis import Question, diagnose
from db.engine import Database
from db.queries.viewer import Viewer
from db.rules.near import near_emails, one_error_away
from tests.diagnosis.asking import ask
from tests.factories import add_customer


@pytest.fixture
def near(base: Database) -> Database:
    add_customer(
        base,
        emails=["janderson@gmail.com", "gordon.t@example.com"],
        sign_ins=["thistlewood"],
        passes=["PK40-1180-07"],
    )
    return base


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jandersn@gmail.com", "janderson@gmail.com"),
        ("janderosn@gmail.com", "janderson@gmail.com"),
        ("jandersonn@gmail.com", "janderson@gmail.com"),
        ("jandirson@gmail.com", "janderson@gmail.com"),
        ("janderson@gmaiil.org", None),
        ("gordon.t@exmaple.com", "gordon.t@example.com"),
        ("gordon.t@example.org", "gordon.t@example.com"),
        ("PK40-1180-70", "PK40-1180-07"),
        ("pk40 1180 08", "PK40-1180-07"),
        ("PK40-118-07", "PK40-1180-07"),
        ("thistelwood", "thistlewood"),
    ],
)
def test_P1_case_10_one_error_away_is_offered(near: Database, typed: str, meant: str | None) -> None:
    found = [each.identifier for each in ask(near, typed).nearest if each.identifier]
    assert found == ([meant] if meant else [])


def test_P1_case_10_an_address_made_of_a_name_finds_who_is_called_so(near: Database) -> None:
    assert [each.customer_id for each in ask(near, "joan.anderson@example.net").nearest] == [1]


def test_each_offer_names_the_customer(near: Database) -> None:
    assert "C-1 Joan Anderson" in ask(near, "PK40-1180-70").nearest[0].why


def test_R25_who_sees_no_personal_values_spells_none_out(near: Database) -> None:
    with near.reading() as connection:
        question, viewer = Question(identifier="jandersn@gmail.com"), Viewer("kim", is_masked=True)
        found = diagnose(connection, question, viewer, near.clock(connection))
    assert [each.identifier for each in found.nearest if each.identifier] == []


def test_one_error_away_are_swaps_omissions_additions_and_wrong_letters() -> None:
    assert set(one_error_away("ab", "ac")) == {
        *("ba", "a", "b"), *("aab", "cab", "acb", "aba", "abc"), *("cb", "aa", "ac"),
    }  # fmt: skip


def test_a_long_text_has_no_neighbours_listed() -> None:
    assert near_emails(f"{'a' * 60}@example.org") == []
