"""The outbox loop: it delivers, lives through a database that fails, and stops when it is told to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import text

from db.delivery.smtp import SmtpTransport
from db.delivery.transports import Outcome, Receipt
from db.delivery.worker import Outbox
from db.engine import Database, server_time
from db.errors import Unavailable
from tests.delivery.builders import Recorder, mail_server, message_row, queue_mail
from tests.delivery.test_smtp import Scripted
from tests.factories import add_customer

TICK = threading.Event()


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        TICK.wait(0.02)
    raise AssertionError("it never came true")


@contextmanager
def running(outbox: Outbox) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=outbox.run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(2)
        assert not thread.is_alive(), "the worker must be gone within two seconds"


def test_a_mail_queued_while_it_runs_leaves(sqlite_database: Database) -> None:
    joan = add_customer(sqlite_database, emails=["joan@example.org"])
    with running(Outbox(sqlite_database, Recorder(), poll=0.02)):
        message = queue_mail(sqlite_database, joan)
        wait_until(lambda: message_row(sqlite_database, message).state == "sent")


def test_it_stops_within_two_seconds_though_the_server_hangs(sqlite_database: Database) -> None:
    joan = add_customer(sqlite_database, emails=["joan@example.org"])
    message = queue_mail(sqlite_database, joan)
    handler = Scripted("hang")
    with mail_server(handler) as port:
        transport = SmtpTransport(f"smtp://127.0.0.1:{port}", timeout=30)
        with running(Outbox(sqlite_database, transport)):
            assert handler.reached.wait(5)
    assert message_row(sqlite_database, message).state == "queued"


class Failing:
    """The time of a database that is out of reach for its first questions."""

    def __init__(self, failures: int) -> None:
        self.left = failures

    def __call__(self, connection: Any) -> Any:
        if self.left > 0:
            self.left -= 1
            raise Unavailable("The database server cannot be reached.")
        return server_time(connection)


def test_it_lives_through_a_database_that_cannot_be_reached(sqlite_database: Database) -> None:
    joan = add_customer(sqlite_database, emails=["joan@example.org"])
    message = queue_mail(sqlite_database, joan)
    flaky = replace(sqlite_database, clock=Failing(3))
    with running(Outbox(flaky, Recorder(), poll=0.02)):
        wait_until(lambda: message_row(sqlite_database, message).state == "sent")


def test_a_mail_whose_result_could_not_be_written_down_is_not_sent_again(sqlite_database: Database) -> None:
    clock = Failing(0)

    class Breaking(Recorder):
        def send(self, envelope: Any) -> Receipt:
            clock.left = 2
            return super().send(envelope)

    joan = add_customer(sqlite_database, emails=["joan@example.org"])
    message = queue_mail(sqlite_database, joan)
    transport = Breaking()
    with running(Outbox(replace(sqlite_database, clock=clock), transport, poll=0.02)):
        wait_until(lambda: message_row(sqlite_database, message).state == "sent")
    assert len(transport.envelopes) == 1


def test_no_transaction_is_open_while_the_server_is_spoken_to(sqlite_database: Database) -> None:
    class Writing(Recorder):
        def send(self, envelope: Any) -> Receipt:
            with sqlite_database.writer.connect() as connection, connection.begin():
                connection.execute(text("SELECT 1"))  # BEGIN IMMEDIATE: waits for any writer
            return Receipt(Outcome.SENT, "250 OK")

    joan = add_customer(sqlite_database, emails=["joan@example.org"])
    queue_mail(sqlite_database, joan)
    assert Outbox(sqlite_database, Writing()).deliver().sent == 1
