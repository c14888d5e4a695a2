"""Renders a message into a mail or a text from templates; nobody can inject into its headers."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from db.delivery.lines import one_line
from db.delivery.links import link_address
from db.delivery.parcels import Parcel
from db.delivery.transports import Envelope, Letter, TextMessage
from db.models import Channel, MessageKind
from db.rules import Malformed
from db.rules.email import parse_email

TEMPLATES = Path(__file__).parent / "templates"
MAX_NAME = 60
# A name that reads like a link would turn our mail into somebody else's.
_LIKE_A_LINK = re.compile(r"[:/\\@<>]|\.\w{2,}|www", re.IGNORECASE)
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_NEED_A_LINK = (MessageKind.RESET, MessageKind.ACTIVATION, MessageKind.CONFIRM)


class CannotRender(Exception):
    """The message can never become a mail; the text says why, and goes where a server's words would."""


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".html.jinja"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def letter_of(parcel: Parcel, *, secret: str, host: str) -> Letter:
    """Make what leaves by the message's channel; raise `CannotRender` where it never can."""
    make = render_text if parcel.channel is Channel.SMS else render
    return make(parcel, secret=secret, host=host)


def render_text(parcel: Parcel, *, secret: str, host: str) -> TextMessage:
    """Make the SMS of a message; raise `CannotRender` where its kind has none or the number is no number."""
    if not _E164.fullmatch(parcel.recipient):
        raise CannotRender("The number cannot be used: it is not an international phone number.")
    try:
        text = one_line(_filled(parcel, "sms", _values(parcel, secret, host)))
    except TemplateNotFound:
        raise CannotRender("A message of this kind goes by mail only.") from None
    return TextMessage(parcel.recipient, parcel.reference, text, parcel.idempotency_key)


def render(parcel: Parcel, *, secret: str, host: str) -> Envelope:
    """Make the mail of a message; raise `CannotRender` where an address in it cannot be used.

    The Message-ID follows from the idempotency key: each attempt at the same message has the same one.
    """
    recipient = _bare(parcel.recipient, "recipient")
    name, address = parseaddr(parcel.policy.mail_from)
    sender = _bare(address, "sender in the settings")
    message = EmailMessage(policy=SMTP if recipient.isascii() else SMTPUTF8)
    try:
        message["From"] = _address(sender, one_line(name))
        message["To"] = _address(recipient)
    except (ValueError, IndexError, TypeError):
        raise CannotRender("An address in this mail cannot be written into a header.") from None
    values = _values(parcel, secret, host)
    message["Subject"] = one_line(_filled(parcel, "subject", values))
    message["Date"] = format_datetime(parcel.taken_at)
    message["Message-ID"] = f"<{parcel.idempotency_key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_filled(parcel, "txt", values), cte="quoted-printable")
    message.add_alternative(_filled(parcel, "html", values), subtype="html", cte="quoted-printable")
    return Envelope(sender, recipient, parcel.reference, message)


def _filled(parcel: Parcel, part: str, values: dict[str, object]) -> str:
    return _environment().get_template(f"{parcel.kind.value}.{part}.jinja").render(values)


def _values(parcel: Parcel, secret: str, host: str) -> dict[str, object]:
    """What the templates say; a secret is the code of a message of that kind, or the end of its link."""
    link = None if parcel.purpose is None else link_address(host, parcel.purpose, secret)
    if link is None and parcel.kind in _NEED_A_LINK:
        raise CannotRender("This mail needs a link, and has none.")
    if parcel.kind is MessageKind.CODE and not parcel.has_code:
        raise CannotRender("This message needs a code, and has none.")
    return {
        **parcel.values,
        "given_name": greeting_name(parcel.given_name),
        "link": link,
        "code": secret if parcel.has_code else None,
        "lifetime": in_words(parcel.lifetime_minutes),
        "reference": parcel.reference,
        "help_subject": one_line(parcel.policy.help_subject),
        "browser_help": parcel.policy.help_link,
        "support_address": one_line(parcel.policy.support_address),
        "signature": one_line(parcel.policy.mail_signature),
    }


def greeting_name(name: str) -> str:
    """Return the name for "Hello …", or nothing where it is too long or would read like a link."""
    line = one_line(name)
    return "" if len(line) > MAX_NAME or _LIKE_A_LINK.search(line) else line


def in_words(minutes: int) -> str:
    """Return a span as people say it: `60` is "1 hour", `90` is "90 minutes"."""
    number, unit = (minutes // 60, "hour") if minutes and minutes % 60 == 0 else (minutes, "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _address(bare: str, name: str = "") -> Address:
    local, _, domain = bare.rpartition("@")
    return Address(name, username=local, domain=domain)


def _bare(address: str, what: str) -> str:
    """The address with its domain in ASCII; the part before the @ stays as the customer gave it."""
    try:
        parsed = parse_email(address)
    except Malformed:
        raise CannotRender(f"The address of the {what} cannot be used for mail.") from None
    return f"{parsed.typed.rpartition('@')[0]}@{parsed.domain}"
