"""The whole way with the real outbox: from "prompted to call us" to a customer who is in."""

import re
from pathlib import Path

from db.delivery.folder import FolderTransport, Mail, read_mailbox
from db.delivery.worker import deliver_due
from db.engine import Database
from db.gate import judge_customer
from db.models import Channel, LinkPurpose
from db.settings import load_policy
from db.signin import CustomerDoor, Need
from tests.conftest import Clock
from tests.factories import actor
from tests.operations.acting import do
from tests.signin.conftest import joan_with
from tests.signin.post import KEY

NEW = "eleven paper lanterns"


def post_of(base: Database, mailbox: Path, channel: Channel) -> list[Mail]:
    """Deliver what is due, and return what a customer finds there, newest first."""
    deliver_due(base, FolderTransport(mailbox), worker="test", code_key=KEY)
    return [mail for mail in read_mailbox(mailbox) if mail.channel == channel.value]


def code_in(mail: Mail) -> str:
    (code,) = re.findall(r"\b\d{6}\b", mail.text)
    return str(code)


def test_P1_4_a_customer_without_contact_gets_in_after_the_three_fixes(
    base: Database, door: CustomerDoor, tmp_path: Path, clock: Clock
) -> None:
    joan = joan_with(base, emails=[], phones=[], sign_ins=[])
    do(base, "add-email", actor("support"), customer=joan, email="joan@example.org")
    do(base, "create-sign-in", actor(), customer=joan)
    do(base, "send-sign-in-link", actor("support"), customer=joan)
    assert door.enter_password(door.begin("joan@example.org").token, NEW).has_failed
    links = [link for mail in post_of(base, tmp_path, Channel.EMAIL) for link in mail.links]
    (reset,) = [link for link in links if "/reset/" in link]
    secret = reset.rsplit("/", 1)[1]
    assert door.open_link(secret, LinkPurpose.RESET).is_done
    assert door.set_password(secret, LinkPurpose.RESET, NEW).is_done
    step = door.enter_password(door.begin("joan@example.org").token, NEW)
    assert step.needs is Need.CODE
    newest = next(
        mail for mail in post_of(base, tmp_path, Channel.EMAIL) if re.search(r"\b\d{6}\b", mail.text)
    )
    step = door.enter_code(step.token, code_in(newest))
    assert step.needs is Need.NOTHING
    with base.reading() as connection:
        assert judge_customer(connection, joan, load_policy(connection), base.clock(connection)).lets_in


def test_P3_a_code_by_text_message_then_by_mail(
    base: Database, door: CustomerDoor, tmp_path: Path, clock: Clock
) -> None:
    joan = joan_with(base, sign_ins=[("janderson", "placeholder")])
    do(base, "send-sign-in-link", actor("support"), customer=joan)
    (mail,) = post_of(base, tmp_path, Channel.EMAIL)
    (link,) = mail.links
    assert door.set_password(link.rsplit("/", 1)[1], LinkPurpose.RESET, NEW).is_done
    step = door.enter_password(door.begin("janderson").token, NEW)
    (text,) = post_of(base, tmp_path, Channel.SMS)
    clock.advance(minutes=1)
    step = door.use_email_instead(step.token)
    found = [mail for mail in post_of(base, tmp_path, Channel.EMAIL) if re.search(r"\b\d{6}\b", mail.text)]
    if code_in(text) != code_in(found[0]):
        assert door.enter_code(step.token, code_in(text)).has_failed, "the newer code ended it"
    assert door.enter_code(step.token, code_in(found[0])).needs is Need.NOTHING
