"""Which sign-in a merge leaves in use, how strict its state becomes, and where the survivor stands after."""

from collections.abc import Iterable, Mapping, Sequence

from db.errors import Invalid
from db.gate.accounts import Account, SignIn
from db.models import CustomerStatus, SignInState

_STRICT = {SignInState.ACTIVE: 0, SignInState.RESET_REQUIRED: 1, SignInState.PLACEHOLDER: 2}
"""Of two states without a lock, the one that asks for more before somebody comes in."""


def usable_among(accounts: Iterable[Account]) -> tuple[SignIn, ...]:
    """Return the sign-ins that are not disabled; a merge never brings a disabled one back."""
    return tuple(found for account in accounts for found in account.usable)


def kept_of(usable: Sequence[SignIn], chosen: int | None) -> SignIn | None:
    """Return the sign-in that stays in use; None where there is none, or where the operator must choose.

    One that never had a password of the customer's gives way by itself to the only one that has. Raises
    `Invalid` where the chosen one is not among them.
    """
    if chosen is not None:
        found = next((each for each in usable if each.id == chosen), None)
        if found is None:
            raise Invalid(
                "That is no sign-in in use of these customers. Choose one of theirs.", field="sign_in"
            )
        return found
    real = [each for each in usable if each.state is not SignInState.PLACEHOLDER]
    candidates = real or usable
    return candidates[0] if len(candidates) == 1 else None


def state_after(
    kept: SignIn, usable: Iterable[SignIn], accounts: Mapping[int, Account]
) -> tuple[SignInState, SignInState | None]:
    """Return the state that the kept sign-in comes to have, and the one behind its lock (R35).

    A lock on any of them holds on, and so does the demand for a new password. Who comes from a customer
    that was never activated must set a new password too: they have proved nothing yet.
    """
    others = [each for each in usable if each.id != kept.id]
    open_states = [each.state for each in others if each.state is SignInState.RESET_REQUIRED]
    if kept.state is SignInState.LOCKED:
        return SignInState.LOCKED, None
    if accounts[kept.customer_id].status is CustomerStatus.INACTIVE:
        open_states.append(SignInState.RESET_REQUIRED)
    strictest = max([kept.state, *open_states], key=_STRICT.__getitem__)
    if any(each.state is SignInState.LOCKED for each in others):
        return SignInState.LOCKED, strictest
    return strictest, None


def status_after(accounts: Sequence[Account], kept: SignIn | None) -> CustomerStatus:
    """Return the survivor's status, theirs being the first account: a suspension of any of them holds on.

    A survivor who was never activated becomes active only with the sign-in of somebody who was.
    """
    statuses = {account.customer_id: account.status for account in accounts}
    survivor = accounts[0].status
    if CustomerStatus.SUSPENDED in statuses.values():
        return CustomerStatus.SUSPENDED
    if survivor is not CustomerStatus.INACTIVE:
        return survivor
    if kept is None:
        is_active = CustomerStatus.ACTIVE in statuses.values()
    else:
        is_active = statuses[kept.customer_id] is CustomerStatus.ACTIVE
    return CustomerStatus.ACTIVE if is_active else CustomerStatus.INACTIVE
