"""Delivers what the outbox holds for a customer, as the worker does, and keeps what the customer reads."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from db.codes import hash_code, new_code
from db.delivery.links import hash_secret, new_secret
from db.engine import Database
from db.models import Link, Message, MessageState, OneTimeCode
from tests.factories import building

KEY = bytes(range(32))
DIGITS = 6


@dataclass
class Post:
    """What has arrived: the newest code, and the secrets of links by purpose, oldest first."""

    base: Database
    code: str = ""
    codes: list[str] = field(default_factory=list)
    links: dict[str, list[str]] = field(default_factory=dict)
    kinds: list[tuple[str, str]] = field(default_factory=list)

    def deliver(self) -> "Post":
        """Deliver everything that is due."""
        with building(self.base) as session:
            now = self.base.clock(session.live_connection)
            due = select(Message).where(Message.state == MessageState.QUEUED, Message.next_attempt_at <= now)
            for message in session.scalars(due.order_by(Message.id)):
                message.state, message.sent_at = MessageState.SENT, now
                self.kinds.append((message.kind.value, message.recipient))
                if message.code_id is not None:
                    code = session.get_one(OneTimeCode, message.code_id)
                    self.code = new_code(DIGITS)
                    self.codes.append(self.code)
                    code.code_hash = hash_code(KEY, code.id, self.code)
                    code.expires_at = now + timedelta(minutes=code.lifetime_minutes)
                if message.link_id is not None:
                    link = session.get_one(Link, message.link_id)
                    secret = new_secret()
                    link.secret_hash = hash_secret(secret)
                    link.expires_at = now + timedelta(minutes=link.lifetime_minutes)
                    self.links.setdefault(link.purpose.value, []).append(secret)
        return self
