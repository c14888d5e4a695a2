"""Diagnose: P1's cases with their evidence, the fixes in P1's order, and who may do each (P1, P3)."""

from datetime import date, timedelta

from db.engine import Database
from db.gate import Claim
from db.models import (
    AuthenticationProfile,
    Channel,
    Message,
    MessageKind,
    MessageState,
)
from db.rules.cases import Case
from db.rules.roles import Standing
from tests.diagnosis.asking import ask, offered
from tests.factories import BORN, actor, add_customer, building
from tests.operations.acting import do

SHARED = "janderson@example.com"


def couple(base: Database) -> tuple[int, int]:
    joan = add_customer(base, emails=[SHARED], sign_ins=["joan.a"], passes=["P-1001"])
    daniel = add_customer(base, given_name="Daniel", emails=[SHARED], sign_ins=[("danderson", "placeholder")])
    return joan, daniel


def test_P1_case_1_shared_email_offers_merge_then_correction_then_username(base: Database) -> None:
    joan, daniel = couple(base)
    found = ask(base, SHARED)
    assert found.case is Case.SHARED_EMAIL
    assert found.verdicts[0].customers == (joan, daniel)
    assert offered(found)[:4] == [
        ("merge-customers", joan),
        ("change-email", daniel),
        ("change-email", joan),
        ("username-to-email", joan),
    ]
    assert [fix.label for fix in found.fixes if "username:" in fix.label] == [
        f"Tell C-{joan} Joan Anderson their username: joan.a",
        f"Tell C-{daniel} Daniel Anderson their username: danderson",
    ]


def test_P1_the_best_account_is_proposed_with_reasons(base: Database) -> None:
    joan, _ = couple(base)
    with building(base) as session:
        session.get_one(AuthenticationProfile, 1).last_sign_in_at = BORN
    best = ask(base, SHARED).best
    assert best is not None
    assert best.customer_id == joan
    assert best.reasons == ("signed in most recently", "most passes and contracts")


def test_P1_case_1_after_each_fix_the_case_turns(base: Database) -> None:
    joan, daniel = couple(base)
    do(base, "username-to-email", actor("lead"), customer=joan)
    assert ask(base, SHARED).case is Case.CAN_SIGN_IN
    assert ask(base, "danderson").case is Case.CODE_NOT_ARRIVING
    assert ask(base, customer_id=daniel).verdicts[0].cause == "placeholder"


def test_a_fix_that_the_operator_may_not_do_says_who_may(base: Database) -> None:
    _, daniel = couple(base)
    correction = next(fix for fix in ask(base, SHARED).fixes if fix.customer_id == daniel)
    assert (correction.standing, correction.who) == (Standing.BY_REQUEST, "a team lead or an admin")
    assert all(fix.standing is Standing.ALONE for fix in ask(base, SHARED, by="rosa").fixes)


def test_P1_cases_2_and_3_without_email_offer_one_and_then_the_username(base: Database) -> None:
    harold = add_customer(base, phones=["+1 202 555 0101"], sign_ins=["harold"], passes=["PK40-1180-07"])
    expected = [("add-email", harold), ("username-to-email", harold)]
    by_username, by_pass = ask(base, "Harold"), ask(base, "pk40 1180 07")
    assert (by_username.case, by_username.route) == (Case.USERNAME_WITHOUT_EMAIL, "username")
    assert (by_pass.case, by_pass.route) == (Case.PASS_WITHOUT_EMAIL, "pass")
    assert offered(by_username) == offered(by_pass) == expected


def test_P1_case_4_a_claim_without_contact_offers_contact_sign_in_and_link(base: Database) -> None:
    walter = add_customer(base, given_name="Walter", family_name="Okonkwo", birth_date=date(1966, 2, 9))
    claim = Claim(given_name="walter", family_name="OKONKWO", birth_date=date(1966, 2, 9))
    found = ask(base, claim=claim)
    assert found.case is Case.CLAIM_WITHOUT_CONTACT
    assert offered(found) == [
        ("add-email", walter),
        ("add-phone", walter),
        ("create-sign-in", walter),
        ("send-sign-in-link", walter),
    ]


def test_P1_case_5_inactive_offers_the_activation(base: Database) -> None:
    naomi = add_customer(
        base, status="inactive", emails=["n@example.org"], sign_ins=[("naomi", "placeholder")]
    )
    found = ask(base, "n@example.org")
    assert (found.case, offered(found)) == (Case.INACTIVE, [("send-sign-in-link", naomi)])
    assert found.fixes[0].label.startswith("Send an activation link")


def test_P1_case_6_suspended_account_and_suspended_pass_offer_their_reactivation(base: Database) -> None:
    add_customer(base, status="suspended", emails=["v@example.org"], sign_ins=["victor"])
    add_customer(
        base,
        emails=["y@example.org"],
        sign_ins=["yolanda"],
        passes=[("PK40-3306-55", "suspended"), ("PK40-3306-56", "active")],
    )
    assert ask(base, "victor").fixes[0].operation == "reactivate-customer"
    by_pass = ask(base, "PK40-3306-55")
    assert (by_pass.case, by_pass.fixes[0].operation) == (Case.SUSPENDED, "reactivate-pass")
    assert by_pass.fixes[0].values == {"pass_row": 1}


def test_P1_case_7_merged_away_opens_the_survivor(base: Database) -> None:
    survivor = add_customer(base, emails=["s@example.org"], sign_ins=["survivor"])
    add_customer(base, status="merged", merged_into_id=survivor, sign_ins=["old"])
    found = ask(base, "old")
    assert (found.case, found.fixes[0].opens) == (Case.MERGED_AWAY, survivor)


def test_P1_case_8_locked_offers_unlock_and_then_a_reset(base: Database) -> None:
    joan = add_customer(base, emails=["j@example.org"], sign_ins=[("joan", "locked")])
    found = ask(base, "joan")
    assert found.case is Case.LOCKED
    assert offered(found) == [("unlock-sign-in", joan), ("send-sign-in-link", joan)]


def refused_mail(base: Database, customer: int, to: str, state: MessageState = MessageState.FAILED) -> None:
    with building(base) as session, base.reading() as connection:
        session.add(
            Message(
                reference="LK-7F3K-2M9Q",
                idempotency_key="k" * 32,
                customer_id=customer,
                channel=Channel.EMAIL,
                kind=MessageKind.RESET,
                recipient=to,
                state=state,
                attempts=1,
                reply="550 5.1.1 no such user",
                next_attempt_at=BORN,
                created_at=base.clock(connection) - timedelta(minutes=5),
            )
        )


def test_P1_case_9_a_code_that_cannot_arrive_shows_the_server_s_words_and_offers_P3(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@gmial.com", "unverified")], sign_ins=["joan"])
    refused_mail(base, joan, "joan@gmial.com")
    found = ask(base, "joan")
    assert found.case is Case.CODE_NOT_ARRIVING
    (way,) = found.accounts[0].ways
    assert (way.is_open, way.message_state, way.reply) == (False, "failed", "550 5.1.1 no such user")
    assert offered(found) == [("change-email", joan), ("send-test-mail", joan), ("add-email", joan)]
    assert found.fixes[0].values == {"profile": 1, "email": "joan@gmail.com"}
    assert "misspelt-domain" in found.fixes[0].label


def test_R30_support_may_make_the_proposed_correction_alone(base: Database) -> None:
    add_customer(base, emails=[("joan@gmial.com", "unverified")], sign_ins=["joan"])
    assert ask(base, "joan").fixes[0].standing is Standing.ALONE


def test_an_address_that_was_verified_is_no_typo(base: Database) -> None:
    add_customer(base, emails=["joan@gmial.com"], sign_ins=["joan"])
    assert [fix.operation for fix in ask(base, "joan").fixes] == ["send-sign-in-link"]


def test_P1_case_10_nothing_found_names_likely_typos_and_who_is_near(base: Database) -> None:
    joan = add_customer(base, emails=["joan@gmail.com"], sign_ins=["joan.a"])
    typo = ask(base, "joan@gmial.com")
    assert (typo.case, typo.fixes) == (Case.NO_MATCH, ())
    assert typo.nearest[0].identifier == "joan@gmail.com"
    assert [near.customer_id for near in ask(base, "andersen joan").nearest] == [joan]


def test_an_account_without_a_sign_in_offers_to_create_one(base: Database) -> None:
    add_customer(base, emails=["j@example.org"])
    found = ask(base, "j@example.org")
    assert found.case is Case.NO_MATCH
    assert [fix.operation for fix in found.fixes] == ["create-sign-in", "send-sign-in-link"]


def test_an_account_that_was_found_is_named_although_nothing_signs_in(base: Database) -> None:
    joan = add_customer(base, emails=["j@example.org"])
    found = ask(base, "j@example.org").verdicts[0]
    assert (found.case, found.cause, found.customers) == (Case.NO_MATCH, "no-sign-in", (joan,))
    assert found.sentence.startswith(f"C-{joan} Joan Anderson was found. The account has no sign-in.")


def test_two_holders_of_an_email_without_a_sign_in_are_both_told_and_offered(base: Database) -> None:
    joan = add_customer(base, emails=[SHARED])
    daniel = add_customer(base, given_name="Daniel", emails=[SHARED])
    found = ask(base, SHARED)
    (verdict,) = found.verdicts
    assert (verdict.cause, verdict.customers) == ("no-sign-in", (joan, daniel))
    assert verdict.sentence.startswith(f"C-{joan} Joan Anderson and C-{daniel} Daniel Anderson were found")
    assert [account.customer_id for account in found.accounts] == [joan, daniel]
    assert found.nearest == ()
    assert [fix.customer_id for fix in found.fixes if fix.operation == "create-sign-in"] == [joan, daniel]


def test_P1_case_1_the_first_fix_merges_into_the_best_account(base: Database) -> None:
    joan, dan = couple(base)
    (first, *_) = ask(base, SHARED).fixes
    assert (first.operation, first.customer_id) == ("merge-customers", joan)
    assert first.values == {"absorbed": f"C-{dan}"}


def test_R30_A32_a_correction_onto_an_address_that_somebody_holds_names_the_holder(base: Database) -> None:
    add_customer(base, emails=[("joan@gmial.com", "unverified")], sign_ins=["joan"])
    dan = add_customer(base, given_name="Dan", emails=["joan@gmail.com"])
    first = ask(base, "joan").fixes[0]
    assert (first.operation, first.opens) == (None, dan)
    assert first.label == f"No typo to correct: joan@gmail.com is held by C-{dan} Dan Anderson. Open C-{dan}"
    assert all("email" not in fix.values for fix in ask(base, "joan").fixes)


def test_P4_a_suspended_holder_stands_in_no_correction_s_way(base: Database) -> None:
    add_customer(base, emails=[("joan@gmial.com", "unverified")], sign_ins=["joan"])
    add_customer(base, status="suspended", emails=["joan@gmail.com"])
    assert ask(base, "joan").fixes[0].values["email"] == "joan@gmail.com"


def test_R33_whatever_else_is_wrong_a_flagged_account_offers_nothing_but_the_leads(base: Database) -> None:
    add_customer(
        base, emails=[("joan@gmial.com", "unverified")], sign_ins=[("joan", "locked")], takeover_flag=True
    )
    found = ask(base, "joan")
    assert [verdict.cause for verdict in found.verdicts] == ["takeover-flag", "locked"]
    assert [fix.operation for fix in found.fixes] == [None]


def test_several_causes_are_all_shown_the_blocking_one_first(base: Database) -> None:
    add_customer(
        base, status="suspended", emails=[("j@example.org", "bouncing")], sign_ins=[("joan", "locked")]
    )
    assert [verdict.case for verdict in ask(base, "joan").verdicts] == [
        Case.SUSPENDED,
        Case.LOCKED,
        Case.CODE_NOT_ARRIVING,
    ]


def test_R33_a_flagged_account_is_left_to_the_leads(base: Database) -> None:
    add_customer(base, emails=["j@example.org"], sign_ins=["joan"], takeover_flag=True)
    found = ask(base, "joan")
    assert (found.case, found.verdicts[0].cause) == (Case.LOCKED, "takeover-flag")
    assert found.fixes[0].operation is None


def test_P1_case_1_a_customer_is_asked_about_by_the_email_that_they_share(base: Database) -> None:
    joan, daniel = couple(base)
    by_email, by_number = ask(base, SHARED), ask(base, customer_id=daniel)
    assert [verdict.cause for verdict in by_number.verdicts] == ["shared-email", "placeholder"]
    assert by_number.verdicts[0].customers == (joan, daniel)
    assert offered(by_number)[: len(by_email.fixes)] == offered(by_email)
    assert ask(base, customer_id=joan).case is Case.SHARED_EMAIL
