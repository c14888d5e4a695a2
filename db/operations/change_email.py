"""Changes an email address: a typo correction by the typo table, or a replacement (R29–R31)."""

from db import contacts, outbox, usernames
from db.models import Customer, EmailProfile, MessageKind
from db.operation import Operation, Params
from db.operations import contact_states, fields, typing_errors
from db.rules import typo
from db.rules.email import EmailAddress
from db.rules.roles import Right, Standing, standing
from db.settings import typo_table
from db.transaction import Transaction


class ChangeEmail(Params, frozen=True, kw_only=True):
    """Which profile gets which address; without a profile, the primary one."""

    customer: fields.CustomerId
    profile: fields.EmailId | None = None
    email: fields.Email


def profile_of(transaction: Transaction, params: ChangeEmail) -> EmailProfile:
    """Return the profile that the parameters name, or the primary one."""
    return contact_states.chosen_or_primary(transaction, EmailProfile, params.profile, params.customer)


def is_typo_correction(transaction: Transaction, profile: EmailProfile, address: str) -> bool:
    """Whether the typo table allows exactly this step, onto an address that nobody else holds (R30).

    Never from an address that was verified: it worked, so leaving it is a replacement (decision 0012).
    """
    if profile.verified_at is not None:
        return False
    if typo.permits(profile.address, address, typo_table(transaction.policy)) is None:
        return False
    canonical = contacts.parse_email_for(transaction, address).canonical
    holders = contacts.holders(transaction.connection, "email", canonical)
    return all(holder.customer_id == profile.customer_id for holder in holders)


def right(transaction: Transaction, params: ChangeEmail) -> Right:
    """A correction by the typo table of an address never verified is support's; all else is a replacement.

    Where the mode forbids sharing, a correction onto a held address goes on to the clash answer (P4). Raises
    `Malformed` for what is no address, to whoever may correct one: the typo table is no answer to that.
    """
    profile, address = profile_of(transaction, params), params.email.strip()
    if address == profile.address:
        return Right.CORRECT_TYPO  # as the form opens: it changes nothing
    if standing(transaction.roles, transaction.role, Right.CORRECT_TYPO) is Standing.ALONE:
        contacts.parse_email_for(transaction, address)
    if typo.permits(profile.address, address, typo_table(transaction.policy)) is None:
        return contact_states.require_replacement(
            transaction, "The typo table does not allow this correction", field="email"
        )
    if profile.verified_at is not None:
        return contact_states.require_replacement(
            transaction, "The address on file was verified", field="email"
        )
    blocked = transaction.policy.dedup_mode.blocks("email")
    if blocked or is_typo_correction(transaction, profile, address):
        return Right.CORRECT_TYPO
    return contact_states.require_replacement(
        transaction, "Another customer holds the corrected address", field="email"
    )


def apply(transaction: Transaction, params: ChangeEmail) -> None:
    """Write the new address, void the open links, and tell the old and the new one."""
    customer = transaction.customer(params.customer)
    profile = profile_of(transaction, params)
    parsed = contacts.parse_email_for(transaction, params.email)
    contacts.refuse_twice(transaction, "email", parsed.canonical, customer.id, apart_from=profile.id)
    contacts.refuse_held(transaction, "email", parsed.canonical, customer_id=customer.id)
    typing_errors.ask_about(transaction, params.email)
    replace_address(transaction, customer, profile, parsed)


def replace_address(
    transaction: Transaction, customer: Customer, profile: EmailProfile, parsed: EmailAddress
) -> None:
    """Put an address into a profile; the old one stops at once, the new one starts unverified."""
    correction = is_typo_correction(transaction, profile, parsed.typed)
    before = profile.address
    only_spelling = profile.canonical == parsed.canonical
    if not only_spelling:
        usernames.refuse_giving_up(transaction, profile.canonical, customer.id, field="email")
    profile.address, profile.canonical = parsed.typed, parsed.canonical
    if only_spelling:
        profile.changed_at = transaction.now
        return
    contact_states.begin_anew(transaction, customer, "email", profile, is_correction=correction)
    _tell_both(transaction, customer, profile, before, tell_old=not correction)


def _tell_both(
    transaction: Transaction, customer: Customer, profile: EmailProfile, before: str, *, tell_old: bool
) -> None:
    if tell_old:
        outbox.queue(transaction, customer, MessageKind.NOTICE_OLD, before)
        transaction.will("a notice goes to the old address")
    outbox.send_confirmation(transaction, customer, profile)


OPERATION = Operation(
    name="change-email",
    label="Change email",
    help="Corrects or replaces an email address. The old one stops at once; the new one is unverified until"
    " its confirmation link is used.",
    params=ChangeEmail,
    right=right,
    apply=apply,
    frozen_by_takeover=True,
    group="email",
    rights=(Right.CORRECT_TYPO, Right.REPLACE_CONTACT),
)
