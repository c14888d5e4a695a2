"""Brings stored canonical forms in line with the email rules in force (P4), and finds those that are not.

No change runs beside this one (see `Transaction.hold_comparison`). What is written is computed from rows
under lock all the same, so that nothing written past the runner is overwritten either. Phone numbers need
none of this: their canonical form is international, whatever the region setting.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sqlalchemy import Connection, func, select

from db.errors import Invalid
from db.models import AuthenticationProfile, EmailProfile, Representative
from db.one_moment import one_moment
from db.rows import column_of
from db.rules import Malformed
from db.rules.email import EmailRules, parse_email
from db.rules.identifiers import format_customer_number, parse_username
from db.settings import email_rules, load_policy
from db.transaction import Transaction

_BATCH = 500
"""Rows a query: below the fewest parameters that a database takes."""


@dataclass(frozen=True, kw_only=True)
class _Form:
    """Which column holds what was typed, which one what is compared, and what makes one of the other."""

    what: str
    model: Any
    typed: str
    canonical: str
    parse: Callable[[str, EmailRules], str]

    def of(self, typed: str, canonical: str, rules: EmailRules) -> str:
        """Return what is right; what cannot be read any more stays as it is: it was accepted once."""
        try:
            return self.parse(typed, rules)
        except Malformed:
            return canonical

    def columns(self, *first: str) -> list[Any]:
        """Return some columns of the model, and the two."""
        return [getattr(self.model, name) for name in (*first, self.typed, self.canonical)]


def _address(typed: str, rules: EmailRules) -> str:
    return parse_email(typed, rules).canonical


_EMAIL = _Form(what="an email", model=EmailProfile, typed="address", canonical="canonical", parse=_address)
_USERNAME = _Form(
    what="a username",
    model=AuthenticationProfile,
    typed="username",
    canonical="canonical",
    parse=parse_username,
)
_REPRESENTATIVE = _Form(
    what="an email", model=Representative, typed="email", canonical="email_canonical", parse=_address
)


def renew(transaction: Transaction, *, is_told: bool = False) -> int:
    """Rewrite what the email rules compare otherwise; return how many rows that were.

    `is_told`: the event tells each of them, where they do not follow from what else it tells.
    Raises `Invalid` where two usernames would become one.
    """
    rules = email_rules(load_policy(transaction.connection))
    _refuse_one_username(transaction.connection, rules)
    return sum(_renew(transaction, form, rules, is_told) for form in (_EMAIL, _USERNAME, _REPRESENTATIVE))


def _renew(transaction: Transaction, form: _Form, rules: EmailRules, is_told: bool) -> int:
    rows = transaction.connection.execute(select(*form.columns("id"))).all()
    stale = [number for number, typed, before in rows if form.of(typed, before, rules) != before]
    for row in _locked(transaction, form.model, stale):
        before = getattr(row, form.canonical)
        after = form.of(getattr(row, form.typed), before, rules)
        if is_told:
            column = replace(column_of(form.model, form.canonical), derived=False, searched=False)
            transaction.session.ledger.note(row, column, before, after)
        setattr(row, form.canonical, after)
    return len(stale)


def _refuse_one_username(connection: Connection, rules: EmailRules) -> None:
    owner_of: dict[str, int] = {}
    for customer_id, typed, before in connection.execute(select(*_USERNAME.columns("customer_id"))):
        canonical = _USERNAME.of(typed, before, rules)
        if canonical in owner_of:
            pair = sorted({owner_of[canonical], customer_id})
            who = " and ".join(format_customer_number(number) for number in pair)
            raise Invalid(f"Two usernames would become one ({who}). Change one of them first.", field="value")
        owner_of[canonical] = customer_id


def _locked(transaction: Transaction, model: Any, ids: Collection[int]) -> Iterator[Any]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), _BATCH):
        batch = select(model).where(model.id.in_(wanted[start : start + _BATCH])).order_by(model.id)
        yield from transaction.session.scalars(
            batch.with_for_update(), execution_options={"populate_existing": True}
        )


def first_stale(connection: Connection, *, sample: int | None = None, seed: int = 0) -> str | None:
    """Return a sentence about the first email or username that is compared by other rules, or None.

    `sample` is how many of each are looked at, from a random place on; None means all.
    """
    rng = Random(seed)
    for form in (_EMAIL, _USERNAME):
        last = connection.execute(select(func.coalesce(func.max(form.model.id), 0))).scalar_one()
        first = 0 if sample is None else rng.randint(0, max(0, last - sample))
        end = last if sample is None else first + sample
        for after in range(first, end, _BATCH):
            found = _stale_after(connection, form, after)
            if found is not None:
                return found
    return None


def _stale_after(connection: Connection, form: _Form, after: int) -> str | None:
    """Look at one batch, and at the rules of the same moment."""
    number = form.model.id
    with one_moment(connection) as still:
        policy = load_policy(still)
        batch = select(*form.columns("customer_id")).where(number > after, number <= after + _BATCH)
        rows = still.execute(batch.order_by(number)).all()
    for customer_id, typed, canonical in rows:
        if form.of(typed, canonical, email_rules(policy)) != canonical:
            value = "yes" if policy.gmail_dots else "no"
            return (
                f"{format_customer_number(customer_id)} has {form.what} that is not compared as the settings"
                f" say. Run: latchkey do change-setting --key gmail_dots --value {value}"
            )
    return None
