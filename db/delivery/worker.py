"""The outbox worker: takes due messages one by one, hands them over, and records what the server said.

Each message is two short transactions with the server's conversation between them, in none. Two
workers never send the same message: only one take succeeds. A worker that dies in between leaves a
lease that expires; the message is then sent once more under the same Message-ID.
"""

import os
import random
import re
import secrets
import socket
import threading
from dataclasses import dataclass

from db import runner
from db.actor import Actor, service
from db.codes import hash_code, new_code
from db.delivery.lines import safe_reply
from db.delivery.links import checked_host, hash_secret, new_secret
from db.delivery.parcels import Due, Parcel, due, read_parcel
from db.delivery.rendering import CannotRender, letter_of
from db.delivery.rests import Rests
from db.delivery.transports import Outcome, Receipt, Transport
from db.engine import Database
from db.errors import Invalid, Unavailable, Unknown
from db.operations import REGISTRY
from db.operations.record_delivery import RecordDelivery
from db.operations.take_message import TakeMessage
from db.settings import load_policy

POLL_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
GRACE_SECONDS = 1.0
"""How long an attempt may still run once the worker was told to stop; it must be gone within two."""
SPREAD = 8
"""Of a long queue each worker draws from so many passes' worth: else all would run after the same few."""

_ODD = re.compile(r"[^A-Za-z0-9._-]")
_ACTOR: Actor = service("outbox")


@dataclass(frozen=True)
class Delivered:
    """What one pass did; `failed` counts what will not be tried again by itself.

    `is_blocked`: a server was out of reach, so that whatever goes by its channel waits.
    """

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    is_blocked: bool = False

    def plus(self, receipt: Receipt, *, is_final: bool) -> "Delivered":
        """Return the counts with one more attempt."""
        sent = receipt.outcome is Outcome.SENT
        return Delivered(
            sent=self.sent + sent,
            deferred=self.deferred + (not sent and not is_final),
            failed=self.failed + (not sent and is_final),
            is_blocked=self.is_blocked or not receipt.reached,
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
    code_key: bytes | None = None,
) -> Delivered:
    """Deliver what is due now, at most `limit` messages; raise `Unavailable` where the database fails."""
    return Outbox(
        database, transport, worker=worker, limit=limit, link_host=link_host, code_key=code_key
    ).deliver()


class Outbox:
    """Delivers until it is told to stop; for a thread of the console or a process of its own.

    `link_host` comes from the configuration and goes before the setting of that name; raises
    `Invalid` where it is not https (R23). `code_key` is what one-time codes are kept under (R19): a
    worker without it leaves them to one that has it.
    """

    def __init__(
        self,
        database: Database,
        transport: Transport,
        *,
        worker: str | None = None,
        link_host: str | None = None,
        code_key: bytes | None = None,
        limit: int = 50,
        poll: float = POLL_SECONDS,
    ) -> None:
        self._database, self._transport = database, transport
        self._worker = _ODD.sub("-", worker or worker_name())[:40]
        self._link_host = None if link_host is None else checked_host(link_host)
        self._code_key = code_key
        self._limit, self._poll = limit, poll
        self._rests = Rests(poll)
        self._is_behind = False
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
        waiting, digits = self._waiting()
        for item in waiting:
            if stop is not None and stop.is_set():
                break
            if item.channel not in self._rests.awake():
                continue
            after = self._deliver_one(item, digits, total)
            if after is None and self._is_behind:
                break  # others are at the same messages by now: look again
            total = after or total
        return total

    def _waiting(self) -> tuple[list[Due], int]:
        """What this worker tries in one pass, in order, and how long a code is."""
        with self._database.reading() as connection:
            found = due(
                connection,
                self._database.clock(connection),
                self._limit * SPREAD,
                channels=self._rests.awake(),
                with_codes=self._code_key is not None,
            )
            digits = load_policy(connection).code_digits
        self._is_behind = len(found) > self._limit
        if not self._is_behind:
            return list(found), digits
        chosen = sorted(random.sample(range(len(found)), self._limit))
        return [found[place] for place in chosen], digits

    def _turn(self, stop: threading.Event, pause: float) -> float:
        """One pass; returns the seconds to wait: none while more waits, longer where the database fails."""
        try:
            done = self.deliver(stop)
        except Unavailable:
            return min(max(pause, self._poll) * 2, LONGEST_PAUSE_SECONDS)
        return 0.0 if self._is_behind and not done.is_blocked else self._poll

    def _cut_short(self, stop: threading.Event, done: threading.Event) -> None:
        stop.wait()
        while not done.wait(GRACE_SECONDS):
            self._transport.abort()  # again, for an attempt may only have begun after the first

    def _deliver_one(self, item: Due, digits: int, total: Delivered) -> Delivered | None:
        """Return the counts with this message, or None where another worker was quicker."""
        lease = f"{self._worker}:{secrets.token_hex(8)}"
        secret, secret_hash = self._new_secret(item, digits)
        parcel = self._take(item.message_id, lease, secret_hash)
        if parcel is None:
            return None
        receipt = self._send(parcel, secret)
        self._rests.learn(item.channel, reached=receipt.reached)
        reply = safe_reply(receipt.reply, secrets=(secret,))
        params = RecordDelivery(
            message=item.message_id, lease=lease, outcome=receipt.outcome.value, reply=reply
        )
        is_final = self._record(_request("record-delivery", params))
        return total.plus(receipt, is_final=is_final)

    def _new_secret(self, item: Due, digits: int) -> tuple[str, str]:
        """Draw a code or the end of a link, with the hash that the database knows it by (R16, R19)."""
        if item.code_id is None or self._code_key is None:
            secret = new_secret()
            return secret, hash_secret(secret)
        code = new_code(digits)
        return code, hash_code(self._code_key, item.code_id, code)

    def _take(self, message_id: int, lease: str, secret_hash: str) -> Parcel | None:
        params = TakeMessage(message=message_id, lease=lease, secret_hash=secret_hash)
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
            letter = letter_of(parcel, secret=secret, host=host)
        except CannotRender as error:
            return Receipt(Outcome.REFUSED, str(error))
        return self._transport.send(letter)

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
