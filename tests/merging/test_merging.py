"""What a merge does, table by table, and what it refuses (R18, R33, R35, R36, P4)."""

from typing import Any

import pytest

from db import gate, runner
from db.engine import Database
from db.errors import Invalid, Refused, Unknown
from db.models import (
    Address,
    AuthenticationProfile,
    AuthorisedPerson,
    Contract,
    Customer,
    CustomerSession,
    EmailProfile,
    Interaction,
    Link,
    Message,
    Note,
    OneTimeCode,
    Pass,
    PhoneProfile,
    SignInAttempt,
)
from db.queries.customer import read_customer
from db.queries.viewer import Viewer
from db.search.find import find
from db.settings import load_policy
from tests.factories import add_customer, add_operators, building
from tests.merging.people import (
    attach,
    data,
    do,
    merge,
    refusal,
    request,
    row_of,
    rows_of,
)


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def case_of(base: Database, identifier: str) -> str:
    with base.reading() as connection:
        policy = load_policy(connection)
        return gate.judge(connection, identifier, policy, base.clock(connection)).findings[0].cause.value


def test_everything_attached_goes_to_the_survivor_and_nothing_is_deleted(base: Database) -> None:
    joan, double = add_customer(base), add_customer(base, sign_ins=["jo"], passes=["P-2002"])
    attach(base, double, sign_in=1)
    before = {name: len(rows) for name, rows in data(base).items()}
    merge(base, joan, double)
    assert {name: len(rows) for name, rows in data(base).items() if name != "search_term"} == {
        name: count for name, count in before.items() if name != "search_term"
    }
    models: tuple[Any, ...] = (
        AuthenticationProfile, AuthorisedPerson, Contract, CustomerSession, Interaction, Link, Message, Note,
        OneTimeCode, Pass, SignInAttempt,
    )  # fmt: skip
    for model in models:
        assert rows_of(base, model, double) == []
        assert rows_of(base, model, joan)


def test_the_absorbed_number_leads_to_the_survivor_everywhere(base: Database) -> None:
    joan = add_customer(base, sign_ins=["joan"], emails=["joan@example.org"])
    double = add_customer(base, given_name="Jo", sign_ins=["jo"])
    merge(base, joan, double, sign_in=1)
    assert case_of(base, "jo") == "merged"
    with base.reading() as connection:
        view = read_customer(connection, double, Viewer("rosa"))
        assert (view.status, view.merged_into) == ("merged", joan)
        hits = find(connection, f"C-{double}", viewer=Viewer("rosa")).hits
    assert [hit.merged_into for hit in hits if hit.customer_id == double] == [joan]
    with pytest.raises(Invalid, match=f"merged into C-{joan}"):
        do(base, "add-note", customer=double, text="x")


def test_a_chain_of_merges_leads_to_the_last_survivor_at_once(base: Database) -> None:
    first, second, third = (add_customer(base) for _ in range(3))
    merge(base, second, first)
    merge(base, third, second)
    assert {row_of(base, Customer, number).merged_into_id for number in (first, second)} == {third}


def test_the_survivors_history_reads_that_of_the_absorbed_one_too(base: Database) -> None:
    joan, double = add_customer(base), add_customer(base)
    do(base, "add-note", customer=double, text="x")
    merge(base, joan, double)
    with base.reading() as connection:
        history = read_customer(connection, joan, Viewer("rosa")).history
    assert [row.operation for row in history] == ["merge-customers", "add-note"]


def test_R35_an_unverified_address_of_the_absorbed_one_leads_nowhere_until_it_is_confirmed(
    base: Database,
) -> None:
    joan = add_customer(base, emails=["joan@example.org"], sign_ins=["joan"])
    double = add_customer(
        base, emails=[("jo@example.org", "unverified")], phones=[("+1 202 555 0103", "unverified")]
    )
    merge(base, joan, double)
    email = next(row for row in rows_of(base, EmailProfile, joan) if row.address == "jo@example.org")
    assert (email.confirm_before_use, rows_of(base, PhoneProfile, joan)[0].confirm_before_use) == (True, True)
    assert case_of(base, "jo@example.org") == "unconfirmed-address"
    with base.reading() as connection:
        ways = gate.ways(connection, joan, load_policy(connection), base.clock(connection))
    assert [way.address for way in ways if way.is_open] == ["joan@example.org"]
    with pytest.raises(Refused, match="Send confirmation link"):
        do(base, "send-sign-in-link", customer=joan, profile=email.id)
    do(base, "send-confirmation", customer=joan, profile=email.id)
    do(base, "mark-email-verified", customer=joan, profile=email.id)
    assert not row_of(base, EmailProfile, email.id).confirm_before_use
    assert case_of(base, "jo@example.org") == "can-sign-in"


def test_a_verified_address_of_the_absorbed_one_signs_in_to_the_survivor(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"], sign_ins=["joan"])
    merge(base, joan, add_customer(base, emails=["jo@example.org"]))
    assert case_of(base, "jo@example.org") == "can-sign-in"


def test_an_email_on_both_is_held_once_and_a_shared_email_signs_in_again(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"], sign_ins=["joan"])
    double = add_customer(base, emails=["Joan@Example.org"], sign_ins=["jo"])
    assert case_of(base, "joan@example.org") == "shared-email"
    merge(base, joan, double, sign_in=1)
    assert [row.customer_id for row in (row_of(base, EmailProfile, 1), row_of(base, EmailProfile, 2))] == [
        joan,
        double,
    ]
    assert case_of(base, "joan@example.org") == "can-sign-in"


def test_same_phone_address_and_authorised_person_are_held_once(base: Database) -> None:
    home = ("1 Elm Street", "Reno", "NV", "89501")
    joan = add_customer(base, phones=["+1 202 555 0101"], address=home)
    double = add_customer(base, phones=["(202) 555-0101"], address=("1 elm street ", "RENO", "NV", "89501"))
    with building(base) as session:
        for number, name in ((joan, "Mia"), (double, "MIA")):
            session.add(
                AuthorisedPerson(customer_id=number, given_name=name, family_name="Lee", relation="niece")
            )
    merge(base, joan, double)
    for model in (PhoneProfile, Address, AuthorisedPerson):
        assert (len(rows_of(base, model, joan)), len(rows_of(base, model, double))) == (1, 1)


def test_what_is_chosen_is_what_the_survivor_gets(base: Database) -> None:
    joan = add_customer(base, emails=["a@example.org"], address=("1 Elm Street", "Reno", "NV", "89501"))
    double = add_customer(
        base, given_name="Johanna", family_name="Lee", emails=["b@example.org", "c@example.org"],
        address=("2 Oak Street", "Sparks", "NV", "89431"),
    )  # fmt: skip
    merge(
        base, joan, double, given_name_from=double, family_name_from=double, address_from=double,
        primary_email=2, left_emails="3",
    )  # fmt: skip
    person = row_of(base, Customer, joan)
    assert (person.given_name, person.family_name) == ("Johanna", "Lee")
    assert [(row.address, row.is_primary) for row in rows_of(base, EmailProfile, joan)] == [
        ("a@example.org", False),
        ("b@example.org", True),
    ]
    assert [(row.city, row.is_primary) for row in rows_of(base, Address, joan)] == [
        ("Reno", False),
        ("Sparks", True),
    ]
    assert [row.address for row in rows_of(base, EmailProfile, double)] == ["c@example.org"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"absorbed": "somebody"}, "absorbed"),
        ({"absorbed": "C-1"}, "absorbed"),
        ({"absorbed": "C-2 C-3 C-4 C-5 C-6 C-7 C-8 C-9"}, "absorbed"),
        ({"absorbed": "C-99"}, "absorbed"),
        ({"given_name_from": 99}, "given_name_from"),
        ({"sign_in": 99}, "sign_in"),
        ({"primary_email": 99}, "primary_email"),
        ({"left_emails": "1"}, "left_emails"),
        ({"left_phones": "x"}, "left_phones"),
    ],
)
def test_a_choice_that_is_none_is_refused_with_its_field(
    base: Database, values: dict[str, Any], field: str
) -> None:
    joan, double = (add_customer(base, emails=[f"{name}@example.org"]) for name in "ab")
    with pytest.raises((Invalid, Unknown)) as caught:
        do(base, "merge-customers", **{"customer": joan, "absorbed": f"C-{double}", **values})
    assert caught.value.field == field


def test_R18_links_and_codes_of_all_sides_end_with_the_mails_that_wait_to_carry_them(base: Database) -> None:
    joan, double = add_customer(base), add_customer(base)
    attach(base, joan)
    attach(base, double)
    found = refusal(base, joan, double, end_links=False)
    assert (found.code, found.field) == ("open-link", "end_links")
    merge(base, joan, double)
    assert all(row.voided_at for model in (Link, OneTimeCode) for row in rows_of(base, model, joan))
    assert {row.state.value for row in rows_of(base, Message, joan)} == {"void"}


def test_the_event_tells_what_moved_and_vouches_for_the_ledger(base: Database) -> None:
    joan, double = add_customer(base), add_customer(base)
    attach(base, double)
    applied = merge(base, joan, double)
    told = {change.key: (change.before, change.after) for change in applied.changes}
    assert told[f"message.customer_id#2 of C-{double}"] == (f"C-{double}", f"C-{joan}")
    assert told[f"customer.status#{double}"] == ("active", "merged")
    assert "customer_merge.digest#1" in told


def test_R31_who_replaced_the_absorbed_ones_address_does_not_shorten_its_cool_down_after_the_merge(
    base: Database,
) -> None:
    joan, double = add_customer(base), add_customer(base, emails=["jo@example.org"])
    do(base, "change-email", customer=double, email="jo.new@example.org")
    merge(base, joan, double)
    with pytest.raises(Refused, match="You made the replacement"):
        do(base, "shorten-cool-down", customer=joan, email_profile=1)


def test_support_asks_for_it(base: Database) -> None:
    joan, double = add_customer(base), add_customer(base)
    with pytest.raises(Refused, match="Ask a team lead or an admin"):
        runner.run(base, request("merge-customers", role="support", customer=joan, absorbed=f"C-{double}"))
