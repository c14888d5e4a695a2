"""Playbooks as data: their steps, what is wrong with a source, and how far a walk has come.

A playbook is TOML: an id, a title, and steps of five kinds. `say` is read out, `ask` takes down what the
caller answers, `check` is answered by the product itself, `do` opens an operation, `decide` chooses how it
goes on. A step may depend on answers before it (`when`), and an answer may end the walk (`end`). Steps only
ever look back, so a walk always comes to its end.
"""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

import msgspec

MAX_SOURCE = 64_000
MAX_STEPS = 60
DONE = "done"
"""The answer to a step that is said or done."""
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong with a playbook, and where; `step` is empty where no single step is to blame."""

    file: str
    step: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}, step {self.step}" if self.step else self.file
        return f"{place}: {self.sentence}"


class Unusable(Exception):
    """A source that is no playbook; `mistakes` says all that is wrong with it."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Holds where the answer to an earlier step is one of some; `is_not` turns it round."""

    step: str
    any_of: tuple[str, ...] = ()
    is_not: tuple[str, ...] = ()

    def holds(self, answers: Mapping[str, str]) -> bool:
        """Whether it holds; a step without an answer satisfies nothing."""
        answer = answers.get(self.step)
        if answer is None:
            return False
        return answer in self.any_of if self.any_of else answer not in self.is_not


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to decide; `end` closes the walk with that outcome."""

    value: str
    label: str
    end: str | None = None


class _Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """What every step has; `procedure` names the rule or procedure that it comes from."""

    id: str
    text: str
    when: tuple[Condition, ...] = ()
    procedure: str = ""


class Say(_Step, frozen=True, tag="say"):
    """Words for the caller."""


class Ask(_Step, frozen=True, tag="ask"):
    """A question whose answer is taken down as it is given."""

    hint: str = ""


class Check(_Step, frozen=True, tag="check"):
    """What the product finds out itself; `about` is the step whose answer it looks up."""

    check: str
    about: str | None = None


class Do(_Step, frozen=True, tag="do"):
    """An operation to open; `fills` gives its fields the answers of earlier steps."""

    operation: str
    fills: dict[str, str] = {}


class Decide(_Step, frozen=True, tag="decide"):
    """A fork: the operator chooses one of the answers."""

    answers: tuple[Answer, ...]


Step = Say | Ask | Check | Do | Decide
KINDS = {Say: "say", Ask: "ask", Check: "check", Do: "do", Decide: "decide"}


class Playbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A procedure, step by step."""

    id: str
    title: str
    procedure: str
    steps: tuple[Step, ...]
    about: str = ""

    def step(self, name: str) -> Step | None:
        """The step of that name."""
        return next((step for step in self.steps if step.id == name), None)


class Standing(StrEnum):
    """Where a step stands in a walk."""

    DONE = "done"
    NEXT = "next"
    LATER = "later"
    SKIPPED = "skipped"


class Progress(msgspec.Struct, frozen=True):
    """How far a walk has come; `outcome` is what a decision ended it with."""

    standings: tuple[tuple[str, Standing], ...]
    next: str | None
    outcome: str | None


Checks = Mapping[str, Collection[str]]
"""The checks there are, each with the answers that it can give."""


def read(source: str, file: str, *, operations: Collection[str], checks: Checks) -> Playbook:
    """Return the playbook in a TOML source, or raise `Unusable` with every mistake found."""
    if len(source) > MAX_SOURCE:
        raise Unusable((Mistake(file, "", f"It is longer than {MAX_SOURCE} characters. Split it in two."),))
    try:
        playbook = msgspec.toml.decode(source, type=Playbook)
    except msgspec.ValidationError as error:
        raise Unusable((_explained(source, file, error),)) from None
    except (ValueError, RecursionError) as error:  # the reader's own, and what it lets through
        raise Unusable((Mistake(file, "", f"This is not TOML: {str(error)[:200]}."),)) from None
    mistakes = tuple(_mistakes(playbook, file, operations, checks))
    if mistakes:
        raise Unusable(mistakes)
    return playbook


def id_in(source: str) -> str | None:
    """Return the id that a source gives itself, or None where it cannot be read."""
    try:
        found = msgspec.toml.decode(source, type=dict)
    except (ValueError, RecursionError):
        return None
    name = found.get("id")
    return name if isinstance(name, str) else None


def progress(playbook: Playbook, answers: Mapping[str, str]) -> Progress:
    """Say where each step stands, given the answers so far; what was said or done has the answer `DONE`."""
    standings: list[tuple[str, Standing]] = []
    upcoming: str | None = None
    outcome: str | None = None
    for step in playbook.steps:
        if outcome is not None or not all(condition.holds(answers) for condition in step.when):
            waits = outcome is None and any(condition.step not in answers for condition in step.when)
            standings.append((step.id, Standing.LATER if waits else Standing.SKIPPED))
        elif step.id in answers:
            standings.append((step.id, Standing.DONE))
            outcome = _outcome(step, answers[step.id])
        else:
            standings.append((step.id, Standing.NEXT if upcoming is None else Standing.LATER))
            upcoming = upcoming or step.id
    return Progress(tuple(standings), None if outcome else upcoming, outcome)


def _outcome(step: Step, answer: str) -> str | None:
    if not isinstance(step, Decide):
        return None
    return next((found.end for found in step.answers if found.value == answer), None)


def _explained(source: str, file: str, error: msgspec.ValidationError) -> Mistake:
    """Name the step of a mistake that the decoder found: it counts them from 0."""
    said = str(error)
    found = re.search(r"\$\.steps\[(\d+)\]", said)
    step = ""
    if found:
        raw = msgspec.toml.decode(source, type=dict)["steps"][int(found.group(1))]
        step = str(raw.get("id", f"number {int(found.group(1)) + 1}")) if isinstance(raw, dict) else ""
    return Mistake(file, step, f"{said.split(' - at ')[0].replace('`', '')}.")


def _mistakes(playbook: Playbook, file: str, operations: Collection[str], checks: Checks) -> list[Mistake]:
    found: list[Mistake] = []
    if not _NAME.fullmatch(playbook.id):
        found.append(Mistake(file, "", f"The id {playbook.id!r} must be small letters, digits and dashes."))
    if not playbook.title.strip():
        found.append(Mistake(file, "", "The title is empty."))
    if not 1 <= len(playbook.steps) <= MAX_STEPS:
        found.append(Mistake(file, "", f"There must be 1 to {MAX_STEPS} steps."))
    earlier: dict[str, Step] = {}
    for step in playbook.steps:
        said = [
            *_about_name(step, earlier),
            *_about_conditions(step, earlier, checks),
            *_about_kind(step, earlier, operations, checks),
        ]
        found += [Mistake(file, step.id, sentence) for sentence in said]
        earlier[step.id] = step
    return found


def _about_name(step: Step, earlier: Mapping[str, Step]) -> list[str]:
    said = []
    if not _NAME.fullmatch(step.id):
        said.append("The id must be small letters, digits and dashes.")
    if step.id in earlier:
        said.append("There is another step of this id before it.")
    if not step.text.strip():
        said.append("The text is empty.")
    return said


def _about_conditions(step: Step, earlier: Mapping[str, Step], checks: Checks) -> list[str]:
    said = []
    for condition in step.when:
        before = earlier.get(condition.step)
        if before is None:
            said.append(f"It depends on {condition.step!r}, which is no step before it.")
            continue
        if bool(condition.any_of) == bool(condition.is_not):
            said.append("A condition has either any_of or is_not.")
        known = _known_answers(before, checks)
        if known is not None:
            unknown = [value for value in (*condition.any_of, *condition.is_not) if value not in known]
            said += [f"{value!r} is no answer of {condition.step!r}." for value in unknown]
    return said


def _known_answers(step: Step, checks: Checks) -> Collection[str] | None:
    """The answers that a step can have; None where the caller may say anything."""
    match step:
        case Decide():
            return {answer.value for answer in step.answers}
        case Check():
            return checks.get(step.check)
        case Ask():
            return None
    return (DONE,)


def _about_kind(
    step: Step, earlier: Mapping[str, Step], operations: Collection[str], checks: Checks
) -> list[str]:
    match step:
        case Check():
            said = [] if step.check in checks else [f"There is no check {step.check!r}: {', '.join(checks)}."]
            if step.about is not None and step.about not in earlier:
                said.append(f"It is about {step.about!r}, which is no step before it.")
            return said
        case Do():
            said = [] if step.operation in operations else [f"There is no operation {step.operation!r}."]
            said += [f"It is filled from {name!r}, which is no step before it."
                     for name in step.fills.values() if name not in earlier]  # fmt: skip
            return said
        case Decide():
            values = [answer.value for answer in step.answers]
            if len(values) < 2 or len(set(values)) < len(values):
                return ["A decision needs two or more different answers."]
    return []
