"""The shipped playbooks: sound, one for each procedure, and every answer leads to an end."""

import pytest

from db.operations import REGISTRY
from db.playbooks.checks import CHECK_ANSWERS
from db.playbooks.library import shipped_sources
from db.rules.playbooks import DONE, Check, Decide, Playbook, progress, read

SOURCES = dict(shipped_sources())


def shipped(file: str) -> Playbook:
    return read(SOURCES[file], file, operations=REGISTRY, checks=CHECK_ANSWERS)


def answers_to(playbook: Playbook, name: str) -> tuple[str, ...]:
    """The answers that lead different ways: of a check, those that a later step depends on, and any other."""
    step = playbook.step(name)
    match step:
        case Decide():
            return tuple(answer.value for answer in step.answers)
        case Check():
            conditions = [found for later in playbook.steps for found in later.when if found.step == name]
            named = {value for found in conditions for value in (*found.any_of, *found.is_not)}
            other = [value for value in CHECK_ANSWERS[step.check] if value not in named]
            return (*sorted(named), *other[:1])
    return (DONE,)


@pytest.mark.parametrize("file", SOURCES)
def test_a_shipped_playbook_has_no_mistake(file: str) -> None:
    assert shipped(file).steps


def test_each_procedure_has_one() -> None:
    assert sorted(shipped(file).procedure for file in SOURCES) == ["P1", "P2", "P3", "P4", "P5"]


@pytest.mark.parametrize("file", SOURCES)
def test_every_way_through_ends_with_an_outcome(file: str) -> None:
    playbook = shipped(file)
    waiting: list[dict[str, str]] = [{}]
    while waiting:
        answers = waiting.pop()
        come = progress(playbook, answers)
        if come.next is None:
            assert come.outcome is not None, answers
        else:
            waiting += [{**answers, come.next: value} for value in answers_to(playbook, come.next)]
