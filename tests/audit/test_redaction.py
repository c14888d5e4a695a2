"""An emptied value is in order only where the customer whose it was has been erased since (R6, A9)."""

import pytest

from db.audit.verify import Verdict
from db.engine import Database
from db.operations.change_dedup_mode import ChangeDedupMode
from db.operations.change_email import ChangeEmail
from db.rules.dedup import DedupMode
from tests.audit.conftest import EMPTY, Forge, checked, do, erase, found


def test_R6_values_emptied_by_the_erasure_of_their_customer_verify_and_are_reported(
    logged: Database, forge: Forge
) -> None:
    erasure = erase(logged, 1)
    forge(EMPTY.format(seq=1, event=erasure), EMPTY.format(seq=5, event=erasure))
    assert checked(logged) == Verdict(9, None, (1, 5))


@pytest.mark.parametrize("event", [5, 99, 1, 0, -1])
def test_R6_a_value_blamed_on_an_event_that_is_no_erasure_was_changed(
    logged: Database, forge: Forge, event: int
) -> None:
    erase(logged, 1)
    forge(EMPTY.format(seq=1, event=event))
    assert found(logged) == (1, "changed")


def test_R6_a_value_blamed_on_the_erasure_of_another_customer_was_changed(
    logged: Database, forge: Forge
) -> None:
    forge(EMPTY.format(seq=1, event=erase(logged, 2)))
    assert found(logged) == (1, "changed")


def test_R6_a_value_blamed_on_an_erasure_that_was_refused_was_changed(logged: Database, forge: Forge) -> None:
    forge(EMPTY.format(seq=1, event=erase(logged, 1, outcome="refused")))
    assert found(logged) == (1, "changed")


def test_R6_a_value_blamed_on_an_erasure_before_it_was_changed(logged: Database, forge: Forge) -> None:
    first = erase(logged, 1)
    change = do(logged, "change-email", ChangeEmail(customer=1, email="later@example.org"))
    forge(EMPTY.format(seq=change, event=first))
    assert found(logged) == (change, "changed")


def test_R6_no_erasure_stands_for_the_values_of_an_event_about_no_customer(
    logged: Database, forge: Forge
) -> None:
    mode = do(logged, "change-dedup-mode", ChangeDedupMode(mode=DedupMode.BY_PHONE), role="admin")
    forge(EMPTY.format(seq=mode, event=erase(logged, None)))
    assert found(logged) == (mode, "changed")


def test_R6_an_event_whose_columns_alone_call_it_an_erasure_is_named(logged: Database, forge: Forge) -> None:
    forge(
        EMPTY.format(seq=1, event=5),
        "UPDATE audit_event SET operation = 'erase-customer' WHERE seq = 5",
    )
    assert found(logged) == (5, "changed")


def test_R6_an_emptied_value_that_was_filled_again_is_named(logged: Database, forge: Forge) -> None:
    forge(
        EMPTY.format(seq=1, event=erase(logged, 1)),
        "UPDATE audit_detail SET after = 'invented' WHERE seq = 1 AND position = 0",
    )
    assert found(logged) == (1, "changed")


def test_R6_an_emptied_value_whose_erasure_was_cut_off_is_named(logged: Database, forge: Forge) -> None:
    forge(
        EMPTY.format(seq=1, event=erase(logged, 1)),
        "DELETE FROM audit_event WHERE seq = 9",
        "UPDATE audit_head SET seq = 8, hash = (SELECT hash FROM audit_event WHERE seq = 8)",
    )
    assert found(logged) == (1, "changed")
