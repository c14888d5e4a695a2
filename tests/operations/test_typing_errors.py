"""A mistyped domain is asked about before it is kept, and before anything is sent there (P3, R30)."""

import pytest

from db import runner
from db.engine import Database
from db.errors import Invalid, Refused
from db.operations import REGISTRY
from db.params import build
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do

QUESTION = "Did you mean joan@gmail.com? The typo table knows this address as a typing error."
WARNING = "joan@gmial.com is probably a typing error for joan@gmail.com. Correct it before anything is sent."


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def previewed(base: Database, operation: str, role: str, **values: object) -> tuple[str, ...]:
    found = REGISTRY[operation]
    wanted = runner.Request(
        actor=actor(role), operation=found, params=build(found.params, values), reason="asked"
    )
    return tuple(runner.preview(base, wanted).warnings)


def test_P3_adding_a_mistyped_domain_asks_before_it_is_saved(base: Database) -> None:
    joan = add_customer(base)
    assert QUESTION in previewed(base, "add-email", "support", customer=joan, email="joan@gmial.com")


def test_P3_changing_to_a_mistyped_domain_asks_before_it_is_saved(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    assert QUESTION in previewed(base, "change-email", "lead", customer=joan, email="joan@gmial.com")


def test_P3_adding_a_customer_with_a_mistyped_domain_asks_before_it_is_saved(base: Database) -> None:
    values = {"given_name": "Joan", "family_name": "Anderson", "email": "joan@gmial.com"}
    assert QUESTION in previewed(base, "add-customer", "support", **values)


def test_P3_a_domain_that_only_looks_mistyped_is_never_refused(base: Database) -> None:
    joan = add_customer(base)
    assert do(base, "add-email", actor("support"), customer=joan, email="joan@gmial.com").changes


@pytest.mark.parametrize("operation", ["send-sign-in-link", "send-test-mail"])
def test_P3_before_sending_to_a_mistyped_address_that_is_said(base: Database, operation: str) -> None:
    joan = add_customer(base, emails=[("joan@gmial.com", "unverified")], sign_ins=["joan"])
    assert WARNING in previewed(base, operation, "support", customer=joan)


def test_P3_a_link_to_the_corrected_address_goes_without_a_warning(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@gmial.com", "unverified")], sign_ins=["joan"])
    values = {"customer": joan, "email": "joan@gmail.com"}
    assert previewed(base, "send-sign-in-link", "support", **values) == ()


def test_P3_an_address_that_was_verified_is_sent_to_without_a_warning(base: Database) -> None:
    joan = add_customer(base, emails=["joan@gmial.com"], sign_ins=["joan"])
    assert previewed(base, "send-sign-in-link", "support", customer=joan) == ()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("jоan@example.org", "only look like others"),  # a Cyrillic о is what it is about
        ("[/x]@ex.com", "not an email address"),
        (f"{'j' * 260}@example.org", "longer than"),
    ],
)
def test_R30_support_is_told_what_is_wrong_with_an_address_and_not_of_the_table(
    base: Database, typed: str, why: str
) -> None:
    joan = add_customer(base, emails=[("joan@gmial.com", "unverified")])
    with pytest.raises(Invalid, match=why):
        do(base, "change-email", actor("support"), customer=joan, email=typed)


def test_R2_who_may_not_change_an_email_is_told_that_of_a_bad_one_too(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@gmial.com", "unverified")])
    with pytest.raises(Refused, match="may not"):
        do(base, "change-email", actor("auditor"), customer=joan, email="[/x]@ex.com")


def test_R30_the_untouched_address_is_a_form_without_a_change_and_no_refusal(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@example.org", "unverified")])
    with pytest.raises(Invalid) as caught:
        previewed(base, "change-email", "support", customer=joan, email="joan@example.org")
    assert caught.value.code == "no-change"
