"""Changing name, birth date and postal address."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from db.engine import Database
from db.errors import Invalid, Refused
from db.models import Address, Customer, SearchTerm
from tests.conftest import Clock
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do, fields_of, rows

ELM = ("1 Elm Street", "Springfield", "Illinois", "62701")


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


def address_of(base: Database, customer: int) -> tuple[str, str, str, str, str]:
    (row,) = rows(base, Address, customer)
    return row.street, row.city, row.state, row.postcode, row.country


def test_a_part_of_the_name_that_is_not_given_stays(base: Database) -> None:
    joan = add_customer(base)
    applied = do(base, "change-name", actor(), customer=joan, family_name="Smith")
    assert fields_of(applied) == [("customer.family_name", "Anderson", "Smith")]


def test_a_changed_name_is_found_and_the_old_one_is_not(base: Database) -> None:
    joan = add_customer(base)
    do(base, "change-name", actor(), customer=joan, family_name="Smith")
    with base.reading() as connection:
        terms = set(connection.scalars(select(SearchTerm.term).where(SearchTerm.customer_id == joan)))
    assert "smith" in terms
    assert "anderson" not in terms


def test_the_same_name_again_is_no_change(base: Database) -> None:
    joan = add_customer(base)
    with pytest.raises(Invalid) as caught:
        do(base, "change-name", actor(), customer=joan, given_name="Joan")
    assert caught.value.code == "no-change"


def test_the_birth_date_is_changed(base: Database) -> None:
    joan = add_customer(base)
    do(base, "change-birth-date", actor(), customer=joan, birth_date="1981-05-17")
    assert rows(base, Customer, joan)[0].birth_date == date(1981, 5, 17)


@pytest.mark.parametrize("born", ["1899-12-31", "2026-03-03"])
def test_a_birth_date_before_1900_or_after_today_is_refused(base: Database, born: str) -> None:
    joan = add_customer(base)
    with pytest.raises(Invalid) as caught:
        do(base, "change-birth-date", actor(), customer=joan, birth_date=born)
    assert caught.value.field == "birth_date"
    assert rows(base, Customer, joan)[0].birth_date == date(1980, 5, 17)


def test_a_part_of_the_address_that_is_not_given_stays(base: Database) -> None:
    joan = add_customer(base, address=ELM)
    do(base, "change-address", actor(), customer=joan, street="2 Oak Street", country="us")
    assert address_of(base, joan) == ("2 Oak Street", "Springfield", "Illinois", "62701", "US")


def test_a_customer_without_an_address_gets_a_primary_one(base: Database) -> None:
    joan = add_customer(base)
    do(base, "change-address", actor(), customer=joan, city="Bristol", postcode="BS1 4DJ", country="gb")
    assert address_of(base, joan) == ("", "Bristol", "", "BS1 4DJ", "GB")
    assert rows(base, Address, joan)[0].is_primary


def test_an_address_in_another_country_keeps_nothing_of_the_old_one(base: Database) -> None:
    joan = add_customer(base, address=ELM)
    do(base, "change-address", actor(), customer=joan, city="Bristol", country="GB")
    assert address_of(base, joan) == ("", "Bristol", "", "", "GB")


@pytest.mark.parametrize("given", [{}, {"address": ELM}], ids=["no-address", "address"])
def test_a_country_alone_is_no_new_address(base: Database, given: dict[str, object]) -> None:
    joan = add_customer(base, **given)
    with pytest.raises(Invalid) as caught:
        do(base, "change-address", actor(), customer=joan, country="GB")
    assert caught.value.field == "street"


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        ("change-name", {"given_name": "Jo"}),
        ("change-birth-date", {"birth_date": "1981-05-17"}),
        ("change-address", {"city": "Bristol"}),
    ],
)
def test_support_may_not_change_who_the_customer_is(
    base: Database, operation: str, values: dict[str, str]
) -> None:
    joan = add_customer(base)
    with pytest.raises(Refused) as caught:
        do(base, operation, actor("support"), customer=joan, **values)
    assert "team lead" in caught.value.sentence
