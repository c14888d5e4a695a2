"""What operations that send share: where mail may go now, and what became of the message before."""

from sqlalchemy import select

from db.errors import Invalid, RefusalCode, Refused
from db.models import ContactState, EmailProfile, Message, MessageKind
from db.operations import contact_states, typing_errors
from db.transaction import Transaction


def address_for(
    transaction: Transaction, customer_id: int, profile_id: int | None, what: str
) -> EmailProfile:
    """Return the email that was named, or the primary one, where mail may go to it now.

    Raises `Invalid` where there is none, `Refused` while a cool-down runs (R31). `what` is "a test mail".
    """
    if profile_id is None and not transaction.children(EmailProfile, customer_id):
        raise Invalid(f"The customer has no email to send {what} to. Add an email first.", field="profile")
    profile = contact_states.chosen_or_primary(transaction, EmailProfile, profile_id, customer_id)
    check_address(transaction, profile, what)
    return profile


def check_address(transaction: Transaction, profile: EmailProfile, what: str) -> None:
    """Raise `Refused` while a cool-down runs (R31), or where the address must be confirmed first (R35).

    Warns where mail to the address has come back, or where it is probably mistyped.
    """
    if profile.confirm_before_use:
        raise Refused(
            "The address came by a merge and was never verified. Have it confirmed first"
            " (Send confirmation link).",
            code=RefusalCode.VERIFICATION,
            field="profile",
        )
    until = profile.cool_down_until
    if until is not None and until > transaction.now:
        raise Refused(
            "The address replaced a verified one a short while ago."
            f" {what[0].upper()}{what[1:]} may go to it from {until:%Y-%m-%d %H:%M} UTC (cool-down).",
            code=RefusalCode.COOL_DOWN,
            field="profile",
        )
    typing_errors.warn_before_sending(transaction, profile)
    if profile.state is ContactState.BOUNCING:
        transaction.warn("Mail to this address has come back. Ask the customer for another address.")


def tell_earlier(transaction: Transaction, customer_id: int, kind: MessageKind, address: str) -> None:
    """Say what became of the last message of this kind to this address: the evidence for sending again."""
    last = transaction.session.scalars(
        select(Message)
        .where(Message.customer_id == customer_id, Message.kind == kind, Message.recipient == address)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return
    words = f" ({last.reply})" if last.reply else ""
    transaction.will(
        f"the last one to this address, {last.reference} of {last.created_at:%Y-%m-%d %H:%M} UTC,"
        f" is {last.state.value}{words}"
    )
