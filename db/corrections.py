"""Proposes the corrections of an address that the typo table allows, and says who holds each (R30)."""

from dataclasses import dataclass

from sqlalchemy import Connection

from db.contacts import holders
from db.errors import Holder
from db.rules.email import parse_email
from db.rules.policy import Policy
from db.rules.typo import propose
from db.settings import email_rules, typo_table


@dataclass(frozen=True)
class Proposal:
    """A correction by one rule; where another live customer holds the result, `holder` is who (A32)."""

    rule: str
    before: str
    after: str
    holder: Holder | None


def proposals(connection: Connection, address: str, customer_id: int, policy: Policy) -> tuple[Proposal, ...]:
    """Return what the typo table makes of a customer's address; whether it was verified is not asked."""
    return tuple(
        Proposal(found.rule, found.before, found.after, _holder(connection, found.after, customer_id, policy))
        for found in propose(address, typo_table(policy))
    )


def _holder(connection: Connection, address: str, customer_id: int, policy: Policy) -> Holder | None:
    canonical = parse_email(address, email_rules(policy)).canonical
    others = holders(connection, "email", canonical)
    return next((other for other in others if other.customer_id != customer_id), None)
