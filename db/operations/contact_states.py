"""What operations on an email and on a phone profile share: adding, removing, primary flag, state."""

from typing import TypeVar

from db import contacts, outbox, usernames
from db.contacts import MODELS, Profile
from db.errors import Invalid, RefusalCode, Refused
from db.models import ContactState, Customer, EmailProfile, PhoneProfile
from db.operation import Params
from db.operations import fields
from db.rules.dedup import ContactKind
from db.rules.roles import Right, Standing, standing, who_may
from db.transaction import Transaction

P = TypeVar("P", EmailProfile, PhoneProfile)
ADDING = (Right.FIRST_CONTACT, Right.REPLACE_CONTACT)


class ChosenEmail(Params, frozen=True, kw_only=True):
    """Which of the customer's email profiles."""

    customer: fields.CustomerId
    profile: fields.EmailId


class ChosenPhone(Params, frozen=True, kw_only=True):
    """Which of the customer's phone profiles."""

    customer: fields.CustomerId
    profile: fields.PhoneId


def require_replacement(transaction: Transaction, because: str, *, field: str) -> Right:
    """Return the right to replace; raise `Refused`, saying why it takes that right, where it is not held."""
    table = transaction.roles
    if standing(table, transaction.role, Right.REPLACE_CONTACT) is not Standing.ALONE:
        raise Refused(
            f"{because}, so it is a replacement, which your role may not make."
            f" Ask {who_may(table, Right.REPLACE_CONTACT)}.",
            code=RefusalCode.PERMISSION,
            field=field,
        )
    return Right.REPLACE_CONTACT


def right_to_add(transaction: Transaction, kind: ContactKind, customer_id: int) -> Right:
    """A first contact of its kind is support's; another one counts as a replacement."""
    if not transaction.children(MODELS[kind], customer_id):
        return Right.FIRST_CONTACT
    article = "an email" if kind == "email" else "a phone"
    return require_replacement(transaction, f"The customer has {article} already", field=kind)


def chosen(transaction: Transaction, kind: ContactKind, params: ChosenEmail | ChosenPhone) -> Profile:
    """Return the profile that the parameters name; raise `Unknown` where it is not the customer's."""
    return transaction.child(MODELS[kind], params.profile, params.customer, field="profile")


def chosen_or_primary(
    transaction: Transaction, model: type[P], profile_id: int | None, customer_id: int
) -> P:
    """Return the profile that was named, or the primary one; raise `Unknown`, or `Invalid` without one."""
    if profile_id is not None:
        return transaction.child(model, profile_id, customer_id, field="profile")
    found = transaction.children(model, customer_id)
    primary = next((profile for profile in found if profile.is_primary), None)
    if primary is None:
        kind = "email" if model is EmailProfile else "phone"
        raise Invalid(f"The customer has no primary {kind}. Choose a profile, or add one.", field="profile")
    return primary


def remove(transaction: Transaction, kind: ContactKind, customer: Customer, profile: Profile) -> None:
    """Delete a profile and void the open links; the oldest that remains becomes primary.

    Raises `Invalid` where the mode requires one of its kind and this is the last (P4), or where the
    email must stay because it is the username and somebody else's email (P1).
    """
    if kind == "email":
        usernames.refuse_giving_up(transaction, profile.canonical, customer.id, field="profile")
    contacts.leave_cool_down(transaction, customer, kind, profile)
    outbox.void_links(transaction, customer.id, f"{kind} removed")
    outbox.forget_profile(transaction, profile)
    was_primary = profile.is_primary
    transaction.session.delete(profile)
    transaction.session.flush()  # the database allows one primary at any moment
    contacts.refuse_missing(transaction, customer.id, kind, field="profile")
    remaining = transaction.children(MODELS[kind], customer.id)
    if was_primary and remaining:
        remaining[0].is_primary = True
        transaction.will(f"the oldest remaining {kind} becomes primary")


def make_primary(transaction: Transaction, kind: ContactKind, params: ChosenEmail | ChosenPhone) -> None:
    """Move the primary flag to the chosen profile, and void the open links that went elsewhere."""
    customer = transaction.customer(params.customer)
    profile = chosen(transaction, kind, params)
    if profile.is_primary:
        return
    for other in transaction.children(MODELS[kind], customer.id):
        other.is_primary = False
    transaction.session.flush()  # the database allows one primary at any moment
    profile.is_primary = True
    outbox.void_links(transaction, customer.id, f"primary {kind} changed")


def mark_verified(transaction: Transaction, kind: ContactKind, params: ChosenEmail | ChosenPhone) -> None:
    """Record that the profile reaches its customer; a running cool-down stays."""
    profile = chosen(transaction, kind, params)
    profile.confirm_before_use = False
    profile.state, profile.verified_at = ContactState.VERIFIED, transaction.now


def mark_bouncing(transaction: Transaction, kind: ContactKind, params: ChosenEmail | ChosenPhone) -> None:
    """Record that nothing arrives; when it was verified stays known, for the cool-down of its successor."""
    chosen(transaction, kind, params).state = ContactState.BOUNCING


def begin_anew(
    transaction: Transaction, customer: Customer, kind: ContactKind, profile: Profile, *, is_correction: bool
) -> None:
    """Let a profile that has another value now begin anew: unverified, and no open link stands (R29, R31).

    It cools down as a replacement does; a typo correction leaves what cools down to the customer (R30).
    """
    if is_correction:
        contacts.leave_cool_down(transaction, customer, kind, profile)
    else:
        fresh = contacts.cool_down_of(transaction, customer, kind)
        profile.cool_down_until = contacts.later(profile.cool_down_until, fresh)
    profile.state, profile.verified_at = ContactState.UNVERIFIED, None
    profile.changed_at = transaction.now
    outbox.void_links(transaction, customer.id, f"{kind} changed")
