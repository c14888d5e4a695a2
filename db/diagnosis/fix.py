"""One thing to do about a verdict, and what it is made for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from db.corrections import Proposal
from db.diagnosis.beside import Beside
from db.diagnosis.best import Best
from db.diagnosis.evidence import AccountEvidence
from db.rules.cases import Cause
from db.rules.policy import Policy
from db.rules.roles import Right, Standing


@dataclass(frozen=True, kw_only=True)
class Fix:
    """One thing to do: an operation with its fields filled, a customer to open, or words for the caller.

    `right` is what the operation asks for here, where it depends on the data. `standing` says whether the
    operator who asks may do it; where they may not, `who` says who may. `needs` are the operations that must
    have been done to the same customer before; `after` are the places, from 1, of those that are offered too.
    """

    label: str
    cause: Cause
    customer_id: int | None = None
    operation: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    opens: int | None = None
    right: Right | None = None
    standing: Standing = Standing.ALONE
    who: str = ""
    needs: tuple[str, ...] = ()
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class Scene:
    """What fixes are made for: the accounts that are meant, the proposed one, and the policy.

    `corrections` are what the typo table proposes, by email profile; `beside` is who else has the identifier.
    """

    accounts: Mapping[int, AccountEvidence]
    best: Best | None
    identifier: str | None
    policy: Policy
    corrections: Mapping[int, tuple[Proposal, ...]] = field(default_factory=dict)
    beside: tuple[Beside, ...] = ()


def act(
    cause: Cause,
    account: AccountEvidence,
    operation: str,
    label: str,
    *,
    right: Right | None = None,
    needs: tuple[str, ...] = (),
    **values: Any,
) -> Fix:
    """Return an operation on an account with its fields filled; what is None is left to the form."""
    return Fix(
        label=label,
        cause=cause,
        customer_id=account.customer_id,
        operation=operation,
        right=right,
        needs=needs,
        values={name: value for name, value in values.items() if value is not None},
    )


def who(account: AccountEvidence) -> str:
    """Name an account."""
    return f"{account.number} {account.name}"
