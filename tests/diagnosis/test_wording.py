"""What a verdict says agrees with itself: who was found, from when, after what, and who else is meant."""

from datetime import timedelta

from db.diagnosis import Diagnosis
from db.engine import Database
from db.gate import Claim
from db.models import EmailProfile
from db.rules.cases import Case
from tests.diagnosis.asking import ask
from tests.factories import BORN, add_customer, building


def fix(found: Diagnosis, operation: str) -> tuple[int, ...]:
    return next(each.after for each in found.fixes if each.operation == operation)


def test_P1_a_customer_who_was_found_is_never_called_no_match(base: Database) -> None:
    joan = add_customer(base, emails=["j@example.org"])
    found = ask(base, customer_id=joan)
    assert (found.case, found.heading) == (Case.NO_MATCH, "no-sign-in")


def test_P1_case_4_an_account_that_can_be_claimed_is_not_said_to_sign_in(base: Database) -> None:
    add_customer(base, emails=["j@example.org"])
    found = ask(
        base,
        claim=Claim(given_name="Joan", family_name="Anderson", birth_date=BORN.date(), email="j@example.org"),
    )
    assert found.heading == "can-claim"
    assert "Until they claim it there is no sign-in." in found.verdicts[0].sentence


def test_R31_while_a_cool_down_runs_it_is_said_from_when_a_link_may_go(base: Database) -> None:
    joan = add_customer(base, emails=["j@example.org"], phones=["+1 202 555 0101"], sign_ins=["joan"])
    with base.reading() as connection:
        until = base.clock(connection) + timedelta(hours=20)
    with building(base) as session:
        session.get_one(EmailProfile, 1).cool_down_until = until
    found = ask(base, customer_id=joan)
    assert found.verdicts[0].sentence.startswith(
        f"The customer can sign in. A reset link may go to j@example.org from {until:%Y-%m-%d %H:%M} UTC"
    )
    assert [each.operation for each in found.fixes] == ["shorten-cool-down"]


def test_P1_a_suspended_holder_of_the_same_email_is_mentioned(base: Database) -> None:
    add_customer(base, given_name="Sabine", emails=["family@example.com"], sign_ins=["sabine"])
    paul = add_customer(base, given_name="Paul", status="suspended", emails=["family@example.com"])
    found = ask(base, "family@example.com")
    assert found.case is Case.CAN_SIGN_IN
    assert f"C-{paul} Paul Anderson (suspended) has the same email." in found.verdicts[0].sentence
    assert found.fixes[-1].opens == paul


def test_P1_case_2_a_fix_that_needs_another_one_is_marked_after_it(base: Database) -> None:
    add_customer(base, phones=["+1 202 555 0101"], sign_ins=["harold"])
    assert fix(ask(base, "harold"), "username-to-email") == (1,)


def test_P1_case_4_the_link_comes_after_email_and_sign_in(base: Database) -> None:
    joan = add_customer(base)
    found = ask(base, customer_id=joan)
    places = {each.operation: place for place, each in enumerate(found.fixes, 1)}
    assert fix(found, "send-sign-in-link") == (places["add-email"], places["create-sign-in"])


def test_P1_case_8_the_reset_comes_after_the_unlocking(base: Database) -> None:
    add_customer(base, emails=["j@example.org"], sign_ins=[("joan", "locked")])
    assert fix(ask(base, "joan"), "send-sign-in-link") == (1,)


def test_a_phone_is_shown_as_it_was_typed(base: Database) -> None:
    joan = add_customer(base, emails=["j@example.org"], phones=["(202) 555-0101"], sign_ins=["joan"])
    assert str(ask(base, customer_id=joan).accounts[0].ways[0].address) == "(202) 555-0101"
