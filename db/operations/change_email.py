"""Changes an email address: a typo correction by the typo table, or a replacement (R29–R31)."""

from db import contacts, outbox
from db.errors import Invalid, RefusalCode, Refused
from db.models import ContactState, Customer, EmailProfile, LinkPurpose, MessageKind
from db.operation import Operation, Params
from db.operations import fields
from db.rules import typo
from db.rules.email import EmailAddress
from db.rules.roles import Right, Standing, standing, who_may
from db.transaction import Transaction


class ChangeEmail(Params, frozen=True, kw_only=True):
    """Which profile gets which address; without a profile, the primary one."""

    customer: fields.CustomerId
    profile: fields.EmailId | None = None
    email: fields.Email


def profile_of(transaction: Transaction, params: ChangeEmail) -> EmailProfile:
    """Return the profile that the parameters name, or the primary one."""
    if params.profile is not None:
        return transaction.child(EmailProfile, params.profile, params.customer, field="profile")
    found = transaction.children(EmailProfile, params.customer)
    primary = next((profile for profile in found if profile.is_primary), None)
    if primary is None:
        raise Invalid(
            "The customer has no primary email. Choose a profile, or add an email.", field="profile"
        )
    return primary


def is_typo_correction(profile: EmailProfile, address: str) -> bool:
    """Whether the typo table allows exactly this step (R30)."""
    return typo.permits(profile.address, address) is not None


def right(transaction: Transaction, params: ChangeEmail) -> Right:
    """A correction by the typo table is support's; any other address is a replacement."""
    profile = profile_of(transaction, params)
    if is_typo_correction(profile, params.email.strip()):
        return Right.CORRECT_TYPO
    table = transaction.roles
    if standing(table, transaction.role, Right.REPLACE_CONTACT) is not Standing.ALONE:
        raise Refused(
            "The typo table does not allow this correction, so it is a replacement, which your role may not"
            f" make. Ask {who_may(table, Right.REPLACE_CONTACT)}.",
            code=RefusalCode.PERMISSION,
            field="email",
        )
    return Right.REPLACE_CONTACT


def apply(transaction: Transaction, params: ChangeEmail) -> None:
    """Write the new address, void the open links, and tell the old and the new one."""
    customer = transaction.customer(params.customer)
    profile = profile_of(transaction, params)
    parsed = contacts.parse_email_for(transaction, params.email)
    contacts.refuse_twice(transaction, "email", parsed.canonical, customer.id, apart_from=profile.id)
    contacts.refuse_held(transaction, "email", parsed.canonical, customer_id=customer.id)
    replace_address(transaction, customer, profile, parsed)


def replace_address(
    transaction: Transaction, customer: Customer, profile: EmailProfile, parsed: EmailAddress
) -> None:
    """Put an address into a profile; the old one stops at once, the new one starts unverified."""
    correction = is_typo_correction(profile, parsed.typed)
    before = profile.address
    was_verified = profile.verified_at is not None
    only_spelling = profile.canonical == parsed.canonical
    profile.address, profile.canonical = parsed.typed, parsed.canonical
    profile.changed_at = transaction.now
    if only_spelling:
        return
    profile.state, profile.verified_at = ContactState.UNVERIFIED, None
    if was_verified and not correction:
        profile.cool_down_until = contacts.later(
            profile.cool_down_until, contacts.cool_down_from(transaction, customer)
        )
    transaction.session.flush()
    outbox.void_links(transaction, customer.id, "email changed")
    _tell_both(transaction, customer, profile, before, tell_old=not correction)


def _tell_both(
    transaction: Transaction, customer: Customer, profile: EmailProfile, before: str, *, tell_old: bool
) -> None:
    if tell_old:
        outbox.queue(transaction, customer, MessageKind.NOTICE_OLD, before)
        transaction.will("a notice goes to the old address")
    send_confirmation(transaction, customer, profile)


def send_confirmation(transaction: Transaction, customer: Customer, profile: EmailProfile) -> None:
    """Queue the confirmation link; while a cool-down runs only a notice goes, and the link after it."""
    waits_until = profile.cool_down_until
    link = outbox.make_link(transaction, customer, LinkPurpose.CONFIRM, profile)
    if waits_until is None or waits_until <= transaction.now:
        outbox.queue(transaction, customer, MessageKind.CONFIRM, profile.address, link=link)
        transaction.will("a confirmation link goes to the new address")
        return
    outbox.queue(transaction, customer, MessageKind.NOTICE_NEW, profile.address)
    outbox.queue(
        transaction, customer, MessageKind.CONFIRM, profile.address, link=link, not_before=waits_until
    )
    transaction.will(
        f"a notice goes to the new address, links only from {waits_until:%Y-%m-%d %H:%M} UTC (cool-down)"
    )


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
