"""Walking a playbook: answers are kept with the interaction, checks answer themselves, others can see it."""

import pytest

from db import runner
from db.engine import Database
from db.errors import Invalid, Refused, Stale, Unknown
from db.operations import REGISTRY
from db.params import build
from db.queries.walks import briefs_of_customer, walk, walks_of_customer, walks_of_interaction
from db.rules.playbooks import Standing
from tests.factories import actor, add_customer, add_operators
from tests.operations.acting import do

KIM, ROSA, ADA = actor("support"), actor("lead"), actor("admin")
OWN = """
id = "p5-cannot-get-in"
title = "Our own way"
procedure = "P5"

[[steps]]
id = "hello"
kind = "say"
text = "Say hello."
"""


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


@pytest.fixture
def joan(base: Database) -> int:
    return add_customer(base, emails=["joan@example.org"], sign_ins=[("joan.a", "placeholder")])


def call(base: Database, joan: int) -> int:
    return int(do(base, "start-interaction", KIM, channel="phone", customer=joan).changes[0].row)


def begun(base: Database, joan: int, name: str = "p5-cannot-get-in") -> int:
    interaction = call(base, joan)
    do(base, "start-walk", KIM, playbook=name, interaction=interaction)
    with base.reading() as connection:
        return walks_of_interaction(connection, interaction)[0].id


def step(base: Database, number: int, name: str, answer: str | None = None, by=KIM) -> None:
    do(base, "record-step", by, walk=number, step=name, answer=answer)


def seen(base: Database, number: int):
    with base.reading() as connection:
        return walk(connection, number)


def standing(base: Database, number: int, name: str) -> Standing:
    found: Standing = next(found.standing for found in seen(base, number).steps if found.id == name)
    return found


def test_a_walk_is_about_the_customer_of_its_interaction_and_starts_at_its_first_step(base, joan) -> None:
    found = seen(base, begun(base, joan))
    assert (found.customer_id, found.next, found.is_open) == (joan, "identifier", True)


def test_answers_and_who_gave_them_are_kept(base, joan) -> None:
    number = begun(base, joan)
    step(base, number, "identifier", "joan.a, it says wrong password")
    first = seen(base, number).steps[0]
    assert (first.answer, first.operator_id) == ("joan.a, it says wrong password", "kim")
    assert seen(base, number).next == "browser"


def test_a_check_answers_itself_and_what_depends_on_it_follows(base, joan) -> None:
    number = begun(base, joan)
    step(base, number, "identifier", "joan.a")
    for name in ("browser", "device"):
        step(base, number, name)
    step(base, number, "helped", "no")
    step(base, number, "status")
    found = next(each for each in seen(base, number).steps if each.id == "status")
    assert found.answer == "active"
    assert found.finding == f"C-{joan} is active."
    assert standing(base, number, "reset") is Standing.NEXT
    assert standing(base, number, "activation") is Standing.SKIPPED


def test_what_an_operator_claims_a_check_found_is_not_believed(base, joan) -> None:
    number = begun(base, joan, "p1-told-to-call")
    step(base, number, "identifier", "joan.a")
    step(base, number, "verdict", "can-sign-in")
    found = next(each for each in seen(base, number).steps if each.id == "verdict")
    assert found.answer == "code-not-arriving"


def test_a_decision_may_end_the_walk(base, joan) -> None:
    number = begun(base, joan)
    step(base, number, "identifier", "joan.a")
    for name in ("browser", "device"):
        step(base, number, name)
    step(base, number, "helped", "yes")
    found = seen(base, number)
    assert (found.outcome, found.is_open, found.next) == ("solved", False, None)
    with pytest.raises(Invalid, match="has ended"):
        step(base, number, "helped", "no")


def test_an_answer_can_be_corrected_while_the_walk_is_open(base, joan) -> None:
    number = begun(base, joan)
    step(base, number, "identifier", "joan")
    step(base, number, "identifier", "joan.a")
    assert seen(base, number).steps[0].answer == "joan.a"


@pytest.mark.parametrize("answer", [None, "", "  "])
def test_a_question_wants_an_answer(base, joan, answer) -> None:
    number = begun(base, joan)
    with pytest.raises(Invalid, match="Nothing was answered"):
        step(base, number, "identifier", answer)


@pytest.mark.parametrize("name", ["outcome", "status"])
def test_only_the_step_that_is_due_can_be_answered(base, joan, name) -> None:
    number = begun(base, joan)
    with pytest.raises(Invalid, match="not due"):
        step(base, number, name, "in")
    assert seen(base, number).next == "identifier"


def test_a_step_that_the_playbook_does_not_have_is_said_to_be_none(base, joan) -> None:
    with pytest.raises(Invalid, match="no such step"):
        step(base, begun(base, joan), "nonsense")


def test_a_decision_takes_one_of_its_answers(base, joan) -> None:
    number = begun(base, joan, "p4-never-enrol-twice")
    step(base, number, "search", "Joan")
    with pytest.raises(Invalid, match="no, suspended, yes"):
        step(base, number, "found", "perhaps")


def test_a_second_operator_sees_the_walk_and_cannot_write_in_it(base, joan) -> None:
    number = begun(base, joan)
    step(base, number, "identifier", "joan.a")
    with base.reading() as connection:
        assert [found.id for found in walks_of_customer(connection, joan)] == [number]
    with pytest.raises(Refused, match="kim"):
        step(base, number, "browser", by=ROSA)


def test_the_customer_tells_how_far_each_walk_has_come_and_skipped_steps_do_not_count(base, joan) -> None:
    number = begun(base, joan)
    step(base, number, "identifier", "joan.a")
    with base.reading() as connection:
        (found,) = briefs_of_customer(connection, joan)
    assert (found.id, found.step, found.steps, found.is_open) == (number, 2, 10, True)
    for name in ("browser", "device"):
        step(base, number, name)
    step(base, number, "helped", "yes")
    with base.reading() as connection:
        (found,) = briefs_of_customer(connection, joan)
    assert (found.step, found.steps, found.outcome) == (4, 4, "solved")


def test_a_walk_needs_an_open_interaction_of_ones_own(base, joan) -> None:
    interaction = call(base, joan)
    with pytest.raises(Refused, match="kim"):
        do(base, "start-walk", ROSA, playbook="p5-cannot-get-in", interaction=interaction)
    do(base, "close-interaction", KIM, interaction=interaction)
    with pytest.raises(Invalid, match="closed"):
        do(base, "start-walk", KIM, playbook="p5-cannot-get-in", interaction=interaction)
    with pytest.raises(Unknown):
        do(base, "start-walk", KIM, playbook="p5-cannot-get-in", interaction=999)


def test_an_interaction_walks_a_playbook_once(base, joan) -> None:
    interaction = call(base, joan)
    do(base, "start-walk", KIM, playbook="p5-cannot-get-in", interaction=interaction)
    with pytest.raises(Invalid) as caught:
        do(base, "start-walk", KIM, playbook="p5-cannot-get-in", interaction=interaction)
    assert caught.value.code == "no-change"


def test_an_admin_s_playbook_goes_before_the_shipped_one_and_a_walk_tells_that_it_changed(base, joan) -> None:
    number = begun(base, joan)
    do(base, "save-playbook", ADA, source=OWN)
    assert seen(base, number).is_changed
    assert seen(base, begun(base, joan)).title == "Our own way"


def test_a_retired_playbook_is_not_started_any_more(base, joan) -> None:
    do(base, "save-playbook", ADA, source=OWN, retired=True)
    with pytest.raises(Invalid, match="retired"):
        begun(base, joan)


def test_only_an_admin_saves_a_playbook_and_a_faulty_one_is_refused_with_its_place(base) -> None:
    with pytest.raises(Refused):
        do(base, "save-playbook", ROSA, source=OWN)
    with pytest.raises(Invalid, match=r"step hello: .*'sing'"):
        do(base, "save-playbook", ADA, source=OWN.replace('"say"', '"sing"'))


def test_R55_of_two_admins_who_edit_the_same_playbook_the_second_is_told(base) -> None:
    do(base, "save-playbook", ADA, source=OWN)
    do(base, "save-playbook", ADA, source=OWN.replace("Say hello.", "Greet them."))
    operation = REGISTRY["save-playbook"]
    late = runner.Request(
        actor=ADA,
        operation=operation,
        params=build(operation.params, {"source": OWN.replace("Say hello.", "Say hi.")}),
        reason="wording",
        version=1,
    )
    with pytest.raises(Stale) as caught:
        runner.run(base, late)
    assert caught.value.version == 2
