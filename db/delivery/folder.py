"""The sandbox's mailbox: a folder of `.eml` files, from which nothing leaves, and which can be read back.

A text lies there too, as a mail to the phone's number that says by its channel what it is.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from pathlib import Path

from db.delivery.transports import Letter, Outcome, Receipt, TextMessage
from db.models import Channel
from db.rules.identifiers import find_references

MAX_BYTES = 1_000_000
_TEXTS = "texts@sms.invalid"
_CHANNEL = "X-Latchkey-Channel"
_LINK = re.compile(r"https?://[^\s<>\"]+")


class FolderTransport:
    """Writes each mail and text as a file that only its owner can read; one identity is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: Letter) -> Receipt:
        """Write it whole or not at all."""
        message = _as_mail(letter) if isinstance(letter, TextMessage) else letter.message
        identity = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:12]
        path = self._folder / f"{letter.reference}-{identity}.eml"
        try:
            self._write(path, message.as_bytes(policy=SMTP))
        except OSError as error:
            return Receipt(Outcome.DEFERRED, f"The mailbox folder: {error.strerror}", reached=False)
        return Receipt(Outcome.SENT, "Written to the practice mailbox.")

    def abort(self) -> None:
        """Nothing to end: a file is written at once."""

    def _write(self, path: Path, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.part")
        draft.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def _as_mail(text: TextMessage) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = _TEXTS
    message["To"] = f"{text.recipient}@{_TEXTS.rpartition('@')[2]}"
    message["Subject"] = f"Text message [{text.reference}]"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{text.identity}@{_TEXTS.rpartition('@')[2]}>"
    message[_CHANNEL] = Channel.SMS.value
    message.set_content(text.text)
    return message


@dataclass(frozen=True)
class Mail:
    """One mail or text as its recipient reads it; all of it is hostile until it was made safe to show.

    `channel` is `email` or `sms`; `to` is then a phone number.
    """

    subject: str
    sender: str
    to: str
    date: datetime
    text: str
    links: tuple[str, ...]
    reference: str | None
    path: Path
    channel: str = Channel.EMAIL.value


def read_mailbox(folder: Path) -> tuple[Mail, ...]:
    """Return the mails of a folder, newest first; what is no mail, or is gone meanwhile, is passed over."""
    dated = [found for path in folder.glob("*.eml") if (found := _read(path)) is not None]
    dated.sort(key=lambda found: (found[0].date, found[1]), reverse=True)
    return tuple(mail for mail, _ in dated)


def _read(path: Path) -> tuple[Mail, int] | None:
    """The mail with the nanosecond of its arrival, which orders mails of the same second."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
            return None
        arrived = path.stat().st_mtime_ns
        mail = _parse(path, message_from_bytes(path.read_bytes(), policy=default), arrived)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None  # the standard parser fails in all these ways on bytes that are no mail
    return None if mail is None else (mail, arrived)


def _parse(path: Path, message: EmailMessage, arrived: int) -> Mail | None:
    if message["From"] is None or message["To"] is None:
        return None
    body = message.get_body(preferencelist=("plain",))
    text = "" if body is None else str(body.get_content()).replace("\r\n", "\n")
    subject = str(message["Subject"] or "")
    is_text = message[_CHANNEL] == Channel.SMS.value
    return Mail(
        subject=subject,
        sender=str(message["From"]),
        to=str(message["To"]).partition("@")[0] if is_text else str(message["To"]),
        date=_date(message, arrived),
        text=text,
        links=tuple(dict.fromkeys(_LINK.findall(text))),
        reference=next(iter(find_references(subject)), None),
        path=path,
        channel=(Channel.SMS if is_text else Channel.EMAIL).value,
    )


def _date(message: EmailMessage, arrived: int) -> datetime:
    found = getattr(message["Date"], "datetime", None)
    if not isinstance(found, datetime):
        return datetime.fromtimestamp(arrived / 1e9, UTC)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
