"""Reads walks: what was said, asked, checked and done in an interaction, and which step is next."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from db.errors import Unknown
from db.models import Interaction, Walk, WalkStep
from db.playbooks.library import Kept, playbooks
from db.rules.playbooks import DONE, KINDS, Answer, Ask, Decide, Do, Standing, Step, progress

_WALKS = select(
    Walk.id,
    Walk.interaction_id,
    Walk.customer_id,
    Walk.playbook_id,
    Walk.fingerprint,
    Walk.outcome,
    Walk.started_at,
    Walk.ended_at,
    Interaction.operator_id,
    Interaction.closed_at,
).join(Interaction, Interaction.id == Walk.interaction_id)
_STEPS = select(
    WalkStep.walk_id, WalkStep.step, WalkStep.operator_id, WalkStep.answer, WalkStep.finding, WalkStep.at
)
MOST = 50
_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class StepView:
    """One step as it stands; `fills` are the values that its operation is opened with."""

    id: str
    kind: str
    text: str
    standing: Standing
    hint: str = ""
    answers: tuple[Answer, ...] = ()
    operation: str | None = None
    fills: tuple[tuple[str, str], ...] = ()
    answer: str | None = None
    finding: str | None = None
    operator_id: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class WalkView:
    """A walk; `is_changed` where the playbook was edited after it began."""

    id: int
    interaction_id: int
    operator_id: str
    customer_id: int | None
    playbook_id: str
    title: str
    outcome: str | None
    started_at: datetime
    ended_at: datetime | None
    is_open: bool
    is_changed: bool
    next: str | None
    steps: tuple[StepView, ...]


@dataclass(frozen=True)
class WalkBrief:
    """How far a walk has come, in numbers: `step` of `steps`, where skipped ones do not count."""

    id: int
    interaction_id: int
    operator_id: str
    playbook_id: str
    title: str
    outcome: str | None
    started_at: datetime
    is_open: bool
    step: int
    steps: int


def brief(found: WalkView) -> WalkBrief:
    """Return what a list tells of a walk."""
    standings = [step.standing for step in found.steps]
    steps = len(standings) - standings.count(Standing.SKIPPED)
    return WalkBrief(
        id=found.id,
        interaction_id=found.interaction_id,
        operator_id=found.operator_id,
        playbook_id=found.playbook_id,
        title=found.title,
        outcome=found.outcome,
        started_at=found.started_at,
        is_open=found.is_open,
        step=min(standings.count(Standing.DONE) + 1, steps),
        steps=steps,
    )


def briefs_of_customer(connection: Connection, customer_id: int) -> tuple[WalkBrief, ...]:
    """Return what was walked about a customer, newest first, at most `MOST`."""
    return tuple(brief(found) for found in walks_of_customer(connection, customer_id))


def walk(connection: Connection, walk_id: int) -> WalkView:
    """Return one walk; raise `Unknown`."""
    found = _read(connection, _WALKS.where(Walk.id == walk_id))
    if not found:
        raise Unknown("There is no such walk.", field="walk")
    return found[0]


def walks_of_interaction(connection: Connection, interaction_id: int) -> tuple[WalkView, ...]:
    """Return the walks of an interaction, in the order they began."""
    return _read(connection, _WALKS.where(Walk.interaction_id == interaction_id).order_by(Walk.id))


def walks_of_customer(connection: Connection, customer_id: int) -> tuple[WalkView, ...]:
    """Return what was walked about a customer by anybody, newest first, at most `MOST`."""
    wanted = _WALKS.where(Walk.customer_id == customer_id).order_by(Walk.id.desc()).limit(MOST)
    return _read(connection, wanted)


def _read(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> tuple[WalkView, ...]:
    rows = connection.execute(wanted).all()
    if not rows:
        return ()
    done: dict[int, dict[str, _Row]] = defaultdict(dict)
    for step in connection.execute(_STEPS.where(WalkStep.walk_id.in_([row.id for row in rows]))):
        done[step.walk_id][step.step] = step
    known = {kept.playbook.id: kept for kept in playbooks(connection, with_retired=True)}
    return tuple(_view(row, known[row.playbook_id], done[row.id]) for row in rows if row.playbook_id in known)


def _view(row: _Row, kept: Kept, done: dict[str, _Row]) -> WalkView:
    answers = {name: step.answer or DONE for name, step in done.items()}
    come = progress(kept.playbook, answers)
    standings = dict(come.standings)
    return WalkView(
        id=row.id,
        interaction_id=row.interaction_id,
        operator_id=row.operator_id,
        customer_id=row.customer_id,
        playbook_id=row.playbook_id,
        title=kept.playbook.title,
        outcome=row.outcome,
        started_at=row.started_at,
        ended_at=row.ended_at,
        is_open=row.ended_at is None and row.closed_at is None,
        is_changed=row.fingerprint != kept.fingerprint,
        next=None if row.ended_at is not None else come.next,
        steps=tuple(
            _step(step, standings[step.id], done.get(step.id), answers) for step in kept.playbook.steps
        ),
    )


def _step(step: Step, standing: Standing, done: _Row | None, answers: dict[str, str]) -> StepView:
    fills = step.fills if isinstance(step, Do) else {}
    return StepView(
        id=step.id,
        kind=KINDS[type(step)],
        text=step.text,
        standing=standing,
        hint=step.hint if isinstance(step, Ask) else "",
        answers=step.answers if isinstance(step, Decide) else (),
        operation=step.operation if isinstance(step, Do) else None,
        fills=tuple((field, answers[name]) for field, name in fills.items() if name in answers),
        answer=None if done is None else done.answer,
        finding=None if done is None else done.finding,
        operator_id=None if done is None else done.operator_id,
        at=None if done is None else done.at,
    )
