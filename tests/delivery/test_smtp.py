"""A real SMTP server that accepts, refuses, defers, hangs, drops, answers twice (A38), and TLS (A41)."""

import asyncio
import email
import email.policy
import socket
import ssl
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from db.delivery.rendering import render
from db.delivery.smtp import SmtpTransport
from db.delivery.smtp_address import SmtpAddress
from db.delivery.transports import Outcome, Receipt
from db.errors import Unavailable
from tests.delivery.builders import HOST, SECRET, Inbox, link_in, mail_server, parcel

ENVELOPE = render(parcel(), secret=SECRET, host=HOST)
PASSWORD = "correct-horse-9"
REQUEST = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem -out cert.pem"


def send(port: int, **options: Any) -> Receipt:
    return SmtpTransport(f"smtp://127.0.0.1:{port}", timeout=2, **options).send(ENVELOPE)


def test_A38_an_accepted_mail_arrives_whole_with_the_servers_words() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        receipt = send(port)
    assert receipt == Receipt(Outcome.SENT, "250 2.0.0 queued as 4F1")
    arrived = email.message_from_bytes(inbox.mails[0], policy=email.policy.default)
    assert link_in(arrived) == f"{HOST}/reset/{SECRET}"


class Answer(Inbox):
    """Says the same to every recipient."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        return self.words


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("550 5.1.1 No such user here", Outcome.REFUSED),
        ("451 4.7.1 Greylisted, come back", Outcome.DEFERRED),
    ],
)
def test_A38_a_refusal_is_final_and_a_deferral_is_not_and_the_words_are_kept(
    words: str, outcome: Outcome
) -> None:
    handler = Answer(words)
    with mail_server(handler) as port:
        assert send(port) == Receipt(outcome, words)
    assert handler.mails == []


class Scripted(Inbox):
    """Does something else when the mail has been handed over."""

    def __init__(self, act: str) -> None:
        super().__init__()
        self.act = act
        self.reached = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.reached.set()
        if self.act == "hang":
            await asyncio.Event().wait()
        if self.act == "drop":
            server.transport.abort()
        if self.act == "refuse":
            return f"554 5.7.1 Blocked link {SECRET}\x1b[2J"
        return "250 OK"


def test_A38_a_connection_dropped_after_the_mail_leaves_the_outcome_unknown() -> None:
    with mail_server(Scripted("drop")) as port:
        receipt = send(port)
    assert receipt.outcome is Outcome.DEFERRED
    assert "not known" in receipt.reply


def test_A38_a_server_that_hangs_is_given_up_after_the_time_limit() -> None:
    with mail_server(Scripted("hang")) as port:
        receipt = SmtpTransport(f"smtp://127.0.0.1:{port}", timeout=0.3).send(ENVELOPE)
    assert receipt.outcome is Outcome.DEFERRED


def test_A38_the_whole_attempt_has_a_limit_too() -> None:
    with mail_server(Scripted("hang")) as port:
        receipt = SmtpTransport(f"smtp://127.0.0.1:{port}", timeout=30, total=0.3).send(ENVELOPE)
    assert receipt.outcome is Outcome.DEFERRED


def test_A38_content_that_is_refused_is_final() -> None:
    with mail_server(Scripted("refuse")) as port:
        receipt = send(port)
    assert receipt.outcome is Outcome.REFUSED
    assert receipt.reply.startswith("554 5.7.1 Blocked link")
    assert receipt.reply.isprintable()


class Twice(Inbox):
    """Answers each recipient twice, so that every later answer is one too early."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        await server.push("250 OK")
        return "250 OK"


def test_A38_a_server_that_answers_twice_is_never_believed_to_have_the_mail() -> None:
    handler = Twice()
    with mail_server(handler) as port:
        receipt = send(port)
    assert receipt.outcome is Outcome.DEFERRED
    assert handler.mails == []


def test_a_server_that_is_not_there_is_a_deferral_that_holds_for_all_mails() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        receipt = send(closed.getsockname()[1])
    assert receipt == Receipt(
        Outcome.DEFERRED, "No connection to the mail server: connection refused.", reached=False
    )


def test_an_attempt_ends_at_once_when_it_is_aborted() -> None:
    handler = Scripted("hang")
    with mail_server(handler) as port:
        transport = SmtpTransport(f"smtp://127.0.0.1:{port}", timeout=30)
        found: list[Receipt] = []
        thread = threading.Thread(target=lambda: found.append(transport.send(ENVELOPE)))
        thread.start()
        assert handler.reached.wait(5)
        transport.abort()
        thread.join(2)
        assert not thread.is_alive()
    assert found[0].outcome is Outcome.DEFERRED


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that only those trust who were told to, with its key in the same file."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=mail",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return both


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    is_right = (data.login, data.password) == (b"latchkey", PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


def test_A41_a_certificate_that_is_not_trusted_gets_no_mail(certificate: Path) -> None:
    inbox = Inbox()
    with mail_server(inbox, tls_context=server_context(certificate)) as port:
        receipt = SmtpTransport(f"smtp://127.0.0.1:{port}?starttls=required", timeout=2).send(ENVELOPE)
    assert receipt.outcome is Outcome.DEFERRED
    assert "certificate is not trusted" in receipt.reply
    assert not receipt.reached
    assert inbox.mails == []


def test_with_a_trusted_certificate_and_the_right_password_the_mail_leaves(certificate: Path) -> None:
    inbox = Inbox()
    options = {"authenticator": login, "auth_required": True, "require_starttls": True}
    with mail_server(inbox, tls_context=server_context(certificate), **options) as port:
        url = f"smtp://latchkey:{PASSWORD}@127.0.0.1:{port}?starttls=required"
        trusting = ssl.create_default_context(cafile=certificate)
        receipt = SmtpTransport(url, timeout=2, context=trusting).send(ENVELOPE)
    assert receipt.outcome is Outcome.SENT, receipt
    assert len(inbox.mails) == 1


def test_R12_a_wrong_password_is_a_deferral_that_does_not_show_it(certificate: Path) -> None:
    with mail_server(Inbox(), tls_context=server_context(certificate), authenticator=login) as port:
        transport = SmtpTransport(
            f"smtp://latchkey:wrong-one@127.0.0.1:{port}?starttls=required",
            timeout=2,
            context=ssl.create_default_context(cafile=certificate),
        )
        receipt = transport.send(ENVELOPE)
    assert receipt.outcome is Outcome.DEFERRED
    assert receipt.reply.startswith("535")
    assert "wrong-one" not in receipt.reply + repr(transport)


def test_a_server_without_encryption_gets_no_mail_where_it_is_required() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        receipt = SmtpTransport(f"smtp://127.0.0.1:{port}?starttls=required", timeout=2).send(ENVELOPE)
    assert "offers no encryption" in receipt.reply
    assert inbox.mails == []


def test_an_address_outside_ascii_needs_a_server_that_knows_them() -> None:
    inbox = Inbox()
    envelope = render(parcel(recipient="用户@example.org"), secret=SECRET, host=HOST)
    with mail_server(inbox, enable_SMTPUTF8=False) as port:
        refused = SmtpTransport(f"smtp://127.0.0.1:{port}", timeout=2).send(envelope)
    with mail_server(inbox, enable_SMTPUTF8=True) as port:
        sent = SmtpTransport(f"smtp://127.0.0.1:{port}", timeout=2).send(envelope)
    assert (refused.outcome, sent.outcome) == (Outcome.REFUSED, Outcome.SENT)


def test_STARTTLS_is_required_unless_the_server_is_this_machine() -> None:
    assert SmtpAddress.parse("smtp://mail.example.com").starttls
    assert not SmtpAddress.parse("smtp://127.0.0.1:2525").starttls
    assert SmtpAddress.parse("smtps://u:p%40ss@mail.example.com").password == "p@ss"


@pytest.mark.parametrize(
    "url",
    [
        "smtp://u:canary-7@mail.example.com?starttls=off",
        "http://u:canary-7@mail.example.com",
        "smtp://u:canary-7@mail.example.com:port",
        "smtp://u:canary-7@",
        "smtp://u:canary-7@mail.example.com?colour=red",
        "smtp://u:canary-7é@mail.example.com",
    ],
)
def test_R12_an_address_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Unavailable) as caught:
        SmtpTransport(url)
    assert "canary-7" not in caught.value.sentence
    assert caught.value.__cause__ is None
