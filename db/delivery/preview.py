"""Shows what each mail looks like, filled with made-up values: for the person who edits the settings."""

from dataclasses import dataclass
from datetime import UTC, datetime

from db.delivery.parcels import Parcel
from db.delivery.rendering import CannotRender, render
from db.models import LinkPurpose, MessageKind
from db.rules.policy import Policy

MADE_UP_SECRET = "made-up-and-opens-nothing"
_WRITTEN = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


@dataclass(frozen=True)
class MailPreview:
    """A mail as its reader would see it; `problem` says why it could not be made."""

    kind: str
    subject: str = ""
    sender: str = ""
    recipient: str = ""
    text: str = ""
    problem: str = ""


def preview_mails(policy: Policy) -> tuple[MailPreview, ...]:
    """Return every kind of mail under this policy."""
    return tuple(_preview(kind, policy) for kind in MessageKind)


def _preview(kind: MessageKind, policy: Policy) -> MailPreview:
    purpose = next((found for found in LinkPurpose if found.value == kind.value), None)
    lifetimes = {
        LinkPurpose.RESET: policy.reset_minutes,
        LinkPurpose.ACTIVATION: policy.activation_minutes,
        LinkPurpose.CONFIRM: policy.confirm_minutes,
    }
    parcel = Parcel(
        message_id=1,
        taken_at=_WRITTEN,
        kind=kind,
        reference="LK-7F3K-2M9Q",
        idempotency_key="made-up",
        recipient="joan@example.com",
        given_name="Joan",
        values={"what": "your username is now joan.a"} if kind is MessageKind.NOTICE_SECURITY else {},
        purpose=purpose,
        lifetime_minutes=0 if purpose is None else lifetimes[purpose],
        policy=policy,
    )
    try:
        mail = render(parcel, secret=MADE_UP_SECRET, host=policy.link_host).message
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
