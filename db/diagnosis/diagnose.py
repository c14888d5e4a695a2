"""Answers why somebody cannot sign in: an identifier, a customer, or a claim."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from db.corrections import Proposal, proposals
from db.diagnosis.best import Best, best_of
from db.diagnosis.evidence import AccountEvidence, read_evidence
from db.diagnosis.fix import Fix, Scene
from db.diagnosis.fixes import fixes_for
from db.diagnosis.nearest import Nearest, nearest
from db.diagnosis.sentences import sentence
from db.gate import Judgement
from db.gate.question import Question, judge_question
from db.queries.viewer import Viewer
from db.rules.cases import Case, Cause, Finding
from db.rules.policy import Policy
from db.settings import load_policy

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
        """P1's name; where that says that nothing matches and something was found, with what it is."""
        is_told = self.case is Case.NO_MATCH and self.cause != Cause.NOTHING_FOUND
        return f"{self.case.value} · {self.cause}" if is_told else self.case.value


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The answer; `verdicts` has the blocking one first."""

    question: Question
    verdicts: tuple[Verdict, ...]
    route: str | None
    accounts: tuple[AccountEvidence, ...]
    best: Best | None
    nearest: tuple[Nearest, ...]
    fixes: tuple[Fix, ...]

    @property
    def case(self) -> Case:
        """The case of P1 that blocks, or `can-sign-in`."""
        return self.verdicts[0].case


def diagnose(connection: Connection, question: Question, viewer: Viewer, now: datetime) -> Diagnosis:
    """Return verdict, evidence and fixes; whatever was typed has an answer."""
    policy = load_policy(connection)
    asked = judge_question(connection, question, policy, now)
    judged = asked.judgement
    accounts = read_evidence(connection, _meant(judged), viewer, policy, now)
    best = best_of(accounts)
    among = {each.customer_id: each for each in accounts}
    corrections = _corrections(connection, accounts, policy)
    scene = Scene(among, best, asked.identifier, policy, corrections)
    near: tuple[Nearest, ...] = ()
    if question.identifier and not accounts:
        near = nearest(connection, question.identifier, viewer, policy, now)
    resolution = judged.resolution
    return Diagnosis(
        question=question,
        verdicts=_verdicts(judged.findings, among, now, is_known=question.customer_id is not None),
        route=None if resolution is None or resolution.route is None else resolution.route.value,
        accounts=accounts,
        best=best,
        nearest=near,
        fixes=fixes_for(connection, judged.findings, scene, viewer.operator_id),
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


def _verdicts(
    findings: tuple[Finding, ...], accounts: dict[int, AccountEvidence], now: datetime, *, is_known: bool
) -> tuple[Verdict, ...]:
    """Tell each cause once, with all the accounts that it is about; `is_known`: they were asked about."""
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
            sentence(cause, customers, accounts, now, is_known=is_known),
        )
        for cause, customers in among.items()
    )
