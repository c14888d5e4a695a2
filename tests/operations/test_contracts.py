"""Contracts, grants to phases, and who may speak for a customer (P2)."""

from typing import Any

import pytest

from db.applied import Applied
from db.engine import Database
from db.errors import Clash, Invalid, Refused, Unknown
from db.models import AuthorisedPerson, Contract, Organisation, Phase, PhaseGrant, Representative
from db.rules.names import display_name
from tests.factories import actor, add_customer, add_operators, building
from tests.operations.acting import do, fields_of, rows

HOME = ("12 Main Street", "Reno", "NV", "89501")


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def act(base: Database, operation: str, customer: int, *, role: str = "lead", **values: Any) -> Applied:
    return do(base, operation, actor(role), customer=customer, **values)


def organisation(base: Database, name: str = "Sunny Roofs") -> tuple[int, int]:
    """An organisation and its one representative."""
    with building(base) as session:
        company = Organisation(name=name, email_domain="roofs.example.org", phone="(415) 555-0150")
        session.add(company)
        session.flush()
        person = Representative(
            organisation_id=company.id,
            given_name="Ana",
            family_name="Diaz",
            email="ana@roofs.example.org",
            email_canonical="ana@roofs.example.org",
            phone="(415) 555-0151",
            phone_canonical="+14155550151",
        )
        session.add(person)
        session.flush()
        return company.id, person.id


def phases(base: Database) -> list[Any]:
    with base.reading() as connection:
        return list(connection.execute(Phase.__table__.select().order_by(Phase.position)))


def grants(base: Database) -> list[Any]:
    with base.reading() as connection:
        return list(connection.execute(PhaseGrant.__table__.select()))


def test_a_contract_is_for_the_customers_own_address_and_starts_with_its_first_phase(base: Database) -> None:
    company, _ = organisation(base)
    joan = add_customer(base, address=HOME)
    act(base, "add-contract", joan, organisation=company, number="ct-10 042")
    (row,) = rows(base, Contract, joan)
    assert (row.canonical, row.reversed) == ("CT10042", "24001TC")
    assert (row.street, row.city, row.state, row.postcode) == HOME
    assert [(phase.name, phase.state.value) for phase in phases(base)][:2] == [
        ("qualification", "current"),
        ("design", "upcoming"),
    ]


def test_a_contract_may_be_for_another_property_and_have_other_phases(base: Database) -> None:
    company, _ = organisation(base)
    joan = add_customer(base, address=HOME)
    act(
        base,
        "add-contract",
        joan,
        organisation=company,
        number="CT-1001",
        street="1 Elm Street",
        phases="survey, build",
    )
    assert rows(base, Contract, joan)[0].city == ""
    assert [phase.name for phase in phases(base)] == ["survey", "build"]


def test_a_contract_needs_a_property(base: Database) -> None:
    company, _ = organisation(base)
    with pytest.raises(Invalid) as caught:
        act(base, "add-contract", add_customer(base), organisation=company, number="CT-1001")
    assert caught.value.field == "street"


def test_a_contract_number_that_is_taken_names_the_holder(base: Database) -> None:
    company, _ = organisation(base)
    joan, daniel = add_customer(base, address=HOME), add_customer(base, given_name="Daniel", address=HOME)
    act(base, "add-contract", joan, organisation=company, number="CT-1001")
    with pytest.raises(Clash) as caught:
        act(base, "add-contract", daniel, organisation=company, number="ct1001")
    assert (caught.value.field, caught.value.holder.customer_id) == ("number", joan)


def test_a_contract_is_with_an_organisation_that_exists(base: Database) -> None:
    with pytest.raises(Unknown):
        act(base, "add-contract", add_customer(base, address=HOME), organisation=99, number="CT-1001")


def test_P2_a_grant_is_recorded_with_names_and_can_be_revoked(base: Database) -> None:
    company, ana = organisation(base)
    joan = add_customer(base, address=HOME)
    act(base, "add-contract", joan, organisation=company, number="CT-1001")
    first = phases(base)[0].id
    granted = act(base, "grant-phase", joan, phase=first, representative=ana)
    label = f"{display_name('Ana', 'Diaz')}: qualification (phase {first})"
    assert fields_of(granted) == [("phase_grant.representative_id", None, label)]
    revoked = act(base, "revoke-phase", joan, grant=grants(base)[0].id)
    assert fields_of(revoked) == [("phase_grant.representative_id", label, None)]
    assert grants(base) == []


def test_a_grant_twice_changes_nothing(base: Database) -> None:
    company, ana = organisation(base)
    joan = add_customer(base, address=HOME)
    act(base, "add-contract", joan, organisation=company, number="CT-1001")
    first = phases(base)[0].id
    act(base, "grant-phase", joan, phase=first, representative=ana)
    with pytest.raises(Invalid) as caught:
        act(base, "grant-phase", joan, phase=first, representative=ana)
    assert caught.value.code == "no-change"


def test_P2_phase_and_representative_belong_to_the_customers_contract(base: Database) -> None:
    company, ana = organisation(base)
    _, stranger = organisation(base, "Other Roofs")
    joan, daniel = add_customer(base, address=HOME), add_customer(base, given_name="Daniel", address=HOME)
    act(base, "add-contract", joan, organisation=company, number="CT-1001")
    first = phases(base)[0].id
    for customer, representative, field in [(daniel, ana, "phase"), (joan, stranger, "representative")]:
        with pytest.raises(Unknown) as caught:
            act(base, "grant-phase", customer, phase=first, representative=representative)
        assert caught.value.field == field


def test_P2_a_grant_is_revoked_only_on_its_own_customer(base: Database) -> None:
    company, ana = organisation(base)
    joan, daniel = add_customer(base, address=HOME), add_customer(base, given_name="Daniel")
    act(base, "add-contract", joan, organisation=company, number="CT-1001")
    act(base, "grant-phase", joan, phase=phases(base)[0].id, representative=ana)
    with pytest.raises(Unknown):
        act(base, "revoke-phase", daniel, grant=grants(base)[0].id)


def test_P2_an_authorised_person_comes_and_goes(base: Database) -> None:
    joan = add_customer(base)
    person = {"given_name": "Mia", "family_name": "Anderson"}
    act(base, "add-authorised-person", joan, relation="daughter", **person)
    with pytest.raises(Invalid):
        act(base, "add-authorised-person", joan, relation="niece", **person)
    (row,) = rows(base, AuthorisedPerson, joan)
    act(base, "remove-authorised-person", joan, person=row.id)
    assert rows(base, AuthorisedPerson, joan) == []


def test_who_may_speak_is_not_support_s(base: Database) -> None:
    with pytest.raises(Refused, match="team lead"):
        act(
            base,
            "add-authorised-person",
            add_customer(base),
            role="support",
            given_name="Mia",
            family_name="Anderson",
            relation="daughter",
        )
