"""What a playbook's source may be, and that a mistake is named by file, step and sentence."""

import pytest

from db.rules.playbooks import DONE, Mistake, Standing, Unusable, progress, read

OPERATIONS = ("add-email", "send-sign-in-link")
CHECKS = {"status": ("active", "inactive")}
GOOD = """
id = "lost-card"
title = "A lost card"
procedure = "P1"

[[steps]]
id = "name"
kind = "ask"
text = "Ask for the name."

[[steps]]
id = "status"
kind = "check"
text = "What is their status?"
check = "status"
about = "name"

[[steps]]
id = "link"
kind = "do"
text = "Send a link."
operation = "send-sign-in-link"
when = [{ step = "status", any_of = ["active"] }]

[[steps]]
id = "outcome"
kind = "decide"
text = "Are they in?"
answers = [{ value = "yes", label = "Yes", end = "solved" }, { value = "no", label = "No" }]

[[steps]]
id = "goodbye"
kind = "say"
text = "A team lead calls back."
"""


def playbook(source: str = GOOD):
    return read(source, "lost-card.toml", operations=OPERATIONS, checks=CHECKS)


def mistakes(source: str) -> tuple[Mistake, ...]:
    with pytest.raises(Unusable) as caught:
        playbook(source)
    return caught.value.mistakes


def standings(answers: dict[str, str]) -> dict[str, Standing]:
    return dict(progress(playbook(), answers).standings)


def test_a_sound_source_is_read() -> None:
    assert [step.id for step in playbook().steps] == ["name", "status", "link", "outcome", "goodbye"]


@pytest.mark.parametrize(
    ("right", "wrong", "step", "said"),
    [
        (
            'operation = "send-sign-in-link"',
            'operation = "send-flowers"',
            "link",
            "no operation 'send-flowers'",
        ),
        ('check = "status"', 'check = "weather"', "status", "no check 'weather'"),
        ('about = "name"', 'about = "nobody"', "status", "'nobody', which is no step before it"),
        (
            'step = "status", any_of',
            'step = "goodbye", any_of',
            "link",
            "'goodbye', which is no step before it",
        ),
        ('any_of = ["active"]', 'any_of = ["asleep"]', "link", "'asleep' is no answer of 'status'"),
        ('id = "goodbye"', 'id = "name"', "name", "another step of this id"),
        ('id = "goodbye"', 'id = "Good bye"', "Good bye", "small letters"),
        (', { value = "no", label = "No" }', "", "outcome", "two or more different answers"),
        ('text = "A team lead calls back."', 'text = " "', "goodbye", "text is empty"),
        ('kind = "say"', 'kind = "sing"', "goodbye", "sing"),
        ('text = "A team lead calls back."', "", "goodbye", "text"),
        ('kind = "say"', 'kind = "say"\nvolume = 3', "goodbye", "volume"),
        ('title = "A lost card"', 'title = ""', "", "title is empty"),
        ('id = "lost-card"', 'id = "Lost"', "", "small letters"),
    ],
)
def test_a_mistake_is_named_by_file_step_and_what_it_is(right: str, wrong: str, step: str, said: str) -> None:
    (found,) = mistakes(GOOD.replace(right, wrong))
    assert (found.file, found.step) == ("lost-card.toml", step)
    assert said in found.sentence


DEEP, MANY, LONG = "a = " + "[" * 30_000, "a = " + "{b = " * 10_000, "a = " + "1" * 60_000


@pytest.mark.parametrize(
    "source", ["id = ", "\x00", "[[steps]]\nid = 1", "steps = 3", "a" * 70_000, DEEP, MANY, LONG]
)
def test_what_is_no_playbook_at_all_says_so(source: str) -> None:
    assert mistakes(source)[0].file == "lost-card.toml"


def test_all_mistakes_are_named_at_once() -> None:
    source = GOOD.replace('title = "A lost card"', 'title = ""').replace(
        'check = "status"', 'check = "weather"'
    )
    assert len(mistakes(source)) >= 2


def test_the_first_step_without_an_answer_is_next() -> None:
    assert standings({})["name"] is Standing.NEXT
    assert standings({"name": "Joan"})["status"] is Standing.NEXT


def test_a_step_whose_condition_waits_comes_later_and_one_whose_condition_fails_is_skipped() -> None:
    assert standings({"name": "Joan"})["link"] is Standing.LATER
    assert standings({"name": "Joan", "status": "inactive"})["link"] is Standing.SKIPPED
    assert standings({"name": "Joan", "status": "active"})["link"] is Standing.NEXT


def test_a_decision_that_ends_the_walk_skips_what_follows() -> None:
    come = progress(playbook(), {"name": "Joan", "status": "active", "link": DONE, "outcome": "yes"})
    assert (come.next, come.outcome) == (None, "solved")
    assert dict(come.standings)["goodbye"] is Standing.SKIPPED


def test_a_decision_without_an_end_goes_on() -> None:
    come = progress(playbook(), {"name": "Joan", "status": "inactive", "outcome": "no"})
    assert (come.next, come.outcome) == ("goodbye", None)
