"""Shows what each message looks like, filled with made-up values: for the person who edits the settings."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from db.delivery.parcels import Parcel
from db.delivery.rendering import CannotRender, render, render_text
from db.models import Channel, LinkPurpose, MessageKind
from db.operations.send_help_mail import HELP_STEPS
from db.rules.policy import Policy

MADE_UP_SECRET = "made-up-and-opens-nothing"
MADE_UP_CODE = "123456"
CODE_MINUTES = 10
_WRITTEN = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
_VALUES: dict[MessageKind, dict[str, object]] = {
    MessageKind.NOTICE_SECURITY: {"what": "your username is now joan.a"},
    MessageKind.HELP: {"steps": HELP_STEPS, "paragraph": "reset"},
}


@dataclass(frozen=True)
class MailPreview:
    """A mail, or a text, as its reader would see it; `problem` says why it could not be made."""

    kind: str
    subject: str = ""
    sender: str = ""
    recipient: str = ""
    text: str = ""
    problem: str = ""


def preview_mails(policy: Policy) -> tuple[MailPreview, ...]:
    """Return every kind of mail under this policy, and the text that carries a code."""
    mails = tuple(_preview(kind, policy) for kind in MessageKind)
    return (*mails, _preview_text(policy))


def _preview(kind: MessageKind, policy: Policy) -> MailPreview:
    secret = MADE_UP_CODE if kind is MessageKind.CODE else MADE_UP_SECRET
    try:
        mail = render(_parcel(kind, policy), secret=secret, host=policy.link_host).message
    except CannotRender as error:
        return MailPreview(kind.value, problem=str(error))
    body = mail.get_body(("plain",))
    return MailPreview(
        kind.value,
        subject=str(mail["Subject"]),
        sender=str(mail["From"]),
        recipient=str(mail["To"]),
        text="" if body is None else body.get_content().strip(),
    )


def _preview_text(policy: Policy) -> MailPreview:
    parcel = replace(_parcel(MessageKind.CODE, policy), channel=Channel.SMS, recipient="+12025550101")
    text = render_text(parcel, secret=MADE_UP_CODE, host=policy.link_host)
    return MailPreview("code by SMS", subject="(a text has none)", recipient=text.recipient, text=text.text)


def _parcel(kind: MessageKind, policy: Policy) -> Parcel:
    purpose = next((found for found in LinkPurpose if found.value == kind.value), None)
    lifetimes = {
        LinkPurpose.RESET: policy.reset_minutes,
        LinkPurpose.ACTIVATION: policy.activation_minutes,
        LinkPurpose.CONFIRM: policy.confirm_minutes,
    }
    return Parcel(
        message_id=1,
        taken_at=_WRITTEN,
        kind=kind,
        reference="LK-7F3K-2M9Q",
        idempotency_key="made-up",
        recipient="joan@example.com",
        given_name="Joan",
        values=_VALUES.get(kind, {}),
        purpose=purpose,
        has_code=kind is MessageKind.CODE,
        lifetime_minutes=CODE_MINUTES if purpose is None else lifetimes[purpose],
        policy=policy,
    )
