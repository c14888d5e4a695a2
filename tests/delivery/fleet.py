"""Several real workers empty a long outbox into a real mail server, and one of them is killed (A1, A38)."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from db import guard
from db.engine import Database
from db.models import Link, LinkPurpose, Message, MessageKind, MessageState
from tests.delivery.builders import mail_server, message_to
from tests.factories import BORN, add_customer, building

PROGRAM = (sys.executable, "-c", "from tui.start import main; main()", "outbox", "run")
CUSTOMERS = 50
_KEY = re.compile(rb"Message-ID: <([0-9a-f]{32})@")
_WAITING = (MessageState.QUEUED, MessageState.SENDING)
_TICK = threading.Event()


@dataclass(frozen=True)
class Delivery:
    """What came of it: seconds from the first mail to the last, and how often each mail was accepted."""

    seconds: float
    accepted: Counter[str]
    killed: int | None
    states: dict[str, int]

    @property
    def twice(self) -> int:
        """How many mails the server accepted more than once."""
        return sum(times > 1 for times in self.accepted.values())


class Postbox:
    """Accepts every mail, but kills the worker that brings the n-th one before it answers."""

    def __init__(self, base: Database, kill_at: int) -> None:
        self.accepted: Counter[str] = Counter()
        self.first = self.last = 0.0
        self.killed: int | None = None
        self._base, self._kill_at = base, kill_at

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a mail, or the life of who brings it."""
        found = _KEY.search(envelope.content)
        assert found is not None
        key = found[1].decode()
        if self.killed is None and self.accepted.total() >= self._kill_at:
            self.killed = _worker_of(self._base, key)
            os.kill(self.killed, signal.SIGKILL)
            return "451 4.3.0 nobody is there to read this"
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.accepted[key] += 1
        return "250 2.0.0 queued"


def _worker_of(base: Database, key: str) -> int:
    """The process that holds a message: its id stands in the lease."""
    with base.reading() as connection:
        lease = connection.scalar(select(Message.lease).where(Message.idempotency_key == key))
    assert lease is not None
    return int(lease.partition(":")[0].split("-")[-2])


def fill(base: Database, count: int) -> None:
    """Queue so many mails, every second with a link, for a few customers."""
    customers = [add_customer(base, emails=["joan@example.org"]) for _ in range(CUSTOMERS)]
    with building(base) as session:
        messages = [_mail(customers[number % CUSTOMERS], number) for number in range(count)]
        links = {number: _link(messages[number].customer_id) for number in range(0, count, 2)}
        session.add_all(links.values())
        session.flush()
        for number, link in links.items():
            messages[number].link_id = link.id
        session.add_all(messages)


def _mail(customer: int, number: int) -> Message:
    kind = (MessageKind.RESET, MessageKind.NOTICE_SECURITY)[number % 2]
    return message_to(customer, kind, "joan@example.org", BORN)


def _link(customer: int) -> Link:
    return Link(
        customer_id=customer,
        purpose=LinkPurpose.RESET,
        address="joan@example.org",
        credential_version=0,
        lifetime_minutes=60,
        created_at=BORN,
    )


def deliver_with(base: Database, folder: Path, *, workers: int, kill_at: int, patience: float) -> Delivery:
    """Let so many processes deliver all that waits; raises `TimeoutError` after `patience` seconds."""
    postbox = Postbox(base, kill_at)
    with mail_server(postbox) as port, _working(base, folder, port, workers) as started:
        deadline = time.monotonic() + patience
        while _waiting(base):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{_waiting(base)} of the mails still wait")
            assert sum(worker.poll() is None for worker in started) >= workers - 1
            if postbox.killed is not None:
                _end_lease_of(base, postbox.killed)
            _TICK.wait(0.25)
    with base.reading() as connection:
        rows = connection.execute(select(Message.state, func.count()).group_by(Message.state))
        states = {row[0].value: row[1] for row in rows}
    return Delivery(postbox.last - postbox.first, postbox.accepted, postbox.killed, states)


@contextmanager
def _working(base: Database, folder: Path, port: int, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    environment = {
        **os.environ,
        "LATCHKEY_DATABASE_URL": base.url.render_as_string(hide_password=False),
        "LATCHKEY_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "LATCHKEY_CODE_KEY_FILE": str(folder / "code.key"),
    }
    found = [subprocess.Popen(PROGRAM, env=environment) for _ in range(count)]
    try:
        yield found
    finally:
        for worker in found:
            worker.terminate()
        for worker in found:
            worker.wait(20)


def _waiting(base: Database) -> int:
    with base.reading() as connection:
        wanted = select(func.count()).select_from(Message).where(Message.state.in_(_WAITING))
        return connection.scalar(wanted) or 0


def _end_lease_of(base: Database, worker: int) -> None:
    """Let the dead worker's five minutes be over, so that nobody has to wait for them."""
    held = Message.lease.contains(f"-{worker}-") & (Message.state == MessageState.SENDING)
    with (
        base.writer.connect() as connection,
        guard.writing(connection, "migration"),
        connection.begin(),
    ):
        connection.execute(update(Message).where(held).values(next_attempt_at=BORN))
