"""Sign-ins under the rules: which one is meant, and which username it may have (P1)."""

from sqlalchemy import select

from db import outbox, usernames
from db.errors import Invalid
from db.models import AuthenticationProfile, Customer, EmailProfile, LinkPurpose, SignInState
from db.rules.identifiers import parse_username
from db.settings import email_rules
from db.transaction import Transaction

SIGN_IN_LINKS = (LinkPurpose.RESET, LinkPurpose.ACTIVATION)


def sign_in_of(transaction: Transaction, customer_id: int, sign_in_id: int | None) -> AuthenticationProfile:
    """Return the sign-in that is meant: the named one, or the customer's only one."""
    if sign_in_id is not None:
        return transaction.child(AuthenticationProfile, sign_in_id, customer_id, field="sign_in")
    found = transaction.children(AuthenticationProfile, customer_id)
    if not found:
        raise Invalid("The customer has no sign-in yet. First: Create sign-in.", field="sign_in")
    if len(found) > 1:
        raise Invalid("The customer has more than one sign-in. Choose which one is meant.", field="sign_in")
    return found[0]


def email_of(transaction: Transaction, customer_id: int, profile_id: int | None) -> EmailProfile | None:
    """Return the named email profile, or the primary one; None where the customer has none."""
    if profile_id is not None:
        return transaction.child(EmailProfile, profile_id, customer_id, field="profile")
    found = transaction.children(EmailProfile, customer_id)
    return next((profile for profile in found if profile.is_primary), None)


def check_username(
    transaction: Transaction, customer_id: int, typed: str, *, apart_from: int | None = None
) -> str:
    """Return the canonical form of a username that this customer may have, locked to the end.

    Raises `Malformed`; `Clash` where another customer signs in with it, or where it is another
    customer's email and not this one's too, or reads as the id of their pass (P1).
    """
    canonical = parse_username(typed, email_rules(transaction.policy))
    transaction.hold("username", canonical)
    _refuse_taken(transaction, customer_id, canonical, apart_from)
    usernames.refuse_pass_of_another(transaction, canonical, customer_id)
    if "@" in canonical:
        usernames.refuse_email_of_another(transaction, canonical, customer_id)
    return canonical


def rename(transaction: Transaction, sign_in: AuthenticationProfile, typed: str) -> None:
    """Give a sign-in another username; links to sign in with the old one stop working."""
    canonical = check_username(transaction, sign_in.customer_id, typed, apart_from=sign_in.id)
    if (sign_in.username, sign_in.canonical) == (typed, canonical):
        return
    sign_in.username, sign_in.canonical = typed, canonical
    outbox.void_links(transaction, sign_in.customer_id, "username changed", purposes=SIGN_IN_LINKS)


def lock(transaction: Transaction, sign_in: AuthenticationProfile) -> None:
    """Lock a sign-in until somebody unlocks it, remember its state, and void all that is open (R18)."""
    sign_in.state_before_lock = sign_in.state.value
    sign_in.state = SignInState.LOCKED
    outbox.void_links(transaction, sign_in.customer_id, "sign-in locked")
    outbox.end_sessions(transaction, sign_in.customer_id, "sign-in locked")


def _refuse_taken(transaction: Transaction, customer_id: int, canonical: str, apart_from: int | None) -> None:
    found = transaction.connection.execute(
        select(
            *usernames.WHO,
            AuthenticationProfile.id.label("sign_in"),
            AuthenticationProfile.state.label("state"),
        )
        .join(AuthenticationProfile, AuthenticationProfile.customer_id == Customer.id)
        .where(AuthenticationProfile.canonical == canonical)
    ).one_or_none()
    if found is None or found.sign_in == apart_from:
        return
    if found.id == customer_id:
        raise Invalid("The customer has another sign-in with exactly this username.", field="username")
    raise usernames.taken(f"This username is already taken by {usernames.label(found)}", found)
