"""Misspelt and half-typed names, and what a second, slower look appends."""

from random import Random

import pytest

from db.bulk import load
from db.engine import Database
from db.queries.viewer import Viewer
from db.rules.names import fold
from db.search import SearchPage, find, find_more
from db.search.similar import alike, near_starts
from seeds.population import population
from seeds.rows import rows_of
from tests.factories import BORN, add_customer

KIM = Viewer("kim")
SOUNDS = (("ph", "f"), ("ck", "k"), ("ll", "l"), ("nn", "n"), ("y", "i"), ("c", "k"), ("z", "s"), ("th", "t"))


def first(database: Database, query: str, *, limit: int = 50) -> SearchPage:
    with database.reading() as connection:
        return find(connection, query, viewer=KIM, limit=limit)


def further(database: Database, query: str, viewer: Viewer = KIM) -> list[tuple[int, tuple[str, ...]]]:
    with database.reading() as connection:
        shown = {hit.customer_id for hit in find(connection, query, viewer=viewer).hits}
        return [(hit.customer_id, hit.why) for hit in find_more(connection, query, viewer, shown).hits]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("andersn", ("name ~ Andersen",)),
        ("anderzen", ("name ~ Andersen",)),
        ("joan andresen", ("name joan", "name ~ Andersen")),
        ("andersne jaon", ("name ~ Andersen", "name ~ Joan")),
        ("joan adner", ("name joan", "name ~ Andersen")),
        ("andresen 0142", ("name ~ Andersen", "phone …0142")),
    ],
)
def test_a_misspelt_name_is_found_and_says_what_it_is_like(
    database: Database, query: str, why: tuple[str, ...]
) -> None:
    joan = add_customer(database, family_name="Andersen", phones=["(415) 555-0142"])
    add_customer(database, given_name="Rita", family_name="Berg", phones=["(415) 555-0143"])
    assert [(hit.customer_id, hit.why) for hit in first(database, query).hits] == [(joan, why)]


def test_exact_hits_come_first_and_the_nearest_next(database: Database) -> None:
    two = add_customer(database, given_name="Rita", family_name="Anderssenn")
    one = add_customer(database, given_name="Rita", family_name="Anderssen")
    exact = add_customer(database, given_name="Rita", family_name="Andersenberg")
    assert [hit.customer_id for hit in first(database, "andersen").hits] == [exact, one, two]


def test_with_enough_exact_hits_similar_names_are_appended_later(database: Database) -> None:
    exact = [add_customer(database, given_name=name, family_name="Andersen") for name in "VWXYZ"]
    similar = add_customer(database, given_name="Rita", family_name="Anderson")
    page = first(database, "andersen")
    assert [hit.customer_id for hit in page.hits] == exact
    assert page.deeper
    assert further(database, "andersen") == [(similar, ("name ~ Anderson",))]


def test_the_inside_of_an_email_is_found_by_the_second_look(database: Database) -> None:
    joan = add_customer(database, given_name="Rita", family_name="Berg", emails=["thejoanderson@example.org"])
    page = first(database, "oanderso")
    assert (page.hits, page.deeper) == ((), True)
    assert further(database, "oanderso") == [(joan, ("email …oanderso…",))]
    assert further(database, "email:%") == []


def test_R25_masked_values_are_not_found_by_their_inside(database: Database) -> None:
    add_customer(database, given_name="", family_name="", emails=["thejoanderson@example.org"])
    assert further(database, "oanderso", Viewer("kim", is_masked=True)) == []


def test_a_whole_identifier_brings_no_similar_names(database: Database) -> None:
    add_customer(database, given_name="Rita", family_name="Joen")
    user = add_customer(database, given_name="Zoe", family_name="Berg", sign_ins=["joan"])
    assert [hit.customer_id for hit in first(database, "joan").hits] == [user]


@pytest.fixture
def practice(database: Database) -> Database:
    load(
        database,
        rows_of(population(count=2000), now=BORN, password_hash="$argon2id$nobody"),
        worker="t",
        reason="t",
    )
    return database


def with_one_error(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + "e" + word[at + 1 :],
            swapped,
        )
    )


def by_sound(_rng: Random, word: str) -> str:
    return next((word[0] + word[1:].replace(old, new, 1) for old, new in SOUNDS if old in word[1:]), word)


@pytest.mark.parametrize(("spell", "share"), [(with_one_error, 0.95), (by_sound, 0.97)])
def test_misspelt_full_names_are_among_the_first_twenty(practice: Database, spell, share: float) -> None:
    rng = Random(3)
    people = [person for person in population(count=2000).people if len(fold(person.family_name)) > 4]
    asked = rng.sample([person for person in people if person.given_name.isascii()], 60)
    found = 0
    for person in asked:
        wrong = f"{person.given_name} {spell(rng, fold(person.family_name))}"
        shown = {hit.customer_id for hit in first(practice, wrong, limit=20).hits}
        found += person.number in shown
    assert found >= share * len(asked)


def test_beginnings_with_one_wrong_letter_are_all_probed() -> None:
    starts = set(near_starts("ander"))
    for word in ("adner", "aander", "nder", "xnder", "andder", "anxer", "ande"):
        assert any(word.startswith(start) for start in starts), word
    assert alike("ander", ["adnerson"], is_half_typed=True) == {"adnerson": 3}
    assert alike("ander", ["adnerson"], is_half_typed=False) == {}
