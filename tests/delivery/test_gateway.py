"""Texts through a real HTTP gateway that accepts, refuses, fails, hangs and drops (A38, R12)."""

import logging
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from db.delivery.folder import FolderTransport, read_mailbox
from db.delivery.gateway import GatewayTransport
from db.delivery.gateway_address import parse_gateways
from db.delivery.lines import safe_reply
from db.delivery.rendering import CannotRender, render, render_text
from db.delivery.smtp import SmtpTransport
from db.delivery.transports import NO_GATEWAY, ByChannel, Outcome, Receipt, TextMessage
from db.delivery.worker import Outbox, deliver_due
from db.engine import Database
from db.errors import Unavailable
from db.models import Channel, MessageKind
from tests.delivery.builders import (
    HOST,
    SECRET,
    Inbox,
    Recorder,
    mail_server,
    message_row,
    parcel,
    queue_code,
    queue_mail,
)
from tests.delivery.gateways import TOKEN, Gateway, gateway_server
from tests.delivery.workers import attempts

KEY = b"k" * 32
TEXT = TextMessage("+12025550101", "LK-7F3K-2M9Q", "123456 is your sign-in code.", "0123456789abcdef")


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_A38_an_accepted_text_arrives_at_its_number_with_the_gateways_words() -> None:
    gateway = Gateway()
    with gateway_server(gateway) as url:
        receipt = GatewayTransport(url).send(TEXT)
    assert receipt.outcome is Outcome.SENT, receipt
    assert "Sent" in receipt.reply
    (got,) = gateway.got
    assert (got["path"], got["message"]) == ("/sms/12025550101", TEXT.text)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.REFUSED),
        (422, Outcome.REFUSED),
        (401, Outcome.DEFERRED),
        (429, Outcome.DEFERRED),
        (503, Outcome.DEFERRED),
    ],
)
def test_A38_a_refused_text_is_final_and_a_troubled_gateway_is_not(status: int, outcome: Outcome) -> None:
    with gateway_server(Gateway(status, b'{"error": "no such number"}')) as url:
        receipt = GatewayTransport(url).send(TEXT)
    assert (receipt.outcome, receipt.reached) == (outcome, True)
    assert str(status) in receipt.reply
    assert "no such number" in receipt.reply


def test_A38_a_gateway_that_is_down_was_not_reached() -> None:
    receipt = GatewayTransport(f"json://127.0.0.1:{closed_port()}/{{phone}}").send(TEXT)
    assert receipt == Receipt(Outcome.DEFERRED, "No connection to the SMS gateway.", reached=False)


def test_A38_a_gateway_that_drops_the_line_leaves_it_unknown() -> None:
    with gateway_server(Gateway("drop")) as url:
        receipt = GatewayTransport(url).send(TEXT)
    assert receipt.outcome is Outcome.DEFERRED
    assert "not known" in receipt.reply


def test_A38_a_gateway_that_hangs_is_given_up_in_time() -> None:
    with gateway_server(Gateway("hang")) as url:
        receipt = GatewayTransport(url, total=0.5).send(TEXT)
    assert (receipt.outcome, receipt.reached) == (Outcome.DEFERRED, False)


def test_an_attempt_ends_at_once_when_the_worker_is_told_to_stop() -> None:
    gateway = Gateway("hang")
    found: list[Receipt] = []
    with gateway_server(gateway) as url:
        transport = GatewayTransport(url)
        thread = threading.Thread(target=lambda: found.append(transport.send(TEXT)))
        thread.start()
        assert gateway.reached.wait(10)
        transport.abort()
        thread.join(2)
    assert found[0].outcome is Outcome.DEFERRED


def test_an_attempt_that_was_given_up_does_not_end_the_next_one() -> None:
    stuck, gateway = Gateway("hang"), Gateway("hang")
    found: list[Receipt] = []
    with gateway_server(stuck) as first, gateway_server(gateway) as second:
        transport = GatewayTransport(f"{first} {second}", total=3)
        thread = threading.Thread(target=lambda: found.append(transport.send(TEXT)))
        thread.start()
        assert gateway.reached.wait(20)
        stuck.released.set()
        for each in (each for each in threading.enumerate() if each.name == "sms"):
            each.join(0.3)
        gateway.act = 200
        gateway.released.set()
        thread.join(20)
    assert found[0].outcome is Outcome.SENT, found


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_R12_a_gateway_that_leads_elsewhere_is_not_followed(status: int) -> None:
    elsewhere, gateway = Gateway(), Gateway(status)
    with gateway_server(elsewhere) as other, gateway_server(gateway) as url:
        gateway.leads_to = "http://" + other.partition("@")[2].partition("/")[0] + "/taken"
        receipt = GatewayTransport(url + "&redirect=yes").send(TEXT)
    assert elsewhere.got == []
    assert (receipt.outcome, receipt.reached) == (Outcome.DEFERRED, True)
    assert str(status) in receipt.reply
    assert "another address" in receipt.reply


@pytest.mark.parametrize(
    "quoted",
    ["1 2 3 4 5 6", "123-456", "123 - 456", "\\u0031\\u0032\\u0033\\u0034\\u0035\\u0036", "1234567890"],
)
def test_R12_a_code_is_hidden_however_the_gateway_spaces_it(quoted: str) -> None:
    with gateway_server(Gateway(503, f"rejected: {quoted}, busy".encode())) as url:
        reply = GatewayTransport(url).send(TEXT).reply
    assert "rejected: (hidden), busy" in reply
    assert "error=503" in reply


@pytest.mark.parametrize("purpose", ["reset", "activation", "confirm"])
@pytest.mark.parametrize("slash", ["/", "%2F"])
def test_R12_what_follows_in_a_link_of_ours_is_hidden_in_any_reply(purpose: str, slash: str) -> None:
    said = f"554 spam: {HOST}{slash}{purpose}{slash}short-{SECRET[:20]}\r\n{SECRET[20:]} refused"
    assert safe_reply(said) == f"554 spam: {HOST}{slash}{purpose}{slash}(hidden) refused"


def test_the_next_gateway_takes_what_the_first_does_not() -> None:
    gateway = Gateway()
    with gateway_server(gateway) as url:
        receipt = GatewayTransport(f"json://127.0.0.1:{closed_port()}/{{phone}} {url}").send(TEXT)
    assert (receipt.outcome, len(gateway.got)) == (Outcome.SENT, 1)


def test_R12_neither_the_text_nor_the_account_stands_in_a_reply_or_a_log(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    body = f"bad {TOKEN} for {TEXT.text}".encode()
    with caplog.at_level(logging.DEBUG), gateway_server(Gateway(503, body)) as url:
        transport = GatewayTransport(url)
        receipt = transport.send(TEXT)
        shown = repr(transport) + repr(parse_gateways(url))
    everything = receipt.reply + shown + caplog.text + "".join(capfd.readouterr())
    assert "503" in receipt.reply
    assert TOKEN not in everything
    assert "123456" not in everything


@pytest.mark.parametrize("url", [f"twilio://A:{TOKEN}@x", TOKEN, "", f"json://{TOKEN}/ {{phone}}"])
def test_R12_an_address_without_a_place_for_the_number_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(Unavailable) as caught:
        GatewayTransport(url)
    assert TOKEN not in caught.value.sentence


def test_an_address_that_no_service_has_is_told_and_not_shown() -> None:
    receipt = GatewayTransport(f"nonsense://{TOKEN}/{{phone}}").send(TEXT)
    assert receipt.outcome is Outcome.DEFERRED
    assert "none that apprise knows" in receipt.reply


def test_apprise_is_loaded_only_when_a_text_leaves() -> None:
    code = (
        "import sys; from db.delivery.gateway import GatewayTransport; import db.delivery.worker;"
        "GatewayTransport('json://localhost/{phone}'); sys.exit('apprise' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_a_gateway_the_message_fails_with_a_sentence_that_says_so(base: Database, joan: int) -> None:
    message = queue_code(base, joan, "sms")
    with mail_server(Inbox()) as port:
        deliver_due(base, SmtpTransport(f"smtp://127.0.0.1:{port}"), worker="one", code_key=KEY)
    row = message_row(base, message)
    assert (row.state, row.reply) == ("failed", NO_GATEWAY)


def test_each_message_leaves_by_its_own_channel(base: Database, joan: int) -> None:
    by_text, by_mail = queue_code(base, joan, "sms"), queue_mail(base, joan)
    inbox, gateway = Inbox(), Gateway()
    with mail_server(inbox) as port, gateway_server(gateway) as url:
        both = ByChannel(mail=SmtpTransport(f"smtp://127.0.0.1:{port}"), texts=GatewayTransport(url))
        assert deliver_due(base, both, worker="one", code_key=KEY).sent == 2
    assert (len(inbox.mails), len(gateway.got)) == (1, 1)
    assert message_row(base, by_text).state == message_row(base, by_mail).state == "sent"
    assert sorted(outcome for outcome, _ in attempts(base)) == ["sent", "sent"]


def test_A38_a_gateway_that_is_down_holds_no_mail_back(base: Database, joan: int) -> None:
    texts = [queue_code(base, joan, "sms") for _ in range(2)]
    queue_mail(base, joan)
    both = ByChannel(mail=Recorder(), texts=GatewayTransport(f"json://127.0.0.1:{closed_port()}/{{phone}}"))
    done = Outbox(base, both, code_key=KEY).deliver()
    assert (done.sent, done.deferred, done.is_blocked) == (1, 1, True)
    assert [message_row(base, text).attempts for text in texts] == [1, 0]


def test_a_mail_server_gets_no_text_and_a_gateway_no_mail() -> None:
    mail = render(parcel(), secret=SECRET, host=HOST)
    assert SmtpTransport("smtp://127.0.0.1:9").send(TEXT) == Receipt(Outcome.REFUSED, NO_GATEWAY)
    assert GatewayTransport("json://127.0.0.1:9/{phone}").send(mail).outcome is Outcome.REFUSED


def test_a_kind_without_a_text_and_a_number_that_is_none_never_leave() -> None:
    for given in ({"kind": MessageKind.RESET}, {"kind": MessageKind.CODE, "recipient": "5550101"}):
        with pytest.raises(CannotRender):
            render_text(
                parcel(**{"channel": Channel.SMS, "recipient": TEXT.recipient, **given}),
                secret=SECRET,
                host=HOST,
            )


def test_in_the_sandbox_texts_lie_in_the_mailbox(tmp_path: Path) -> None:
    assert FolderTransport(tmp_path).send(TEXT).outcome is Outcome.SENT
    (mail,) = read_mailbox(tmp_path)
    assert (mail.channel, mail.to, mail.text.strip()) == ("sms", TEXT.recipient, TEXT.text)
    assert mail.reference == TEXT.reference
