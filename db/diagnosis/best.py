"""Proposes which of several accounts to keep, with reasons; the operator decides (P1)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from db.diagnosis.evidence import AccountEvidence
from db.models import CustomerStatus, SignInState


@dataclass(frozen=True)
class Best:
    """The proposed account, and in what it is ahead of every other."""

    customer_id: int
    reasons: tuple[str, ...]


def _has_sign_in(account: AccountEvidence) -> bool:
    return any(found.state != SignInState.DISABLED.value for found in account.sign_ins)


def _recent(account: AccountEvidence) -> float:
    return account.last_sign_in_at.timestamp() if account.last_sign_in_at else 0.0


_ORDER: tuple[tuple[str, Callable[[AccountEvidence], Any]], ...] = (
    ("active", lambda account: account.status == CustomerStatus.ACTIVE.value),
    ("has a sign-in", _has_sign_in),
    ("signed in most recently", _recent),
    ("most passes and contracts", lambda account: len(account.passes) + account.contracts),
    ("verified contact", lambda account: account.has_verified_contact),
    ("oldest", lambda account: -account.created_at.timestamp()),
    ("lowest number", lambda account: -account.customer_id),
)
"""What counts, in P1's order; the last one only makes the choice certain."""


def best_of(accounts: Sequence[AccountEvidence]) -> Best | None:
    """Return the best of two or more accounts; None where there is nothing to choose."""
    if len(accounts) < 2:
        return None
    chosen = max(accounts, key=lambda account: tuple(measure(account) for _, measure in _ORDER))
    others = [account for account in accounts if account is not chosen]
    ahead = tuple(
        name for name, measure in _ORDER[:-1] if all(measure(chosen) > measure(other) for other in others)
    )
    return Best(chosen.customer_id, ahead or (_ORDER[-1][0],))
