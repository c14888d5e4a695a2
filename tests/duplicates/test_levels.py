"""How far two records agree in each field, and what that is worth."""

import pytest

from db.duplicates.comparing import birth_level, name_level, place_level
from db.duplicates.folding import Home, home_of, phone_key
from db.duplicates.households import Rules, fitted
from db.duplicates.levels import Birth, Contact, Field, Name, Place, code, decode, encode
from db.duplicates.score import score
from db.duplicates.weights import Facts, estimated, name_rarity, shipped, shipped_weights, weights_of


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("joan", "joan", Name.EXACT),
        ("robert", "bob", Name.NICKNAME),
        ("joan", "j", Name.INITIAL),
        ("mary ann", "mary", Name.PART),
        ("garcia lopez", "lopez", Name.PART),
        ("andersen", "anderson", Name.CLOSE),
        ("jon", "john", Name.NICKNAME),
        ("martha", "marhta", Name.CLOSE),
        ("joan", "daniel", Name.OTHER),
        ("", "joan", Name.UNKNOWN),
    ],
)
def test_names(one: str, other: str, level: Name) -> None:
    assert name_level(one, other) is name_level(other, one) is level


def test_accents_alone_are_told_apart_from_the_same_spelling() -> None:
    assert name_level("joan", "joan", is_written_alike=False) is Name.ACCENTS


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (19800517, 19800517, Birth.EXACT),
        (19800512, 19801205, Birth.TRANSPOSED),
        (19800517, 19800519, Birth.DIGIT),
        (19800517, 19800571, Birth.DIGIT),
        (19800517, 19800930, Birth.YEAR),
        (19800517, 19560930, Birth.OTHER),
        (0, 19800517, Birth.UNKNOWN),
    ],
)
def test_birth_dates(one: int, other: int, level: Birth) -> None:
    assert birth_level(one, other) is birth_level(other, one) is level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (("12 Oak St.", "Reno", "89501"), ("12 OAK STREET", "Reno", "89501"), Place.EXACT),
        (("Hauptstrasse 12", "Bonn", "53111"), ("12 Hauptstraße", "Bonn", "53111"), Place.EXACT),
        (("12 Oak Street", "Reno", "89501"), ("12 Elm Road", "Reno", "89501"), Place.HOUSE),
        (("12 Oak Street", "Reno", "89501"), ("14 Oak Street", "Reno", "89501"), Place.STREET),
        (("12 Oak Street", "Reno", "89501"), ("7 Elm Road", "Sparks", "89501"), Place.POSTCODE),
        (("12 Oak Street", "Reno", "89501"), ("7 Elm Road", "Reno", "89502"), Place.CITY),
        (("12 Oak Street", "Reno", "89501"), ("7 Elm Road", "Boise", "83701"), Place.OTHER),
        (("", "", ""), ("7 Elm Road", "Boise", "83701"), Place.UNKNOWN),
    ],
)
def test_addresses(one: tuple[str, str, str], other: tuple[str, str, str], level: Place) -> None:
    assert place_level(home_of(*one), home_of(*other)) is level
    assert place_level(home_of(*other), home_of(*one)) is level


def test_an_address_is_read_in_parts() -> None:
    assert home_of("12b, N Main St Apt 4", "Reno", "89501-1234") == Home(
        "12b", "north main street apartment 4", "reno", "89501 1234"
    )


def test_a_phone_number_is_the_same_without_its_country_code() -> None:
    assert phone_key("+12025550142") == phone_key("2025550142") == "025550142"


def test_rare_names_count_more() -> None:
    rare, frequent = (name_rarity(Field.FAMILY, count, 1_000_000) for count in (2, 10_000))
    assert (rare, frequent) == (18, 7)


def test_every_level_that_can_be_found_has_a_weight() -> None:
    for field, levels in shipped().items():
        kind = {Field.BIRTH: Birth, Field.ADDRESS: Place, Field.EMAIL: Contact}.get(field)
        if kind is not None:
            assert set(levels) == {level for level in kind if level}
    assert set(shipped()[Field.GIVEN]) == set(shipped()[Field.FAMILY]) == set(Name) - {Name.UNKNOWN}


def test_codes_are_stored_and_explained_later() -> None:
    codes = (
        code(Name.EXACT, 9), code(Name.EXACT, 12), code(Birth.OTHER), code(Contact.EXACT, 18),
        code(Contact.EXACT, 17), 0, 0, code(Place.EXACT),
    )  # fmt: skip
    assert decode(encode(codes)) == codes
    found = score(decode(encode(codes)), shipped_weights(), Rules())
    assert found.line == (
        "given +8.7 · surname +11.7 · birth date −4.6 · email +17.0 · phone +16.3 · address +17.4"
        " · household cap −34.6 · namesake −16.0"
    )
    assert found.weight == pytest.approx(15.8, abs=0.1)
    assert str(found.deciding) == "birth date −4.6"


def test_drawn_pairs_move_what_chance_is_worth_and_leave_the_rest() -> None:
    drawn: dict[int, int] = {Birth.EXACT: 100, Birth.OTHER: 999_900}
    weights = weights_of({"birth": estimated(Field.BIRTH, drawn)})
    exact, before = (table.table[Field.BIRTH][code(Birth.EXACT)] for table in (weights, shipped_weights()))
    assert before - exact == pytest.approx(1.1, abs=0.1)
    assert weights.table[Field.EMAIL] == shipped_weights().table[Field.EMAIL]


def test_the_threshold_follows_the_size_of_the_base_and_how_many_duplicates_it_has() -> None:
    shipped_rules = Rules()
    million = fitted(shipped_rules, Facts(customers=1_000_000, doubles=100_000))
    small = fitted(shipped_rules, Facts(customers=10_000, doubles=1_000))
    dense = fitted(shipped_rules, Facts(customers=10_000, doubles=10_000))
    assert million.threshold == shipped_rules.threshold
    assert small.threshold == pytest.approx(24 - 6.6, abs=0.1)
    assert dense.threshold < small.threshold - 3


def test_where_nobody_shares_an_address_there_are_no_households_to_be_careful_of() -> None:
    found = fitted(Rules(), Facts(customers=10_000, households=0.01))
    assert found.namesake < 1
    assert found.household < 1
    assert found.contact_cap > 100
