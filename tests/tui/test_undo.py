"""Which operation takes an event back, and with which values its form begins."""

from datetime import UTC, datetime

import pytest

from db.ledger import Change
from db.operations import REGISTRY
from db.operations.forms import describe
from db.queries.audit import ChainState, EventRow, EventView
from tui.undo import OPPOSITES, WHY_NOT, has_opposite, opposite, why_not

CHAIN = ChainState(own=True, to_previous=True, to_next=None)
TOUCHED = (
    *(f"email_profile.{name}" for name in ("address", "is_primary")),
    *(f"phone_profile.{name}" for name in ("number", "is_primary", "kind")),
    *(f"customer.{name}" for name in ("given_name", "family_name", "birth_date")),
    *(f"address.{name}" for name in ("street", "city", "state", "postcode", "country")),
    *(f"authorised_person.{name}" for name in ("given_name", "family_name", "relation")),
    "authentication_profile.username",
    "pass.state",
    "phase_grant.representative_id",
    "email_profile.state",
    "phone_profile.state",
    "setting.value",
    "operator.role",
    "customer_merge.absorbed",
)
WAS = {
    "phase_grant.representative_id": "Ana Diaz: Roof (phase 12)",
    "email_profile.state": "verified",
    "phone_profile.state": "bouncing",
}


def event(operation: str, *changes: Change, outcome: str = "applied", redacted_by: int | None = None):
    row = EventRow(7, datetime(2026, 3, 2, tzinfo=UTC), "rosa", "lead", operation, outcome, 1042, None)
    return EventView(
        row, "why", None, "s", "local", None, None, "1", changes, (), "0" * 64, redacted_by, CHAIN
    )


def test_an_email_goes_back_to_what_it_was_in_its_own_row():
    undo = opposite(
        event("change-email", Change("email_profile.address", "3", "old@x.example", "new@x.example"))
    )
    assert undo is not None
    assert undo.operation == "change-email"
    assert undo.values == {"profile": 3, "email": "old@x.example", "reason": "undo of event 7"}


def test_what_was_added_is_removed_and_what_was_removed_is_added():
    added = opposite(event("add-email", Change("email_profile.address", "9", None, "a@x.example")))
    removed = opposite(event("remove-email", Change("email_profile.address", "9", "a@x.example", None)))
    assert added is not None
    assert removed is not None
    assert (added.operation, added.values["profile"]) == ("remove-email", 9)
    assert (removed.operation, removed.values["email"]) == ("add-email", "a@x.example")


def test_the_former_primary_becomes_primary_again():
    flags = [
        Change("email_profile.is_primary", "4", "no", "yes"),
        Change("email_profile.is_primary", "3", "yes", "no"),
    ]
    undo = opposite(event("make-email-primary", *flags))
    assert undo is not None
    assert undo.values["profile"] == 3


@pytest.mark.parametrize(
    "kept",
    [
        event("send-sign-in-link"),
        event("suspend-customer", outcome="refused"),
        event("change-name", Change("customer.given_name", "1", "Ann", "Anna"), redacted_by=9),
        event("change-email"),
    ],
    ids=["no opposite", "refused", "redacted", "values gone"],
)
def test_nothing_is_offered_where_nothing_takes_it_back(kept: EventView):
    assert opposite(kept) is None


def test_a_setting_goes_back_to_the_value_it_had():
    undo = opposite(event("change-setting", Change("setting.value", "phone_region", '"US"', '"CA"')))
    assert undo is not None
    assert undo.values == {"key": "phone_region", "value": "US", "reason": "undo of event 7"}


def test_a_mode_and_a_role_go_back_to_what_they_were():
    mode = opposite(event("change-dedup-mode", Change("setting.value", "dedup_mode", '"off"', '"by-email"')))
    role = opposite(event("change-operator-role", Change("operator.role", "kim", "support", "lead")))
    assert mode is not None
    assert role is not None
    assert mode.values["mode"] == "off"
    assert (role.values["operator"], role.values["role"]) == ("kim", "support")


def test_a_revoked_phase_is_granted_again_to_the_representative_of_that_name():
    was = "Ana Diaz: Roof: north (phase 12)"
    undo = opposite(event("revoke-phase", Change("phase_grant.representative_id", "4", was, None)))
    assert undo is not None
    assert (undo.operation, undo.values["phase"]) == ("grant-phase", 12)
    assert undo.named == {"representative": "Ana Diaz"}


@pytest.mark.parametrize(("was", "wanted"), [("bouncing", "mark-email-bouncing"), ("unverified", None)])
def test_a_mark_goes_back_to_the_other_mark_and_never_to_unverified(was: str, wanted: str | None):
    marked = event("mark-email-verified", Change("email_profile.state", "3", was, "verified"))
    undo = opposite(marked)
    assert (None if undo is None else undo.operation) == wanted
    assert has_opposite("mark-email-verified", marked.changes) == (wanted is not None)
    if wanted is None:
        assert "unverified again" in why_not(marked)


@pytest.mark.parametrize("operation", sorted(set(REGISTRY) - set(OPPOSITES)))
def test_where_nothing_takes_it_back_a_sentence_says_so_and_what_to_do(operation: str):
    assert why_not(event(operation)).count(".") >= 1
    assert why_not(event(operation, outcome="refused")).startswith("This event changed nothing")


def test_only_real_operations_have_a_sentence_of_their_own():
    assert set(WHY_NOT) <= set(REGISTRY)


def test_a_reactivation_that_replaced_an_email_goes_back_with_the_email():
    lifted = Change("customer.status", "1", "suspended", "active")
    replaced = Change("email_profile.address", "3", "old@x.example", "new@x.example")
    plain, with_email = (
        opposite(event("reactivate-customer", lifted)),
        opposite(event("reactivate-customer", lifted, replaced)),
    )
    assert plain is not None
    assert with_email is not None
    assert plain.values == {"reason": "undo of event 7"}
    assert with_email.values == {"puts_back": True, "reason": "undo of event 7"}


@pytest.mark.parametrize("operation", OPPOSITES)
def test_the_table_names_real_operations_and_their_parameters(operation: str):
    undo = opposite(event(operation, *(Change(name, "3", WAS.get(name, "yes"), "no") for name in TOUCHED)))
    assert undo is not None
    known = {field.name for field in describe(REGISTRY[undo.operation])} | {"reason"}
    assert operation in REGISTRY
    assert set(undo.values) <= known
