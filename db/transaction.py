"""What an operation works with while it runs: the one transaction, and what may be asked of it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, func, insert, select

from db.actor import Actor
from db.engine import lock_value
from db.errors import Invalid, RefusalCode, Refused, Unknown
from db.ledger import LedgerSession
from db.models import Base, Customer, CustomerStatus, RateHit
from db.prepared import Prepared
from db.rules.identifiers import format_customer_number
from db.rules.policy import Policy
from db.rules.roles import Right, RoleTable, Standing, standing, who_may

Row = TypeVar("Row", bound=Base)
_ADD_HIT = Prepared(insert(RateHit.__table__).inline(), keys=("bucket", "at"))  # type: ignore[arg-type]  # declarative tables are Tables
_SPENT = Prepared(
    select(func.count(), func.min(RateHit.at)).where(
        RateHit.bucket == bindparam("bucket"), RateHit.at > bindparam("since")
    )
)
COMPARISON = ("setting", "comparison")
"""What every change holds with the others from before it reads the policy, and who changes how values are
compared holds alone."""

_CUSTOMER = Prepared(select(Customer.__table__).where(Customer.id == bindparam("id")).with_for_update())
_CUSTOMERS = (
    select(Customer)
    .where(Customer.id.in_(bindparam("ids", expanding=True)))
    .order_by(Customer.id)
    .with_for_update()
)
_REFRESH = {"populate_existing": True}


@dataclass
class Transaction:
    """One change on its way: the session, the moment, who acts, and what was collected so far."""

    session: LedgerSession
    now: datetime
    actor: Actor
    role: str
    own_customer_id: int | None
    policy: Policy
    roles: RoleTable
    interaction_id: int | None = None
    verification_id: int | None = None
    is_repeated: bool = False
    reason: str = ""
    warnings: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    _held: dict[int, Customer] = field(default_factory=dict)

    @property
    def connection(self) -> Connection:
        """The connection that all of this happens on."""
        return self.session.live_connection

    def customer(self, customer_id: int) -> Customer:
        """Return a customer, locked to the end; raise `Unknown`, or `Invalid` where it is no longer one."""
        held = self._held.get(customer_id)
        found = held or next(iter(self.session.read(Customer, _CUSTOMER, {"id": customer_id})), None)
        number = format_customer_number(customer_id)
        if found is None:
            raise Unknown(f"There is no customer {number}. Search for the name instead.", field="customer")
        if found.status is CustomerStatus.MERGED:
            survivor = format_customer_number(found.merged_into_id or 0)
            raise Invalid(
                f"{number} was merged into {survivor}. Work on {survivor} instead.", field="customer"
            )
        if found.status is CustomerStatus.ERASED:
            raise Invalid(f"{number} was erased and cannot be changed.", field="customer")
        self._held[customer_id] = found
        return found

    def lock_customers(self, ids: Collection[int]) -> None:
        """Lock several customers in the order of their numbers: two who do so never wait for each other."""
        among = {"ids": sorted(ids)}
        for found in self.session.scalars(_CUSTOMERS, among, execution_options=_REFRESH):
            self._held[found.id] = found

    def child(self, model: type[Row], row_id: int, customer_id: int, *, field: str) -> Row:
        """Return a row that belongs to a customer; raise `Unknown` where it does not."""
        found = self.session.get(model, row_id)
        if found is None or getattr(found, "customer_id", None) != customer_id:
            number = format_customer_number(customer_id)
            raise Unknown(
                f"{number} has no such {field.replace('_', ' ')}. Choose one from the list.", field=field
            )
        return found

    def children(self, model: type[Row], customer_id: int) -> list[Row]:
        """Return all rows of a kind that belong to a customer, oldest first."""
        session = self.session
        if session.is_changing(model):
            session.flush()
        families = session.ledger.families[model]
        if customer_id not in families:
            families[customer_id] = session.read(model, _children_of(model), {"customer_id": customer_id})
        return list(families[customer_id])

    def add(self, row: Row) -> Row:
        """Write a new row at once, so that its id is known."""
        self.session.add(row)
        self.session.flush()
        return row

    def hold(self, kind: str, value: str) -> None:
        """Keep other writers off a value until this transaction ends."""
        lock_value(self.connection, kind, value)

    def hold_comparison(self) -> None:
        """Wait for all other changes to end and keep new ones off: they compare by what changes here.

        Before any other lock, for which one of those others may wait.
        """
        self.hold(*COMPARISON)

    def warn(self, sentence: str) -> None:
        """Tell the operator a consequence that does not stop the change."""
        self.warnings.append(sentence)

    def will(self, sentence: str) -> None:
        """Tell the operator a consequence beyond the fields, e.g. a voided link."""
        self.outcomes.append(sentence)

    def require(self, right: Right) -> None:
        """Raise `Refused` unless the role table lets this role do it alone."""
        found = standing(self.roles, self.role, right)
        if found is Standing.ALONE:
            return
        label, who = self.roles[right].label, who_may(self.roles, right)
        remedy = f"Ask {who}." if found is Standing.BY_REQUEST else f"It takes {who}."
        raise Refused(f"Your role may not {label}. {remedy}", code=RefusalCode.PERMISSION)

    def spend(
        self, bucket: str, *, limit: int, window: timedelta, what: str, customer: Customer | None = None
    ) -> None:
        """Use one of `limit` in `window`; raise `Refused`, saying when the next is free (R20).

        A bucket that is a `customer`'s own needs no lock of its own where their row is locked.
        """
        if customer is None or customer.id not in self._held:
            self.hold("rate", bucket)
        used, oldest = _SPENT.row(self.connection, {"bucket": bucket, "since": self.now - window})
        if used >= limit:
            wait = max(1, round((oldest + window - self.now).total_seconds()))
            again = _span(timedelta(seconds=wait))
            raise Refused(
                f"Too many {what}: {limit} in {_span(window)}. Try again in {again}.",
                code=RefusalCode.RATE,
            )

    def count(self, bucket: str) -> None:
        """Remember one use of a limited thing."""
        _ADD_HIT.run(self.connection, {"bucket": bucket, "at": self.now})


@cache
def _children_of(model: Any) -> Prepared:
    return Prepared(
        select(model.__table__).where(model.customer_id == bindparam("customer_id")).order_by(model.id)
    )


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for size, word in ((3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = -(-seconds // size)
            return f"{number} {word}{'s' if number > 1 else ''}"
    return f"{seconds} second{'s' if seconds > 1 else ''}"
