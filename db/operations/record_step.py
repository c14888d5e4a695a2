"""Records one step of a walk: an answer, a decision, or what a check finds out by itself."""

from typing import Annotated

from msgspec import Meta

from db import walks
from db.errors import Invalid
from db.models import Customer, Walk, WalkStep
from db.operation import Operation, Params
from db.playbooks import checks
from db.playbooks.library import playbook
from db.rules.playbooks import DONE, Ask, Check, Decide, Standing, Step, progress
from db.rules.roles import Right
from db.transaction import Transaction

MAX_ANSWER = 200


class RecordStep(Params, frozen=True, kw_only=True):
    """Which step of which walk, and the answer; a check answers itself, and `say` and `do` need none."""

    walk: Annotated[int, Meta(title="Walk", description="Its number.", ge=1, extra={"kind": "walk"})]
    step: Annotated[str, Meta(title="Step", max_length=40)]
    answer: (
        Annotated[str, Meta(title="Answer", description="No passwords, no codes.", max_length=MAX_ANSWER)]
        | None
    ) = None


def apply(transaction: Transaction, params: RecordStep) -> Customer | None:
    """Write the answer; the newest stands. What it decides may end the walk."""
    walk = walks.open_walk(transaction, params.walk)
    kept = playbook(transaction.connection, walk.playbook_id)
    step = kept.playbook.step(params.step)
    if step is None:
        raise Invalid("The playbook has no such step any more. Read it again.", field="step")
    done = walks.answers_of(transaction, walk.id)
    answers = {name: row.answer or DONE for name, row in done.items()}
    standing = dict(progress(kept.playbook, answers).standings)[step.id]
    if standing in (Standing.SKIPPED, Standing.LATER):
        raise Invalid("That step is not due. Go on with the one that is.", field="step")
    answer, finding = _answered(transaction, walk, step, params.answer, answers)
    _keep(transaction, walk, step, done.get(step.id), answer, finding)
    walk.outcome = progress(kept.playbook, {**answers, step.id: answer}).outcome
    if walk.outcome is not None:
        walk.ended_at = transaction.now
    return None if walk.customer_id is None else transaction.session.get(Customer, walk.customer_id)


def _answered(
    transaction: Transaction, walk: Walk, step: Step, given: str | None, answers: dict[str, str]
) -> tuple[str, str | None]:
    match step:
        case Check():
            about = None if step.about is None else answers.get(step.about)
            found = checks.run(
                transaction.connection,
                step.check,
                checks.Subject(walk.customer_id, about, transaction.policy, transaction.now),
            )
            return found.answer, found.sentence
        case Ask():
            text = (given or "").strip()
            if not text:
                raise Invalid("Nothing was answered. Type what the caller said.", field="answer")
            return text, None
        case Decide():
            known = {answer.value for answer in step.answers}
            if given not in known:
                raise Invalid(f"Choose one of: {', '.join(sorted(known))}.", field="answer")
            return given, None
    return DONE, None


def _keep(
    transaction: Transaction,
    walk: Walk,
    step: Step,
    before: WalkStep | None,
    answer: str,
    finding: str | None,
) -> None:
    if before is None:
        transaction.add(
            WalkStep(
                walk_id=walk.id,
                step=step.id,
                operator_id=transaction.actor.operator_id,
                answer=answer,
                finding=finding,
                at=transaction.now,
            )
        )
        return
    before.answer, before.finding = answer, finding
    before.operator_id, before.at = transaction.actor.operator_id, transaction.now


OPERATION = Operation(
    name="record-step",
    label="Record step",
    help="Keeps an answer, a decision or the result of a check with the walk of a playbook.",
    params=RecordStep,
    right=Right.INTERACT,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="interaction",
)
