"""Forwarded mails: ours or not, and what became of them and of their links, however they were pasted (P5)."""

import base64
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from db import runner
from db.delivery.transports import Envelope, Outcome, Receipt
from db.delivery.worker import deliver_due
from db.engine import Database
from db.inspection import Inspection, Verdict, inspect
from db.models import Link
from db.operations import REGISTRY
from db.operations.send_sign_in_link import SendSignInLink
from db.queries.viewer import Viewer
from db.rules.identifiers import find_references
from tests.conftest import Clock
from tests.delivery.builders import HOST, Recorder, link_in, link_row, queue_mail, text_of
from tests.delivery.test_bounces import record
from tests.dump import ordered_dump
from tests.factories import actor, add_customer, building

EVIL = "https://account.example.com.evil.example"


def look(base: Database, text: str, clock: Clock) -> Inspection:
    with base.reading() as connection:
        return inspect(connection, text, link_host=HOST, viewer=Viewer("kim"), now=clock.now)


@pytest.fixture
def mail(base: Database, joan: int) -> EmailMessage:
    """A reset mail as it arrived at the customer."""
    queue_mail(base, joan)
    return delivered(base)


def delivered(base: Database, *receipts: Receipt) -> EmailMessage:
    transport = Recorder(*receipts)
    deliver_due(base, transport, worker="one")
    envelope = transport.envelopes[-1]
    assert isinstance(envelope, Envelope)
    return envelope.message


def raw(mail: EmailMessage) -> str:
    return mail.as_bytes(policy=SMTP).decode()


def as_base64(mail: EmailMessage) -> str:
    coded = base64.encodebytes(text_of(mail).encode()).decode()
    return (
        f"From: support@example.com\nSubject: {mail['Subject']}\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{coded}"
    )


def forwarded(mail: EmailMessage) -> str:
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "joan@example.org", "support@example.com", "Fwd: help"
    outer.set_content("This is the mail I got.")
    outer.add_attachment(mail)
    return outer.as_string()


def quoted(text: str) -> str:
    return "> > " + text.replace("\n", "\n> > ")


def wrapped(mail: EmailMessage) -> str:
    """As a client quotes it that breaks lines at 60 characters."""
    lines = [line[at : at + 60] for line in text_of(mail).splitlines() for at in range(0, len(line) or 1, 60)]
    return "\n".join(f"> {line}" for line in lines)


def behind_a_filter(mail: EmailMessage) -> str:
    coded = link_in(mail).replace(":", "%3A").replace("/", "%2F")
    return f"Open https://filter.example.net/?url={coded}&data=1 now\nReference: {mail['Subject']}"


WAYS = {
    "as text": lambda mail: f"{mail['Subject']}\n{text_of(mail)}",
    "raw source": raw,
    "base64": as_base64,
    "forwarded as attachment": forwarded,
    "quoted": lambda mail: quoted(f"{mail['Subject']}\n{text_of(mail)}"),
    "quoted raw source": lambda mail: quoted(raw(mail).replace("\r\n", "\n")),
    "wrapped": wrapped,
    "behind a filter": behind_a_filter,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_P5_our_mail_is_known_however_it_was_pasted(
    base: Database, mail: EmailMessage, clock: Clock, way
) -> None:
    found = look(base, way(mail), clock)
    assert found.verdict is Verdict.OURS, found
    assert found.message is not None
    assert found.message.message.reference in mail["Subject"]
    assert found.message.carried is not None
    assert found.message.carried.state == "open"


def test_it_says_to_whom_and_when_it_was_sent_and_until_when_its_link_works(
    base: Database, mail: EmailMessage, clock: Clock
) -> None:
    facts = " ".join(look(base, raw(mail), clock).facts)
    assert "to joan@example.org: sent" in facts
    assert "Sent 2026-03-02 14:00 UTC; the server said: 250 OK." in facts
    assert "Its link works until 2026-03-02 15:00 UTC." in facts


def test_just_a_reference_tells_everything_but_whether_the_mail_is_that_one(
    base: Database, mail: EmailMessage, clock: Clock
) -> None:
    reference = mail["Subject"].partition("[")[2].rstrip("]")
    found = look(base, reference.lower(), clock)
    assert found.verdict is Verdict.BY_REFERENCE
    assert "Its link works until" in " ".join(found.facts)


@pytest.mark.parametrize(
    ("fate", "words"),
    [
        ({"opened_at": 1}, "was opened 2026-03-02 14:01 UTC"),
        ({"opened_at": 1, "used_at": 2}, "was used 2026-03-02 14:02 UTC"),
        (
            {"voided_at": 3, "void_reason": "email replaced"},
            "stopped working 2026-03-02 14:03 UTC: email replaced",
        ),
    ],
)
def test_it_says_what_became_of_the_link(
    base: Database, mail: EmailMessage, clock: Clock, fate: dict, words: str
) -> None:
    with building(base) as session:
        link = session.get(Link, link_row(base).id)
        for name, value in fate.items():
            is_minute = isinstance(value, int)
            setattr(link, name, clock.now + timedelta(minutes=value) if is_minute else value)
    assert words in " ".join(look(base, raw(mail), clock).facts)


def test_it_says_that_the_link_expired(base: Database, mail: EmailMessage, clock: Clock) -> None:
    clock.advance(hours=2)
    assert "Its link expired 2026-03-02 15:00 UTC." in look(base, raw(mail), clock).facts


def test_it_names_the_newer_mail_that_took_its_place(base: Database, clock: Clock) -> None:
    joan = add_customer(base, emails=["joan@example.org"], sign_ins=["joan.anderson"])
    mails = []
    for _ in range(2):
        runner.run(
            base,
            runner.Request(
                actor=actor("support"),
                operation=REGISTRY["send-sign-in-link"],
                params=SendSignInLink(customer=joan),
                reason="asked",
            ),
        )
        mails.append(delivered(base))
        clock.advance(minutes=2)
    found = look(base, raw(mails[0]), clock)
    assert found.superseded_by is not None
    assert found.superseded_by in mails[1]["Subject"]
    assert any(f"superseded by {found.superseded_by}" in fact for fact in found.facts)


def test_a_bounce_is_told(base: Database, mail: EmailMessage, clock: Clock) -> None:
    record(base, str(mail["Message-ID"])[1:33])
    assert any(fact.startswith("Came back") for fact in look(base, raw(mail), clock).facts)


@pytest.mark.parametrize(
    "host", [EVIL, "https://account.example.com@evil.example", "http://account.example.com"]
)
def test_a_link_that_looks_like_ours_and_leads_elsewhere_is_the_first_thing_said(
    base: Database, mail: EmailMessage, clock: Clock, host: str
) -> None:
    found = look(base, raw(mail) + text_of(mail).replace(HOST, host), clock)
    assert found.verdict is Verdict.OTHER_HOST
    assert "leads to" in found.facts[0]


def test_a_secret_that_was_changed_is_an_altered_mail(
    base: Database, mail: EmailMessage, clock: Clock
) -> None:
    text = text_of(mail)
    link = next(line for line in text.splitlines() if line.startswith(HOST))
    altered = text.replace(link, link[:-5] + "AAAAA")
    found = look(base, f"{mail['Subject']}\n{altered}", clock)
    assert found.verdict is Verdict.ALTERED


def test_a_link_under_the_wrong_purpose_or_reference_is_an_altered_mail(
    base: Database, mail: EmailMessage, clock: Clock
) -> None:
    text = text_of(mail)
    assert look(base, text.replace("/reset/", "/activation/"), clock).verdict is Verdict.ALTERED
    reference = mail["Subject"].partition("[")[2].rstrip("]")
    assert look(base, text.replace(reference, "LK-0000-0000"), clock).verdict is Verdict.ALTERED


def test_the_mail_of_an_earlier_attempt_is_told_from_an_altered_one(
    base: Database, joan: int, clock: Clock
) -> None:
    queue_mail(base, joan)
    first = delivered(base, Receipt(Outcome.DEFERRED, "451 later"))
    clock.advance(minutes=1)
    delivered(base)
    assert look(base, text_of(first), clock).verdict is Verdict.EARLIER_ATTEMPT


def test_what_only_claims_to_be_ours_is_forged(base: Database, clock: Clock) -> None:
    forged = f"Reference: LK-7F3K-2M9Q\n{HOST}/reset/{'x' * 43}"
    assert look(base, forged, clock).verdict is Verdict.FORGED


def test_a_mail_of_somebody_else_is_not_ours(base: Database, clock: Clock) -> None:
    found = look(base, "From: shop@example.net\n\nSale! https://shop.example.net/sale", clock)
    assert (found.verdict, found.hosts) == (Verdict.NOT_OURS, ("https://shop.example.net",))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\ud800",
        "Content-Type: multipart/mixed\n\n",
        "From: a\n" * 1000,
        "=" * 100_000,
        "> " * 100_000,
        "a" * 400_000,
        "&#" + "9" * 5_000 + ";",
        'Content-Type: a/b; c="' + ";" * 400_000,
        "From: a\n"
        + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(900))
        + "x\n" * 400_000,
    ],
)
def test_whatever_is_pasted_gives_an_answer(base: Database, clock: Clock, text: str) -> None:
    assert look(base, text, clock).verdict is Verdict.NOT_OURS


def test_R12_no_secret_that_was_pasted_is_kept_or_shown(
    base: Database, mail: EmailMessage, clock: Clock
) -> None:
    secret = link_in(mail).rsplit("/", 1)[1]
    found = look(base, raw(mail) + f"\n{EVIL}/reset/{secret}", clock)
    assert secret not in repr(found)
    assert secret not in repr(ordered_dump(base))


@pytest.mark.parametrize(
    "spell", [str.lower, lambda name: name.replace("-", " "), lambda name: name.replace("-", "")]
)
def test_P5_a_bare_reference_is_read_as_people_type_it(
    base: Database, mail: EmailMessage, clock: Clock, spell: Callable[[str], str]
) -> None:
    (reference,) = find_references(text_of(mail))[:1]
    assert look(base, spell(reference), clock).verdict is Verdict.BY_REFERENCE


@pytest.mark.parametrize("typed", ["LK-AAAA-BBBB", "lk aaaabbbb"])
def test_one_mistyped_letter_of_a_bare_reference_accuses_nobody(database: Database, typed: str) -> None:
    with database.reading() as connection:
        found = inspect(connection, typed, link_host=HOST, viewer=Viewer("kim"))
    assert found.verdict is Verdict.NO_SUCH_REFERENCE
