"""Records that a link was opened, which uses nothing up: mail scanners open links too (R16)."""

from db.models import Customer, Link
from db.operation import Operation, Params
from db.operations.redeeming import held_link
from db.operations.signing_in import SecretHash, nobody
from db.rules.roles import Right
from db.transaction import Transaction


class OpenLink(Params, frozen=True, kw_only=True):
    """Which link."""

    secret_hash: SecretHash


def apply(transaction: Transaction, params: OpenLink) -> Customer:
    """Write down the first time; raise `Unknown` where the link does not work."""
    customer, live = held_link(transaction, params.secret_hash)
    link = transaction.session.get_one(Link, live.id)
    if link.opened_at is None:
        link.opened_at = transaction.now
    return customer


OPERATION = Operation(
    name="open-link",
    label="Open link",
    help="A customer opened the link of a mail.",
    params=OpenLink,
    right=Right.SERVICE,
    apply=apply,
    subject=nobody,
    group="service",
)
