"""Inspects a mail that a customer forwarded: is it ours, and what became of it and of its link (P5).

What was pasted is read once and never kept: secrets in it are compared by their hash. The reference that is
printed in a mail is no secret, so it alone proves nothing; the link's secret and the Message-ID do.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from db.delivery.readings import PastedLink, Reading, read_pasted
from db.engine import server_time
from db.models import Link, Message
from db.queries.messages import CarriedView, MessageDetail, read_message
from db.queries.viewer import Viewer
from db.rules.identifiers import parse_reference


class Verdict(StrEnum):
    """What a pasted mail is."""

    OURS = "ours"
    BY_REFERENCE = "by-reference"
    EARLIER_ATTEMPT = "earlier-attempt"
    OTHER_HOST = "other-host"
    ALTERED = "altered"
    FORGED = "forged"
    NOT_OURS = "not-ours"
    NO_SUCH_REFERENCE = "no-such-reference"


_TO_A_LEAD = "Nobody may open its links. Forward it to a team lead."
_SENTENCES = {
    Verdict.OURS: "This mail is ours.",
    Verdict.BY_REFERENCE: "There is such a message of ours. A reference is no secret, so only the whole mail"
    " shows whether what the customer has is that message.",
    Verdict.EARLIER_ATTEMPT: "It names a message of ours whose link was made anew since: most likely the mail"
    " of an earlier attempt.",
    Verdict.OTHER_HOST: f"A link in it looks like ours and leads somewhere else. {_TO_A_LEAD}",
    Verdict.ALTERED: f"It names a message of ours, but is not what we sent. {_TO_A_LEAD}",
    Verdict.FORGED: f"It claims to be ours, and we sent no such message. {_TO_A_LEAD}",
    Verdict.NO_SUCH_REFERENCE: "We sent no message of that reference. Have it read out again.",
    Verdict.NOT_OURS: "Nothing in it is ours: no reference, no link, no Message-ID. Ask for the whole mail,"
    " forwarded as an attachment.",
}


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """The verdict with its reasons; `message` is the message of ours that it is, or claims to be.

    `facts` are sentences, the most important first. `superseded_by` is the reference of the newer mail
    whose link took the place of this one's. `hosts` are where links in it lead that are not ours.
    """

    verdict: Verdict
    sentence: str
    facts: tuple[str, ...]
    message: MessageDetail | None
    superseded_by: str | None
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class _Evidence:
    """What of the pasted mail the database knows: message ids, by what proves them and by what does not."""

    by_secret: tuple[int, ...]
    by_key: tuple[int, ...]
    by_reference: dict[str, int]
    known_hashes: frozenset[str]
    purposes: dict[str, str]

    @property
    def message(self) -> int | None:
        return next(iter((*self.by_secret, *self.by_key, *self.by_reference.values())), None)

    @property
    def is_proven(self) -> bool:
        return bool(self.by_secret or self.by_key)


def inspect(
    connection: Connection,
    text: str,
    *,
    link_host: str,
    viewer: Viewer,
    now: datetime | None = None,
) -> Inspection:
    """Inspect a pasted mail, its raw source, or just a reference; never raises for what stands in it."""
    reading = read_pasted(text)
    evidence = _evidence(connection, reading)
    moment = now or server_time(connection)
    host = link_host.lower()
    found = evidence.message
    detail = None if found is None else read_message(connection, found, viewer, now=moment)
    verdict, reasons = _judge(reading, evidence, detail, host)
    if verdict is Verdict.FORGED and parse_reference(text) in reading.references:
        verdict, reasons = Verdict.NO_SUCH_REFERENCE, ()  # one mistyped letter accuses nobody
    newer = None if detail is None else _newer(connection, detail)
    return Inspection(
        verdict=verdict,
        sentence=_SENTENCES[verdict],
        facts=(*reasons, *(() if detail is None else _facts(detail, newer))),
        message=detail,
        superseded_by=newer,
        hosts=tuple(other for other in reading.hosts if other != host),
    )


def _evidence(connection: Connection, reading: Reading) -> _Evidence:
    hashes = [one for link in reading.links for one in link.hashes]
    links = connection.execute(
        select(Link.secret_hash, Link.purpose, Message.id)
        .join(Message, Message.link_id == Link.id)
        .where(Link.secret_hash.in_(hashes))
        .order_by(Message.id.desc())
    ).all()
    keys = connection.scalars(select(Message.id).where(Message.idempotency_key.in_(reading.keys)))
    references = connection.execute(
        select(Message.reference, Message.id).where(Message.reference.in_(reading.references))
    )
    found = {row.reference: row.id for row in references}
    return _Evidence(
        by_secret=tuple(row.id for row in links),
        by_key=tuple(keys),
        by_reference={name: found[name] for name in reading.references if name in found},
        known_hashes=frozenset(row.secret_hash for row in links),
        purposes={row.secret_hash: row.purpose.value for row in links},
    )


def _judge(
    reading: Reading, evidence: _Evidence, detail: MessageDetail | None, host: str
) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict, and what it rests on."""
    strange = [link for link in reading.links if link.host != host]
    if strange:
        return Verdict.OTHER_HOST, tuple(f"A link leads to {link.host}, not to {host}." for link in strange)
    if detail is None:
        if reading.references or reading.links:
            return Verdict.FORGED, (_claims(reading),)
        return Verdict.NOT_OURS, ()
    wrong = _contradictions(reading, evidence, detail)
    if wrong:
        return Verdict.ALTERED, wrong
    if _is_unknown(reading.links, evidence):
        return _without_its_link(detail)
    if evidence.is_proven:
        return Verdict.OURS, (_proof(evidence),)
    return Verdict.BY_REFERENCE, ()


def _claims(reading: Reading) -> str:
    if reading.references:
        return f"It names {', '.join(reading.references[:3])}, which is no message of ours."
    return "A link in it leads to us, with a secret that was never ours, or is no longer."


def _proof(evidence: _Evidence) -> str:
    if evidence.by_secret:
        return "Its link is the one that we sent."
    return "Its Message-ID, which nobody can guess, is ours."


def _contradictions(reading: Reading, evidence: _Evidence, detail: MessageDetail) -> tuple[str, ...]:
    """What cannot be so in a mail that left here; a forwarded thread may name several of our messages."""
    reasons = []
    unknown = [name for name in reading.references if name not in evidence.by_reference]
    if unknown:
        reasons.append(f"It names {', '.join(unknown[:3])}, which is no message of ours.")
    reference = detail.message.reference
    if evidence.is_proven and reading.references and reference not in reading.references:
        reasons.append(f"Its link or Message-ID is that of {reference}, and it says it is another message.")
    for link in reading.links:
        purposes = {evidence.purposes[one] for one in link.hashes if one in evidence.purposes}
        if purposes and link.purpose not in purposes:
            reasons.append(f"Its link was made for {purposes.pop()}, and it says {link.purpose}.")
    return tuple(reasons)


def _is_unknown(links: tuple[PastedLink, ...], evidence: _Evidence) -> bool:
    return any(not evidence.known_hashes.intersection(link.hashes) for link in links)


def _without_its_link(detail: MessageDetail) -> tuple[Verdict, tuple[str, ...]]:
    """Our message, with a link on our host whose secret is not the message's."""
    if detail.carried is not None and detail.carried.what == "link" and len(detail.attempts) > 1:
        return Verdict.EARLIER_ATTEMPT, ("Its link stopped working when the message was sent once more.",)
    return Verdict.ALTERED, ("The link in it is not the one that we sent, or is cut off.",)


def _newer(connection: Connection, detail: MessageDetail) -> str | None:
    """The reference of the newest later mail of the same purpose, where this one's link was superseded."""
    carried = detail.carried
    if carried is None or carried.void_reason != "superseded":
        return None
    return connection.scalar(
        select(Message.reference)
        .join(Link, Link.id == Message.link_id)
        .where(Message.customer_id == detail.customer_id, Message.id > detail.message.id)
        .order_by(Message.id.desc())
        .limit(1)
    )


def _facts(detail: MessageDetail, newer: str | None) -> tuple[str, ...]:
    message = detail.message
    facts = [f"{message.reference} is a {message.kind} message to {message.recipient}: {message.state}."]
    if message.sent_at is not None:
        facts.append(f"Sent {_at(message.sent_at)}; the server said: {_words(message.reply)}")
    elif message.reply:
        facts.append(f"Not sent: {_words(message.reply)}")
    if detail.bounce is not None:
        facts.append(f"Came back {_at(detail.bounce.at)}: {_words(detail.bounce.reply)}")
    if detail.carried is not None:
        facts.extend(_fate(detail.carried, newer))
    return tuple(facts)


def _fate(carried: CarriedView, newer: str | None) -> list[str]:
    """What became of the link or the code."""
    what = f"Its {carried.what}"
    told = [] if carried.opened_at is None else [f"{what} was opened {_at(carried.opened_at)}."]
    match carried.state:
        case "used" if carried.used_at is not None:
            told.append(f"{what} was used {_at(carried.used_at)}; it works once.")
        case "void" if carried.voided_at is not None:
            by = "" if newer is None else f" by {newer}"
            told.append(f"{what} stopped working {_at(carried.voided_at)}: {carried.void_reason}{by}.")
        case "expired" if carried.expires_at is not None:
            told.append(f"{what} expired {_at(carried.expires_at)}.")
        case "open" if carried.expires_at is not None:
            told.append(f"{what} works until {_at(carried.expires_at)}.")
        case _:
            told.append(f"{what} has not been delivered yet.")
    return told


def _words(said: str | None) -> str:
    """A server's words as the end of a sentence."""
    return "nothing." if not said else said if said.endswith(".") else f"{said}."


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
