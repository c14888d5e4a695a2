"""Reads the accounts that an identifier may mean, with all that decides whether they let anybody in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, exists, select

from db.models import (
    AuthenticationProfile,
    Customer,
    CustomerStatus,
    EmailProfile,
    Pass,
    PassState,
    PhoneProfile,
    SignInState,
)
from db.rules.dedup import holds


@dataclass(frozen=True)
class SignIn:
    """An authentication profile without its hash; failures are those in a row."""

    id: int
    customer_id: int
    username: str
    state: SignInState
    credential_version: int
    failed_count: int
    code_failures: int
    last_sign_in_at: datetime | None

    @property
    def is_disabled(self) -> bool:
        """Whether it is out of use for good, so that no identifier leads to it."""
        return self.state is SignInState.DISABLED


@dataclass(frozen=True)
class Account:
    """A customer as the gate sees them."""

    customer_id: int
    status: CustomerStatus
    merged_into: int | None
    takeover_flag: bool
    has_email: bool
    has_phone: bool
    pass_states: tuple[PassState, ...]
    sign_ins: tuple[SignIn, ...]

    @property
    def is_live(self) -> bool:
        """Whether they hold their addresses (P4): not suspended, merged or erased, nor by every pass."""
        return holds(self.status.value, [state.value for state in self.pass_states])

    @property
    def usable(self) -> tuple[SignIn, ...]:
        """The sign-ins that an identifier may lead to."""
        return tuple(found for found in self.sign_ins if not found.is_disabled)


_AMONG: BindParameter[list[int]] = bindparam("ids", expanding=True)
_CUSTOMERS = select(
    Customer.id,
    Customer.status,
    Customer.merged_into_id,
    Customer.takeover_flag,
    exists().where(EmailProfile.customer_id == Customer.id).label("has_email"),
    exists().where(PhoneProfile.customer_id == Customer.id).label("has_phone"),
).where(Customer.id.in_(_AMONG))
_PASSES = select(Pass.customer_id, Pass.state).where(Pass.customer_id.in_(_AMONG)).order_by(Pass.id)
_SIGN_INS = (
    select(
        AuthenticationProfile.id,
        AuthenticationProfile.customer_id,
        AuthenticationProfile.username,
        AuthenticationProfile.state,
        AuthenticationProfile.credential_version,
        AuthenticationProfile.failed_count,
        AuthenticationProfile.code_failures,
        AuthenticationProfile.last_sign_in_at,
    )
    .where(AuthenticationProfile.customer_id.in_(_AMONG))
    .order_by(AuthenticationProfile.id)
)


def read_accounts(connection: Connection, customer_ids: Iterable[int]) -> dict[int, Account]:
    """Return the accounts by customer number; an unknown number is left out."""
    among = {"ids": sorted(set(customer_ids))}
    if not among["ids"]:
        return {}
    sign_ins: dict[int, list[SignIn]] = defaultdict(list)
    for row in connection.execute(_SIGN_INS, among):
        sign_ins[row.customer_id].append(SignIn(*row))
    passes: dict[int, list[PassState]] = defaultdict(list)
    for customer_id, state in connection.execute(_PASSES, among):
        passes[customer_id].append(state)
    return {
        row.id: Account(
            customer_id=row.id,
            status=row.status,
            merged_into=row.merged_into_id,
            takeover_flag=row.takeover_flag,
            has_email=row.has_email,
            has_phone=row.has_phone,
            pass_states=tuple(passes[row.id]),
            sign_ins=tuple(sign_ins[row.id]),
        )
        for row in connection.execute(_CUSTOMERS, among)
    }
