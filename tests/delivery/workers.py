"""What workers do in the tests: deliver, or take a message and die."""

from typing import Any

from sqlalchemy import select

from db import runner
from db.actor import service
from db.delivery.links import hash_secret
from db.delivery.worker import deliver_due
from db.engine import Database
from db.models import MessageAttempt
from db.operations import REGISTRY
from db.operations.take_message import TakeMessage


def deliver(base: Database, transport: Any, worker: str = "one") -> tuple[int, int, int]:
    done = deliver_due(base, transport, worker=worker)
    return done.sent, done.deferred, done.failed


def take(base: Database, message: int, *, lease: str = "other-worker", secret: str = "lost") -> None:
    """What a worker does that is killed before it can say what became of the mail."""
    params = TakeMessage(message=message, lease=lease, secret_hash=hash_secret(secret))
    runner.run(
        base,
        runner.Request(
            actor=service("outbox"), operation=REGISTRY["take-message"], params=params, reason="test"
        ),
    )


def attempts(base: Database) -> list[tuple[str, str]]:
    with base.reading() as connection:
        rows = connection.execute(
            select(MessageAttempt.outcome, MessageAttempt.reply).order_by(MessageAttempt.id)
        )
        return [(row.outcome, row.reply) for row in rows]
