"""Who may be the same person as a customer, or as somebody about to be added, and why."""

from datetime import date
from typing import Any

import pytest

from db.duplicates.candidates import Candidate, Draft, candidates, explained
from db.engine import Database
from db.errors import Unknown
from db.queries.viewer import Viewer
from tests.factories import add_customer

HOME = ("12 Oak Street", "Reno", "NV", "89501")
JOAN: dict[str, Any] = {
    "given_name": "Joan",
    "family_name": "Featherstone",
    "birth_date": date(1980, 5, 17),
    "emails": ["joan.f@example.org"],
    "phones": ["+1 202 555 0142"],
    "address": HOME,
}


def found(base: Database, who: int | Draft) -> list[Candidate]:
    with base.reading() as connection:
        return list(candidates(connection, who, viewer=Viewer("kim")))


def other(**given: Any) -> dict[str, Any]:
    """Joan again, as somebody else entered her."""
    return {**JOAN, **given}


@pytest.mark.parametrize(
    "again",
    [
        {"family_name": "Fetherstone", "emails": [], "phones": []},
        {"given_name": "Joanie", "emails": [], "phones": ["(202) 555-0142"]},
        {"given_name": "J", "emails": ["joan.f@example.org"], "phones": [], "birth_date": None},
        {"given_name": "Featherstone", "family_name": "Joan", "emails": [], "phones": []},
        {"given_name": "Jóan", "birth_date": date(1980, 5, 18), "emails": [], "phones": []},
        {"family_name": "Miller", "emails": ["joan.f@example.org"], "phones": []},
        {"emails": [], "phones": [], "address": ("99 Elm Road", "Boise", "ID", "83701")},
    ],
    ids=["misspelt", "nickname", "initial", "swapped", "accent and birth date", "married", "moved"],
)
def test_a_person_entered_twice_is_found(database: Database, again: dict[str, Any]) -> None:
    joan, twice = add_customer(database, **JOAN), add_customer(database, **other(**again))
    add_customer(database, given_name="Peter", family_name="Quill", birth_date=date(1971, 1, 2))
    for mine, theirs in ((joan, twice), (twice, joan)):
        best = found(database, mine)
        assert [one.customer_id for one in best] == [theirs]
        assert best[0].is_likely


@pytest.mark.parametrize(
    "another",
    [
        {"given_name": "Daniel", "birth_date": date(1978, 2, 3)},
        {"given_name": "Daniel", "birth_date": None},
        {"birth_date": date(2004, 11, 30), "emails": []},
    ],
    ids=["husband", "husband without a birth date", "daughter of the same name"],
)
def test_somebody_of_the_same_household_is_not_likely(database: Database, another: dict[str, Any]) -> None:
    joan = add_customer(database, **JOAN)
    add_customer(database, **other(**another))
    assert not any(one.is_likely for one in found(database, joan))


def test_the_score_is_explained_field_by_field(database: Database) -> None:
    joan = add_customer(database, **JOAN)
    twice = add_customer(database, **other(given_name="Joanie", birth_date=date(1980, 5, 18)))
    (best,) = found(database, joan)
    assert best.customer_id == twice
    told = {part.label: part.what for part in best.score.parts}
    assert told == {
        "given": "nickname",
        "surname": "same",
        "birth date": "one digit differs",
        "email": "same",
        "phone": "same",
        "address": "same",
        "household cap": "",
    }
    assert best.score.line.startswith("given +3.9 · surname +")
    assert " · household cap −" in best.score.line
    assert round(sum(part.bits for part in best.score.parts), 2) == best.score.weight


def test_a_draft_is_compared_before_it_is_saved(database: Database) -> None:
    joan = add_customer(database, **JOAN, passes=["P-1001"])
    typed = Draft(given_name="joan", family_name="FEATHERSTONE", phones=("202-555-0142", "not a number"))
    (best,) = found(database, typed)
    assert (best.customer_id, best.name, best.city, best.state) == (joan, "Joan Featherstone", "Reno", "NV")
    (best,) = found(database, Draft(given_name="Joan", passes=("p 1001",), emails=("joan.f@example.org",)))
    assert best.score.parts[-1].label == "pass" or best.is_likely
    assert found(database, Draft()) == []


def test_merged_and_erased_customers_are_no_candidates(database: Database) -> None:
    joan = add_customer(database, **JOAN)
    add_customer(database, **JOAN, status="merged", merged_into_id=joan)
    add_customer(database, **JOAN, status="erased")
    assert found(database, joan) == []


def test_two_customers_are_explained_whatever_became_of_them(database: Database) -> None:
    joan, peter = add_customer(database, **JOAN), add_customer(database, given_name="Peter")
    with database.reading() as connection:
        one, other_way = explained(connection, joan, peter), explained(connection, peter, joan)
        assert one.weight < 10
        assert one.levels == other_way.levels
        with pytest.raises(Unknown):
            explained(connection, joan, 4711)
