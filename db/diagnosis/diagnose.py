"""Answers why somebody cannot sign in: an identifier, a customer, or a claim."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from db.corrections import Proposal, proposals
from db.diagnosis.beside import Beside, beside
from db.diagnosis.best import Best, best_of
from db.diagnosis.evidence import AccountEvidence, read_evidence
from db.diagnosis.fix import Fix, Scene
from db.diagnosis.fixes import fixes_for
from db.diagnosis.nearest import Nearest, nearest
from db.diagnosis.sentences import sentence, told_beside
from db.gate import Judgement
from db.gate.question import Question, judge_question
from db.models import CustomerStatus
from db.queries.viewer import Viewer
from db.rules.cases import Case, Cause, Finding
from db.rules.policy import Policy
from db.settings import load_policy

_OVER = (CustomerStatus.MERGED.value, CustomerStatus.ERASED.value)
MOST_ACCOUNTS = 8
"""Accounts whose evidence is shown; more than that share no email by mistake."""


@dataclass(frozen=True)
class Verdict:
    """One cause: the case of P1, the finer cause, whose accounts, and what it means."""

    case: Case
    cause: str
    customers: tuple[int, ...]
    sentence: str

    @property
    def heading(self) -> str:
        """P1's name; where P1 has no name for what was found (decision 0011), what it is."""
        was_found = self.case is Case.NO_MATCH and self.cause != Cause.NOTHING_FOUND
        return self.cause if was_found or self.cause == Cause.CAN_CLAIM else self.case.value


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The answer; `verdicts` has the blocking one first, `beside` is who else has what was typed."""

    question: Question
    verdicts: tuple[Verdict, ...]
    route: str | None
    accounts: tuple[AccountEvidence, ...]
    best: Best | None
    beside: tuple[Beside, ...]
    nearest: tuple[Nearest, ...]
    fixes: tuple[Fix, ...]

    @property
    def case(self) -> Case:
        """The case of P1 that blocks, or `can-sign-in`."""
        return self.verdicts[0].case

    @property
    def heading(self) -> str:
        """What that is called."""
        return self.verdicts[0].heading


def diagnose(connection: Connection, question: Question, viewer: Viewer, now: datetime) -> Diagnosis:
    """Return verdict, evidence and fixes; whatever was typed has an answer."""
    policy = load_policy(connection)
    asked = judge_question(connection, question, policy, now)
    judged = asked.judgement
    accounts = read_evidence(connection, _meant(judged), viewer, policy, now)
    corrections = _corrections(connection, accounts, policy)
    accounts = tuple(_with_typos(account, corrections) for account in accounts)
    best = best_of(accounts)
    among = {each.customer_id: each for each in accounts}
    others = beside(connection, judged.resolution, among)
    scene = Scene(among, best, asked.identifier, policy, corrections, others)
    findings = (*judged.findings, *_mistyped(accounts))
    near: tuple[Nearest, ...] = ()
    if question.identifier and not accounts:
        near = nearest(connection, question.identifier, viewer, policy, now)
    resolution = judged.resolution
    return Diagnosis(
        question=question,
        verdicts=_verdicts(findings, scene, now, is_known=question.customer_id is not None),
        route=None if resolution is None or resolution.route is None else resolution.route.value,
        accounts=accounts,
        best=best,
        beside=others,
        nearest=near,
        fixes=fixes_for(connection, findings, scene, viewer.operator_id),
    )


def _meant(judged: Judgement) -> list[int]:
    """The accounts of the findings, blocking first, then the one that is meant."""
    found = [finding.customer_id for finding in judged.findings if finding.customer_id is not None]
    if judged.account is not None:
        found.append(judged.account.customer_id)
    return list(dict.fromkeys(found))[:MOST_ACCOUNTS]


def _corrections(
    connection: Connection, accounts: tuple[AccountEvidence, ...], policy: Policy
) -> dict[int, tuple[Proposal, ...]]:
    """What the typo table makes of each email that was never proved to be right, by profile (R30)."""
    return {
        way.profile_id: proposals(connection, way.address.text, account.customer_id, policy)
        for account in accounts
        for way in account.ways
        if way.is_mail and not way.was_verified and not way.address.is_masked
    }


def _with_typos(account: AccountEvidence, corrections: Mapping[int, tuple[Proposal, ...]]) -> AccountEvidence:
    """Say at each address what it is probably meant to be."""
    return replace(
        account,
        ways=tuple(
            replace(way, mistyped_for=_free(corrections.get(way.profile_id, ()))) if way.is_mail else way
            for way in account.ways
        ),
    )


def _free(found: Iterable[Proposal]) -> str:
    return next((proposal.after for proposal in found if proposal.holder is None), "")


def _mistyped(accounts: Iterable[AccountEvidence]) -> Iterator[Finding]:
    """Say of each account that something may be sent to whether that goes to a mistyped address."""
    for account in accounts:
        is_shut = account.takeover_flag or account.status in _OVER
        if not is_shut and any(way.mistyped_for for way in account.ways):
            yield Finding(Cause.MISTYPED_ADDRESS, account.customer_id)


def _verdicts(
    findings: tuple[Finding, ...], scene: Scene, now: datetime, *, is_known: bool
) -> tuple[Verdict, ...]:
    """Tell each cause once, with all the accounts that it is about; `is_known`: they were asked about.

    Who else has what was typed is told with the first.
    """
    among: dict[Cause, list[int]] = {}
    for finding in findings:
        customers = among.setdefault(finding.cause, [])
        if finding.customer_id is not None:
            customers.append(finding.customer_id)
    return tuple(
        Verdict(
            cause.case,
            cause.value,
            tuple(customers),
            sentence(cause, customers, scene.accounts, now, is_known=is_known)
            + ("" if place else told_beside(scene.beside)),
        )
        for place, (cause, customers) in enumerate(among.items())
    )
