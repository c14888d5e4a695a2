"""A typing error that the table knows, in an address on file, is a cause of its own, put right first (P3)."""

from db.diagnosis import Diagnosis
from db.engine import Database
from db.models import ContactState
from db.rules.cases import Case
from tests.diagnosis.asking import ask, offered
from tests.factories import add_customer

TYPO = [("devon@gmail.con", ContactState.UNVERIFIED.value)]


def causes(found: Diagnosis) -> list[str]:
    return [verdict.cause for verdict in found.verdicts]


def test_P3_a_typo_is_a_second_cause_and_its_fix_comes_before_sending(base: Database) -> None:
    devon = add_customer(base, status="inactive", emails=TYPO, sign_ins=[("devon", "placeholder")])
    found = ask(base, customer_id=devon)
    assert causes(found) == ["inactive", "mistyped-address"]
    assert "devon@gmail.con is probably a typing error for devon@gmail.com" in found.verdicts[1].sentence
    assert offered(found) == [("change-email", devon), ("send-sign-in-link", devon)]


def test_P3_the_link_s_form_starts_with_the_corrected_address(base: Database) -> None:
    devon = add_customer(base, status="inactive", emails=TYPO, sign_ins=[("devon", "placeholder")])
    assert ask(base, customer_id=devon).fixes[1].values["email"] == "devon@gmail.com"


def test_P3_the_evidence_says_which_address_is_mistyped(base: Database) -> None:
    devon = add_customer(base, emails=TYPO, sign_ins=["devon"])
    assert ask(base, customer_id=devon).accounts[0].ways[0].mistyped_for == "devon@gmail.com"


def test_a_typo_keeps_nobody_out_who_can_sign_in(base: Database) -> None:
    add_customer(base, emails=TYPO, sign_ins=["devon"])
    found = ask(base, "devon")
    assert (found.case, causes(found)) == (Case.CAN_SIGN_IN, ["can-sign-in", "mistyped-address"])


def test_R30_an_address_whose_correction_somebody_holds_is_called_no_typo(base: Database) -> None:
    devon = add_customer(base, emails=TYPO, sign_ins=["devon"])
    add_customer(base, given_name="Dan", emails=["devon@gmail.com"])
    assert causes(ask(base, customer_id=devon)) == ["can-sign-in"]


def test_R33_of_a_flagged_account_no_typo_is_told(base: Database) -> None:
    devon = add_customer(base, emails=TYPO, sign_ins=["devon"], takeover_flag=True)
    assert causes(ask(base, customer_id=devon)) == ["takeover-flag"]
