"""What a merge proposes with which reasons, and what it says will follow, which is what then follows."""

from datetime import UTC, datetime

import pytest

from db import runner
from db.engine import Database
from db.errors import Unknown
from db.merge_outlook import Outlook, outlook
from db.merge_proposal import Proposal, propose
from db.models import AuthenticationProfile, Customer
from db.operations import REGISTRY
from db.params import build
from db.queries.merging import read_conflicts, read_merges
from db.queries.viewer import Viewer
from db.rules.cases import Cause
from tests.factories import actor, add_customer, add_operators, building
from tests.merging.people import attach, data, do, merge

VIEWER = Viewer("rosa")


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def proposal(base: Database, *ids: int, survivor: int | None = None) -> Proposal:
    with base.reading() as connection:
        return propose(connection, ids, VIEWER, base.clock(connection), survivor=survivor)


def looked_at(base: Database, found: Proposal) -> Outlook:
    operation = REGISTRY["merge-customers"]
    params = build(operation.params, {**found.values, "end_links": True})
    request = runner.Request(actor=actor(), operation=operation, params=params, reason="the same person")
    ids = tuple(account.customer_id for account in found.accounts)
    return outlook(base, request, ids, VIEWER)


def pair(base: Database) -> tuple[int, int]:
    old = add_customer(base, given_name="J", emails=[("joan@example.org", "bouncing")], sign_ins=["joan"])
    new = add_customer(
        base, emails=["joan@example.org", "jo@example.org"], sign_ins=["jo"], passes=["P-1001"]
    )
    with building(base) as session:
        session.get_one(Customer, old).birth_date = None
        session.get_one(AuthenticationProfile, 1).last_sign_in_at = datetime(2026, 2, 1, tzinfo=UTC)
    return old, new


def test_the_survivor_is_the_best_account_with_reasons_and_can_be_swapped(base: Database) -> None:
    old, new = pair(base)
    found = proposal(base, new, old)
    assert (found.survivor, found.reasons) == (old, ("signed in most recently",))
    swapped = proposal(base, new, old, survivor=new)
    assert (swapped.survivor, swapped.accounts[0].customer_id) == (new, new)


def test_each_differing_field_has_a_proposed_value_with_a_reason_and_equal_ones_stand_apart(
    base: Database,
) -> None:
    old, new = pair(base)
    found = proposal(base, old, new)
    told = {each.name: (each.proposed, each.reason) for each in found.differing}
    assert told["given name"] == (new, "written out")
    assert told["birth date"] == (new, "the only one on file")
    assert [each.name for each in found.equal] == ["family name"]


def test_the_proposed_values_are_parameters_that_the_merge_takes(base: Database) -> None:
    old, new = pair(base)
    found = proposal(base, old, new)
    assert found.values == {
        "customer": old,
        "absorbed": f"C-{new}@1",
        "sign_in": 1,
        "given_name_from": new,
        "birth_date_from": new,
        "primary_email": 3,
    }
    do(base, "merge-customers", **found.values)


def test_contacts_sign_ins_and_what_is_attached_are_listed_with_the_blockers(base: Database) -> None:
    old, new = pair(base)
    attach(base, new, sign_in=2)
    found = proposal(base, old, new)
    assert [(each.profile_id, each.same_as) for each in found.contacts] == [(1, None), (2, 1), (3, None)]
    assert [(each.id, each.is_proposed) for each in found.sign_ins] == [(1, True), (2, False)]
    assert {each.table: each.moving for each in found.attached}["message"] == 2
    assert [(each.kind.value, each.stops) for each in found.blockers] == [("open-link", True)]


def test_after_the_merge_is_what_the_gate_says_inside_it_and_nothing_is_written(base: Database) -> None:
    old, new = pair(base)
    attach(base, new, sign_in=2)
    found = proposal(base, old, new)
    before = data(base)
    seen = looked_at(base, found)
    assert data(base) == before
    told = {(each.kind, each.identifier.text): each for each in seen.entrances}
    assert told["email", "joan@example.org"].before.cause is Cause.SHARED_EMAIL
    assert told["email", "joan@example.org"].works
    assert told["username", "joan"].works
    assert told["username", "jo"].stops
    assert told["username", "jo"].after.cause is Cause.MERGED
    assert told["pass", "P-1001"].works
    assert (seen.moved["message"], seen.ended) == (2, {"link": 1, "one_time_code": 1, "customer_session": 1})
    assert [str(way.address) for way in seen.codes if way.is_open] == ["jo@example.org"]


def test_one_customer_alone_or_an_unknown_one_is_no_merge(base: Database) -> None:
    joan = add_customer(base)
    for ids in ((joan,), (joan, 99), (joan, joan)):
        with pytest.raises(Unknown):
            proposal(base, *ids)


def test_the_merges_of_a_survivor_and_their_conflicts_are_read_for_an_undo(base: Database) -> None:
    joan, one, other = (add_customer(base, emails=[f"{name}@example.org"]) for name in "abc")
    merge(base, joan, one)
    merge(base, joan, other)
    do(base, "change-email", customer=joan, profile=3, email="new@example.org")
    with base.reading() as connection:
        merges = read_merges(connection, joan)
        assert [(each.absorbed, each.is_last) for each in merges] == [((other,), True), ((one,), False)]
        (conflict,) = read_conflicts(connection, joan)
    assert (conflict.key, conflict.by) == ("email_profile#3", "rosa")
