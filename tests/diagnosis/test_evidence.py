"""Diagnose: evidence, and an answer to whatever is typed."""

import pytest

from db.diagnosis import Question, diagnose
from db.engine import Database
from db.models import (
    AttemptState,
    SignInAttempt,
)
from db.queries.viewer import Viewer
from db.rules.cases import Case
from tests.diagnosis.asking import ask
from tests.factories import BORN, add_customer, building


def test_the_last_failures_are_evidence(base: Database) -> None:
    joan = add_customer(base, emails=["j@example.org"], sign_ins=["joan"])
    with building(base) as session:
        session.add(
            SignInAttempt(
                customer_id=joan,
                authentication_profile_id=1,
                identifier_kind="username",
                state=AttemptState.FAILED,
                case="password",
                at=BORN,
            )
        )
    (failure,) = ask(base, "joan").accounts[0].failures
    assert (failure.identifier_kind, failure.case, failure.at) == ("username", "password", BORN)


@pytest.mark.parametrize("typed", ["", " ", "%", "'; --", "\x00", "[/x]", "x" * 10_000, "😀", "@", "a@b@c"])
def test_whatever_is_typed_has_an_answer(base: Database, typed: str) -> None:
    add_customer(base, emails=["j@example.org"], sign_ins=["joan"])
    assert ask(base, typed).case is Case.NO_MATCH


def test_an_unknown_customer_has_an_answer(base: Database) -> None:
    assert ask(base, customer_id=999).case is Case.NO_MATCH


def test_a_masked_viewer_sees_no_address(base: Database) -> None:
    add_customer(base, emails=["joan@gmial.com"], phones=["+1 202 555 0101"], sign_ins=["joan"])
    with base.reading() as connection:
        found = diagnose(
            connection, Question(identifier="joan"), Viewer("kim", is_masked=True), base.clock(connection)
        )
    assert "gmial" not in repr(found)
    assert "5550101" not in repr(found)
