"""How one step of a playbook is told: the words for the caller, and what is known of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content

from db.queries.walks import StepView
from db.rules.playbooks import Answer, Standing
from tui import catalogue
from tui import procedure_words as words
from tui.text import safe
from tui.widgets.diff import Line, Tone

if TYPE_CHECKING:
    from tui.bridge import OperationInfo

MARKS: Final = {Standing.DONE: "✓", Standing.NEXT: "●", Standing.LATER: "·", Standing.SKIPPED: "–"}
_STANDINGS: Final = {
    Standing.DONE: "done",
    Standing.NEXT: "next",
    Standing.LATER: "later",
    Standing.SKIPPED: "skipped after the answers so far",
}


def stage(step: StepView) -> Content:
    """Return the words of a step: those for the caller stand alone, everything else is an instruction."""
    kind = f"{words.KINDS.get(step.kind, step.kind)} · {_STANDINGS[step.standing]}"
    return Content.assemble(
        (f"{MARKS[step.standing]} {kind}\n", "$text-muted"),
        (safe(step.text), "" if step.kind == "check" else "bold"),
    )


def step_lines(
    step: StepView, info: "OperationInfo | None", why_read_only: str, now: datetime
) -> Iterator[Line]:
    """Return what was found or answered, what it opens, and which key is next."""
    if step.finding:
        yield Line("found", after=step.finding)
    if step.hint:
        yield Line("listen for", after=step.hint, tone=Tone.QUIET)
    if step.kind == "ask" and step.answer and (why_read_only or step.standing is not Standing.DONE):
        yield Line("answer", after=step.answer)
    yield from _operation(step, info)
    for number, answer in enumerate(step.answers, start=1):
        chosen = "✓ " if answer.value == step.answer else ""
        yield Line(str(number), after=f"{chosen}{answer.label}{ends(answer)}")
    if step.operator_id is not None:
        yield Line("by", after=f"{step.operator_id}, {catalogue.when(step.at, now)}", tone=Tone.QUIET)
    if not why_read_only and step.standing in (Standing.NEXT, Standing.DONE):
        yield Line("next", after=words.NEXT_KEYS.get(step.kind, ""), tone=Tone.QUIET)


def ends(answer: Answer) -> str:
    """Say of an answer that ends the walk how it does."""
    return f" · ends the walk: {answer.end}" if answer.end else ""


def _operation(step: StepView, info: "OperationInfo | None") -> Iterator[Line]:
    if step.operation is None:
        return
    yield Line("opens", after=step.operation if info is None else info.label)
    for field, value in step.fills:
        yield Line(field.replace("_", " "), after=value)
    if info is not None and not info.is_allowed:
        yield Line("who may", after=f"{info.why_not}; {words.ELSEWHERE}", tone=Tone.WARNING)
