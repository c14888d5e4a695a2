"""What the outbox says of itself: what waits, and what is held until a moment to come."""

from datetime import timedelta

from db.engine import Database
from db.models import Message
from db.queries.outbox import OutboxHealth, outbox_health
from db.queries.viewer import Viewer
from tests.factories import BORN, building
from tests.tui.office import furnish


def health(database: Database) -> OutboxHealth:
    with database.reading() as connection:
        return outbox_health(connection, Viewer("ada"), now=BORN)


def hold(database: Database, *, attempts: int) -> None:
    with building(database) as session:
        for message in session.query(Message).filter(Message.state == "queued"):
            message.next_attempt_at, message.attempts = BORN + timedelta(days=1), attempts


def test_R31_a_mail_that_a_cool_down_holds_is_not_called_waiting(database: Database) -> None:
    furnish(database)
    hold(database, attempts=0)
    found = health(database)
    assert (found.oldest_waiting, found.held) == (None, 1)
    assert found.held_until == BORN + timedelta(days=1)


def test_a_mail_that_is_tried_again_later_waits(database: Database) -> None:
    furnish(database)
    hold(database, attempts=2)
    found = health(database)
    assert found.oldest_waiting is not None
    assert (found.held, found.held_until) == (0, None)
