"""The ledger's session writes rows by its own hand: what it must keep to that the mapper would have."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm.exc import StaleDataError

from db import guard
from db.engine import Database
from db.ledger import LedgerSession
from db.models import (
    Channel,
    ContactState,
    Customer,
    EmailProfile,
    Link,
    LinkPurpose,
    Message,
    MessageKind,
    MessageState,
)
from tests.factories import BORN, add_customer, building


def mail(customer: int, number: int) -> Message:
    return Message(
        reference=f"LK-{number}",
        idempotency_key=str(number),
        customer_id=customer,
        channel=Channel.EMAIL,
        kind=MessageKind.CONFIRM,
        recipient=f"joan{number}@example.org",
        values='{"what": "a \\"quoted\\" word, ü, 名"}',
        state=MessageState.QUEUED,
        next_attempt_at=BORN + timedelta(milliseconds=number),
        created_at=BORN,
    )


def test_rows_that_are_written_together_get_their_keys_in_their_order(database: Database) -> None:
    joan = add_customer(database)
    with building(database) as session:
        session.add_all([mail(joan, number) for number in range(5)])
        session.flush()
        found = session.execute(select(Message.id, Message.recipient).order_by(Message.id)).all()
        assert [recipient for _, recipient in found] == [f"joan{number}@example.org" for number in range(5)]
        assert [session.get_one(Message, number).recipient for number, _ in found] == [r for _, r in found]


def test_what_is_written_is_what_is_read(database: Database) -> None:
    joan = add_customer(database)
    with building(database) as session:
        session.add_all([mail(joan, 0), mail(joan, 1)])
    with building(database) as session:
        kept = session.scalars(select(Message).order_by(Message.id)).all()[1].as_row()
    expected = mail(joan, 1).as_row()
    assert {name: kept[name] for name in expected if name not in ("id", "attempts")} == {
        name: value for name, value in expected.items() if name not in ("id", "attempts")
    }
    assert kept["attempts"] == 0


def test_a_row_takes_the_key_of_one_that_is_written_with_it(database: Database) -> None:
    joan = add_customer(database)
    with building(database) as session:
        link = Link(
            customer_id=joan,
            purpose=LinkPurpose.RESET,
            address="joan@example.org",
            credential_version=0,
            lifetime_minutes=60,
            created_at=BORN,
        )
        message = mail(joan, 1)
        session.add(message, link_id=link)
        session.add(link)
        session.flush()
        assert message.link_id == link.id is not None


def test_a_row_that_was_written_is_edited_like_one_that_was_read(database: Database) -> None:
    joan = add_customer(database)
    with building(database) as session:
        message = mail(joan, 1)
        session.add(message)
        session.flush()
        message.state = MessageState.VOID
        session.flush()
        assert session.scalar(select(Message.state)) is MessageState.VOID
        changed = {change.field: (change.before, change.after) for change in session.ledger.changes()}
        assert changed["message.state"] == (None, "void")


def test_a_value_that_is_set_and_set_back_is_no_change(database: Database) -> None:
    joan = add_customer(database)
    with building(database) as session:
        customer = session.get_one(Customer, joan)
        before = customer.given_name
        customer.given_name = "Eve"
        customer.given_name = before
        session.flush()
        assert session.ledger.changes() == ()


def test_a_value_that_was_never_read_is_written_all_the_same(database: Database) -> None:
    joan = add_customer(database)
    with building(database) as session:
        customer = session.get_one(Customer, joan)
        session.expire(customer)
        customer.given_name = "Eve"
        session.flush()
        assert session.scalar(select(Customer.given_name)) == "Eve"


def test_a_removed_row_is_gone_and_told(database: Database) -> None:
    joan = add_customer(database, emails=["joan@example.org"])
    with building(database) as session:
        session.delete(session.scalars(select(EmailProfile).where(EmailProfile.customer_id == joan)).one())
        session.flush()
        assert session.scalar(select(EmailProfile.id)) is None
        told = {change.field: (change.before, change.after) for change in session.ledger.changes()}
        assert told["email_profile.address"] == ("joan@example.org", None)
        assert told["email_profile.state"] == (ContactState.VERIFIED.value, None)


def test_an_edit_of_a_row_that_is_gone_is_no_success(database: Database) -> None:
    joan = add_customer(database)
    with (
        database.writer.connect() as connection,
        guard.writing(connection, "migration"),
        connection.begin() as transaction,
        LedgerSession(connection) as session,
    ):
        customer = session.get_one(Customer, joan)
        connection.execute(delete(Customer).where(Customer.id == joan))
        customer.given_name = "Eve"
        session.flush()
        with pytest.raises(StaleDataError):
            session.settle()
        transaction.rollback()


def test_a_column_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(TypeError, match="no column nickname"):
        Customer(nickname="Joan")
