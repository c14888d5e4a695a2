"""Claiming an existing account: what leads to it, and what stands in the way (P1 case 4)."""

from datetime import date
from typing import Any

import pytest

from db import gate
from db.engine import Database
from db.rules.cases import Case, Cause
from db.settings import load_policy
from tests.signin.conftest import customer_with, husband_with, joan_with


def claimed(base: Database, **given: Any) -> gate.Judgement:
    with base.reading() as connection:
        now = base.clock(connection)
        return gate.judge_claim(connection, gate.Claim(**given), load_policy(connection), now)


WHO = {"given_name": "joan", "family_name": "ANDERSON"}
ELM = ("1 Elm Street", "Springfield", "Illinois", "62701")
CLAIMS = {
    "name and birth date": {**WHO, "birth_date": date(1980, 5, 17)},
    "the words the other way round": {
        "given_name": "Anderson",
        "family_name": "Jöan",
        "birth_date": date(1980, 5, 17),
    },
    "name and postcode": {**WHO, "postcode": " 62701"},
    "email": {"email": "Joan@Example.org"},
    "phone": {"phone": "(202) 555-0101"},
}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS.keys())
def test_P1_4_a_claim_finds_the_account(base: Database, claim: dict[str, Any]) -> None:
    joan = joan_with(base, address=ELM)
    customer_with(base, given_name="Ruth", birth_date=date(1980, 5, 17), address=ELM)
    found = claimed(base, **claim)
    assert (found.case, found.findings[0].cause) == (Case.CAN_SIGN_IN, Cause.CAN_CLAIM)
    assert found.account is not None
    assert found.account.customer_id == joan


@pytest.mark.parametrize(
    "claim",
    [
        {},
        WHO,
        {"birth_date": date(1980, 5, 17)},
        {"postcode": "62701"},
        {**WHO, "birth_date": date(1980, 5, 18)},
        {**WHO, "postcode": "62701\x00"},
        {"given_name": "\ud800", "family_name": "x" * 5000, "birth_date": date(1980, 5, 17)},
        {"email": "joan@", "phone": "12"},
    ],
)
def test_P1_4_less_finds_nothing(base: Database, claim: dict[str, Any]) -> None:
    joan_with(base, address=ELM)
    assert claimed(base, **claim).findings[0].cause is Cause.NOTHING_FOUND


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ({"emails": [], "phones": []}, Cause.CLAIM_WITHOUT_CONTACT),
        ({"emails": []}, Cause.CLAIM_WITHOUT_EMAIL),
        ({"status": "suspended"}, Cause.SUSPENDED),
        ({"takeover_flag": True}, Cause.TAKEOVER_FLAG),
        ({"emails": [("joan@example.org", "bouncing")]}, Cause.NO_USABLE_CHANNEL),
        ({"sign_ins": [("janderson", "locked")]}, Cause.LOCKED),
        ({"sign_ins": [("janderson", "disabled")]}, Cause.DISABLED),
        ({"sign_ins": ["janderson", "joan.two"]}, Cause.SEVERAL_SIGN_INS),
        ({"sign_ins": []}, Cause.CAN_CLAIM),
        ({"status": "inactive"}, Cause.CAN_CLAIM),
        ({"sign_ins": [("janderson", "placeholder")]}, Cause.CAN_CLAIM),
    ],
)
def test_P1_4_what_stands_in_the_way_of_a_claim(base: Database, given: dict[str, Any], cause: Cause) -> None:
    joan_with(base, **given)
    assert claimed(base, **WHO, birth_date=date(1980, 5, 17)).findings[0].cause is cause


def test_P1_4_of_two_with_one_name_the_one_is_meant_to_whom_more_leads(base: Database) -> None:
    joan = joan_with(base)
    joan_with(base, emails=["other@example.org"], phones=[], sign_ins=["other"])
    name_alone = {**WHO, "birth_date": date(1980, 5, 17)}
    assert {found.cause for found in claimed(base, **name_alone).findings} == {Cause.SEVERAL_ACCOUNTS}
    found = claimed(base, **name_alone, email="joan@example.org")
    assert found.account is not None
    assert found.account.customer_id == joan


def test_P1_4_no_sign_in_is_made_of_an_email_that_lets_somebody_else_in(base: Database) -> None:
    joan_with(base, sign_ins=[])
    husband_with(base)
    found = claimed(base, **WHO, birth_date=date(1980, 5, 17))
    assert found.findings[0].cause is Cause.SHARED_EMAIL


def test_P1_4_an_apostrophe_left_out_is_forgiven(base: Database) -> None:
    sean = customer_with(base, given_name="Sean", family_name="O'Brien", emails=["sean@example.org"])
    found = claimed(base, given_name="Sean", family_name="OBrien", birth_date=date(1980, 5, 17))
    assert found.account is not None
    assert found.account.customer_id == sean
