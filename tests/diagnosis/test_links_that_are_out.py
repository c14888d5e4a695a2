"""After a link has gone out the verdict says whose turn it is, and what to do if it is lost (P1, P3)."""

from datetime import timedelta

from sqlalchemy import select

from db.actor import service
from db.diagnosis import Question, diagnose
from db.engine import Database
from db.models import Link, Message, MessageState
from db.queries.viewer import Viewer
from db.rules.cases import Case
from tests.diagnosis.asking import ask, offered
from tests.factories import actor, add_customer, building
from tests.operations.acting import do
from tests.signin.post import Post

MAIL = "joan@example.org"


def joan_waiting(base: Database, *, state: str = "placeholder", **given: object) -> int:
    """Joan, to whom a link was sent and delivered."""
    joan = add_customer(base, **{"emails": [MAIL], "sign_ins": [("joan", state)], **given})
    do(base, "send-sign-in-link", actor("support"), customer=joan)
    Post(base).deliver()
    return joan


def change_link(base: Database, **values: object) -> None:
    with building(base) as session:
        for link in session.scalars(select(Link)):
            for name, value in values.items():
                setattr(link, name, value)


def come_back(base: Database) -> None:
    """Take in a bounce of every mail that left."""
    with base.reading() as connection:
        keys = connection.scalars(select(Message.idempotency_key).where(Message.state == "sent")).all()
    for key in keys:
        do(base, "record-bounce", service("post"), key=key, action="failed", words="550 5.1.1 no such user")


def test_a_link_that_was_sent_is_waited_for(base: Database) -> None:
    joan_waiting(base)
    found = ask(base, "joan")
    (link,) = (account.link for account in found.accounts)
    assert link is not None
    assert link.sent_at is not None
    assert found.case is Case.CODE_NOT_ARRIVING
    assert found.verdicts[0].sentence.startswith(
        f"The customer has not set a password yet. A reset link went to {MAIL} on"
        f" {link.sent_at:%Y-%m-%d %H:%M} UTC ({link.reference}, sent). We wait for the customer to open it,"
    )


def test_while_a_link_is_waited_for_it_can_be_sent_again_tested_and_corrected(base: Database) -> None:
    joan = joan_waiting(base)
    again, test, correct = ask(base, "joan").fixes
    assert [(fix.operation, fix.customer_id) for fix in (again, test, correct)] == [
        ("send-sign-in-link", joan),
        ("send-test-mail", joan),
        ("change-email", joan),
    ]
    assert "again: the one that is out stops working" in again.label
    assert correct.label == f"Correct the address {MAIL}, if mail to it comes back"
    assert correct.values == {"profile": 1}


def test_a_link_that_waits_in_the_outbox_is_on_its_way(base: Database) -> None:
    joan = add_customer(base, emails=[MAIL], sign_ins=[("joan", "reset-required")])
    do(base, "send-sign-in-link", actor("support"), customer=joan)
    said = ask(base, "joan").verdicts[0].sentence
    assert f"A reset link to {MAIL} is on its way (LK-" in said
    assert "queued since" in said


def test_an_activation_that_was_sent_is_waited_for(base: Database) -> None:
    joan_waiting(base, status="inactive")
    found = ask(base, "joan")
    assert found.case is Case.INACTIVE
    assert "An activation link went to" in found.verdicts[0].sentence
    assert found.fixes[0].label.startswith("Send the activation link to")


def test_a_reset_of_somebody_who_can_sign_in_is_told_too(base: Database) -> None:
    joan_waiting(base, state="active")
    said = ask(base, "joan").verdicts[0].sentence
    assert said.startswith("The customer can sign in. A reset link went to")


def test_a_link_that_was_opened_and_not_used_says_so(base: Database) -> None:
    joan_waiting(base)
    with base.reading() as connection:
        now = base.clock(connection)
    change_link(base, opened_at=now)
    assert f"It was opened {now:%H:%M} UTC and not used yet." in ask(base, "joan").verdicts[0].sentence


def test_a_link_that_came_back_asks_for_the_address_and_then_another_link(base: Database) -> None:
    joan = joan_waiting(base, phones=["+1 202 555 0101"])
    come_back(base)
    found = ask(base, "joan")
    assert "came back: 550 5.1.1 no such user. Correct the address" in found.verdicts[-1].sentence
    assert offered(found) == [("change-email", joan), ("send-test-mail", joan), ("add-email", joan)]


def test_a_link_that_came_back_to_the_only_address_is_told_behind_what_blocks(base: Database) -> None:
    joan = joan_waiting(base)
    come_back(base)
    found = ask(base, "joan")
    assert [verdict.cause for verdict in found.verdicts] == ["no-usable-channel", "placeholder"]
    assert offered(found)[0] == ("change-email", joan)


def test_a_link_that_expired_unused_is_sent_anew(base: Database) -> None:
    joan = joan_waiting(base)
    with base.reading() as connection:
        change_link(base, expires_at=base.clock(connection) - timedelta(minutes=1))
    found = ask(base, "joan")
    assert found.verdicts[0].sentence.endswith("expired unused. Send another one.")
    assert offered(found) == [("send-sign-in-link", joan)]
    assert found.fixes[0].label.startswith("Send a reset link")


def test_R18_a_link_that_was_voided_is_not_waited_for(base: Database) -> None:
    joan = joan_waiting(base)
    do(base, "change-email", actor("lead"), customer=joan, email="joan.a@example.org")
    found = ask(base, customer_id=joan)
    assert found.accounts[0].link is None
    assert "went to" not in "".join(verdict.sentence for verdict in found.verdicts)


def test_a_link_whose_mail_the_server_refused_says_its_words(base: Database) -> None:
    joan_waiting(base, phones=["+1 202 555 0101"])
    with building(base) as session:
        message = session.scalars(select(Message)).one()
        message.state, message.sent_at, message.reply = MessageState.FAILED, None, "554 blocked"
    assert "could not be delivered: 554 blocked." in ask(base, "joan").verdicts[0].sentence


def test_the_address_of_a_link_is_masked_as_every_address(base: Database) -> None:
    joan_waiting(base)
    come_back(base)
    with base.reading() as connection:
        viewer = Viewer("kim", is_masked=True)
        masked = diagnose(connection, Question(identifier="joan"), viewer, base.clock(connection))
    assert MAIL not in "".join(verdict.sentence for verdict in masked.verdicts)
    assert MAIL not in "".join(fix.label for fix in masked.fixes)
