"""What is compared stays in force for as long as a change goes on, beside whoever changes it (P4, R1, A3)."""

from collections.abc import Callable
from typing import Any

import pytest

from db import engine
from db.actor import service
from db.applied import Applied
from db.engine import Database, connect
from db.errors import Clash, Unavailable, Unknown
from db.models import CustomerSession, EmailProfile
from db.rules.dedup import DedupMode
from tests.contract import portal
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do, rows
from tests.races.beside import beside
from tests.races.test_races import at_once


@pytest.fixture
def base(postgres_database: Database) -> Database:
    """SQLite has one writer at any moment; here there are many."""
    add_operators(postgres_database)
    return postgres_database


def change(base: Database, operation: str, **values: Any) -> Callable[[], Applied]:
    return lambda: do(base, operation, actor("admin"), **values)


def drop_dots(base: Database) -> Callable[[], Applied]:
    return change(base, "change-setting", key="gmail_dots", value="yes")


def sign_out(base: Database) -> Callable[[], Applied]:
    return lambda: do(base, "end-session", service("portal"), session_hash=portal.SESSION)


def canonicals(base: Database, customer: int) -> list[tuple[str, str]]:
    return [(row.address, row.canonical) for row in rows(base, EmailProfile, customer)]


def test_P4_an_address_that_comes_while_all_are_compared_anew_keeps_a_form_of_its_own(base: Database) -> None:
    joan = add_customer(base, emails=["jo.an@gmail.com"])
    beside(
        base,
        drop_dots(base),
        change(base, "change-email", customer=joan, email="zoe@example.org"),
        at="UPDATE email_profile",
    )
    assert canonicals(base, joan) == [("zoe@example.org", "zoe@example.org")]


def test_P4_an_address_that_goes_while_all_are_compared_anew_is_gone(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org", "jo.an@gmail.com"])
    _, second = [row.id for row in rows(base, EmailProfile, joan)]
    ended = beside(
        base,
        drop_dots(base),
        change(base, "remove-email", customer=joan, profile=second),
        at="UPDATE email_profile",
    )
    assert [type(each) for each in ended] == [Applied, Applied]
    assert canonicals(base, joan) == [("joan@example.org", "joan@example.org")]


def test_P4_what_an_address_was_compared_by_is_in_force_when_it_is_saved(base: Database) -> None:
    do(base, "change-dedup-mode", actor("admin"), mode=DedupMode.BY_EMAIL)
    add_customer(base, emails=["joan@gmail.com"])
    dan = add_customer(base, given_name="Dan", emails=["dan@example.org"])
    beside(
        base,
        change(base, "change-email", customer=dan, email="jo.an@gmail.com"),
        drop_dots(base),
        at="INSERT INTO message",
    )
    assert canonicals(base, dan) == [("jo.an@gmail.com", "joan@gmail.com")]


def test_P4_who_waited_for_new_rules_is_held_to_them(base: Database) -> None:
    do(base, "change-dedup-mode", actor("admin"), mode=DedupMode.BY_EMAIL)
    add_customer(base, emails=["joan@gmail.com"])
    dan = add_customer(base, given_name="Dan", emails=["dan@example.org"])
    _, refused = beside(
        base,
        drop_dots(base),
        change(base, "change-email", customer=dan, email="jo.an@gmail.com"),
        at="UPDATE setting",
    )
    assert isinstance(refused, Clash)


def test_P4_who_waited_for_another_duplicate_detection_is_held_to_it(base: Database) -> None:
    add_customer(base, emails=["joan@example.org"])
    dan = add_customer(base, given_name="Dan", emails=["dan@example.org"])
    _, refused = beside(
        base,
        change(base, "change-dedup-mode", mode=DedupMode.BY_EMAIL),
        change(base, "change-email", customer=dan, email="joan@example.org"),
        at="UPDATE setting",
    )
    assert isinstance(refused, Clash)


def test_who_waits_too_long_for_new_rules_is_told_to_try_again(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    monkeypatch.setattr(engine, "LOCK_TIMEOUT_MS", 100)
    hasty = connect(base.url)
    late = change(hasty, "change-email", customer=joan, email="joan.lee@example.org")
    _, refused = beside(base, drop_dots(base), late, at="UPDATE setting", to_its_end=True)
    assert isinstance(refused, Unavailable)
    assert (refused.code, str(refused)) == (
        "database-locked",
        "The database is busy with another change. Nothing was saved; try again in a moment.",
    )
    assert late().outcome == "applied"  # and its connection is as good as new
    hasty.close()


def test_of_two_who_change_what_is_compared_at_once_one_may_have_to_try_again(base: Database) -> None:
    both = [change(base, "change-setting", key=key, value="yes") for key in ("gmail_dots", "plus_tags")]
    ended = at_once(*both)
    assert "applied" in ended
    assert set(ended) <= {"applied", "database-locked"}


def test_R1_a_session_that_was_just_signed_out_is_not_said_to_have_been_ended(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"], sign_ins=["janderson"])
    portal.session(base, joan)
    locked, refused = beside(
        base, change(base, "lock-sign-in", customer=joan), sign_out(base), at="UPDATE customer_session"
    )
    assert isinstance(locked, Applied)
    assert isinstance(refused, Unknown)
    (session,) = rows(base, CustomerSession, joan)
    assert session.end_reason == "sign-in locked"


def test_R1_a_session_that_ends_before_all_do_is_not_ended_again(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"], sign_ins=["janderson"])
    portal.session(base, joan)
    left, locked = beside(
        base, sign_out(base), change(base, "lock-sign-in", customer=joan), at="UPDATE customer_session"
    )
    assert isinstance(left, Applied)
    assert isinstance(locked, Applied)
    assert not [each for each in locked.changes if each.field.startswith("customer_session")]
