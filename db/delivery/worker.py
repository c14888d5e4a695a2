"""The outbox worker: takes due messages one by one, hands them over, and records what the server said.

Each message is two short transactions with the server's conversation between them, in none. Two
workers never send the same message: only one take succeeds. A worker that dies in between leaves a
lease that expires; the message is then sent once more under the same Message-ID.
"""

import os
import re
import secrets
import socket
import threading
from dataclasses import dataclass

from db import runner
from db.actor import Actor, service
from db.delivery.lines import safe_reply
from db.delivery.links import checked_host, hash_secret, new_secret
from db.delivery.parcels import Parcel, due, read_parcel
from db.delivery.rendering import CannotRender, render
from db.delivery.transports import Outcome, Receipt, Transport
from db.engine import Database
from db.errors import Invalid, Unavailable, Unknown
from db.operations import REGISTRY
from db.operations.record_delivery import RecordDelivery
from db.operations.take_message import TakeMessage

POLL_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
GRACE_SECONDS = 1.0
"""How long an attempt may still run once the worker was told to stop; it must be gone within two."""

_ODD = re.compile(r"[^A-Za-z0-9._-]")
_ACTOR: Actor = service("outbox")


@dataclass(frozen=True)
class Delivered:
    """What one pass did; `failed` counts what will not be tried again by itself."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    is_blocked: bool = False

    def plus(self, receipt: Receipt, *, is_final: bool) -> "Delivered":
        """Return the counts with one more attempt; a server out of reach blocks all others."""
        sent = receipt.outcome is Outcome.SENT
        return Delivered(
            sent=self.sent + sent,
            deferred=self.deferred + (not sent and not is_final),
            failed=self.failed + (not sent and is_final),
            is_blocked=not receipt.reached,
        )


def worker_name() -> str:
    """Return a name that no other worker has."""
    return f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}"


def deliver_due(
    database: Database,
    transport: Transport,
    *,
    worker: str,
    limit: int = 50,
    link_host: str | None = None,
) -> Delivered:
    """Deliver what is due now, at most `limit` messages; raise `Unavailable` where the database fails."""
    return Outbox(database, transport, worker=worker, limit=limit, link_host=link_host).deliver()


class Outbox:
    """Delivers until it is told to stop; for a thread of the console or a process of its own.

    `link_host` comes from the configuration and goes before the setting of that name; raises
    `Invalid` where it is not https (R23).
    """

    def __init__(
        self,
        database: Database,
        transport: Transport,
        *,
        worker: str | None = None,
        link_host: str | None = None,
        limit: int = 50,
        poll: float = POLL_SECONDS,
    ) -> None:
        self._database, self._transport = database, transport
        self._worker = _ODD.sub("-", worker or worker_name())[:40]
        self._link_host = None if link_host is None else checked_host(link_host)
        self._limit, self._poll = limit, poll
        self._unrecorded: list[runner.Request] = []

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop` is set, then be gone within two seconds, whatever the server does."""
        done = threading.Event()
        threading.Thread(target=self._cut_short, args=(stop, done), daemon=True).start()
        pause = self._poll
        try:
            while not stop.is_set():
                pause = self._turn(stop, pause)
                stop.wait(pause)
        finally:
            done.set()

    def deliver(self, stop: threading.Event | None = None) -> Delivered:
        """Make one pass; raise `Unavailable` where the database fails, losing no result."""
        self._record_left_over()
        total = Delivered()
        with self._database.reading() as connection:
            waiting = due(connection, self._database.clock(connection), self._limit)
        for message_id in waiting:
            if total.is_blocked or (stop is not None and stop.is_set()):
                break
            total = self._deliver_one(message_id, total)
        return total

    def _turn(self, stop: threading.Event, pause: float) -> float:
        """One pass; returns how many seconds to wait, longer each time while nothing can be done."""
        try:
            is_blocked = self.deliver(stop).is_blocked
        except Unavailable:
            is_blocked = True
        return min(pause * 2, LONGEST_PAUSE_SECONDS) if is_blocked else self._poll

    def _cut_short(self, stop: threading.Event, done: threading.Event) -> None:
        stop.wait()
        while not done.wait(GRACE_SECONDS):
            self._transport.abort()  # again, for an attempt may only have begun after the first

    def _deliver_one(self, message_id: int, total: Delivered) -> Delivered:
        lease, secret = f"{self._worker}:{secrets.token_hex(8)}", new_secret()
        parcel = self._take(message_id, lease, secret)
        if parcel is None:
            return total
        receipt = self._send(parcel, secret)
        reply = safe_reply(receipt.reply, secrets=(secret,))
        params = RecordDelivery(message=message_id, lease=lease, outcome=receipt.outcome.value, reply=reply)
        is_final = self._record(_request("record-delivery", params))
        return total.plus(receipt, is_final=is_final)

    def _take(self, message_id: int, lease: str, secret: str) -> Parcel | None:
        params = TakeMessage(message=message_id, lease=lease, secret_hash=hash_secret(secret))
        try:
            runner.run(self._database, _request("take-message", params))
        except (Invalid, Unknown):
            return None  # another worker was quicker, or an operator closed it
        with self._database.reading() as connection:
            now = self._database.clock(connection)
            return read_parcel(connection, message_id, lease=lease, now=now)

    def _send(self, parcel: Parcel, secret: str) -> Receipt:
        host = self._link_host or parcel.policy.link_host
        try:
            envelope = render(parcel, secret=secret, host=host)
        except CannotRender as error:
            return Receipt(Outcome.REFUSED, str(error))
        return self._transport.send(envelope)

    def _record(self, request: runner.Request) -> bool:
        """Write the result down and say whether it is final; kept for the next pass if the database fails."""
        self._unrecorded.append(request)
        return self._record_left_over()

    def _record_left_over(self) -> bool:
        """Write down what was sent but not recorded, before anything could be sent twice."""
        is_final = False
        while self._unrecorded:
            try:
                applied = runner.run(self._database, self._unrecorded[0])
            except (Invalid, Unknown):
                is_final = False  # the lease ran out and is another's: that attempt will be recorded
            else:
                is_final = any(
                    change.field == "message.state" and change.after in ("failed", "void")
                    for change in applied.changes
                )
            self._unrecorded.pop(0)
        return is_final


def _request(operation: str, params: TakeMessage | RecordDelivery) -> runner.Request:
    return runner.Request(
        actor=_ACTOR, operation=REGISTRY[operation], params=params, reason="delivery of the outbox"
    )
