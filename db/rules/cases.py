"""Names the cases of P1, and the finer causes behind them, each with one sentence for the operator.

The causes stand in blocking order: of several at once, the first is what keeps the customer out even
where all others were put right. `MISTYPED_ADDRESS` keeps nobody out by itself: the gate never gives it,
diagnosing tells it beside what the gate says. Why each maps to its case: docs/decisions/0011-signing-in.md.
"""

from dataclasses import dataclass
from enum import StrEnum


class Case(StrEnum):
    """What an operator is told; exactly the names of P1's table."""

    CAN_SIGN_IN = "can-sign-in"
    SHARED_EMAIL = "shared-email"
    USERNAME_WITHOUT_EMAIL = "username-without-email"
    PASS_WITHOUT_EMAIL = "pass-without-email"
    CLAIM_WITHOUT_CONTACT = "claim-without-contact"
    INACTIVE = "inactive"
    SUSPENDED = "suspended"
    MERGED_AWAY = "merged-away"
    LOCKED = "locked"
    CODE_NOT_ARRIVING = "code-not-arriving"
    NO_MATCH = "no-match"


class Cause(StrEnum):
    """Why somebody can or cannot sign in, in blocking order."""

    MERGED = "merged"
    ERASED = "erased"
    TAKEOVER_FLAG = "takeover-flag"
    SUSPENDED = "suspended"
    CARD_SUSPENDED = "card-suspended"
    PASS_SUSPENDED = "pass-suspended"
    PASS_EXPIRED = "pass-expired"
    COOLING_ADDRESS = "cooling-address"
    UNCONFIRMED_ADDRESS = "unconfirmed-address"
    SHARED_EMAIL = "shared-email"
    SEVERAL_ACCOUNTS = "several-accounts"
    NOTHING_FOUND = "nothing-found"
    CLAIM_WITHOUT_CONTACT = "claim-without-contact"
    CLAIM_WITHOUT_EMAIL = "claim-without-email"
    USERNAME_WITHOUT_EMAIL = "username-without-email"
    PASS_WITHOUT_EMAIL = "pass-without-email"
    NO_SIGN_IN = "no-sign-in"
    DISABLED = "disabled"
    SEVERAL_SIGN_INS = "several-sign-ins"
    LOCKED = "locked"
    INACTIVE = "inactive"
    NO_USABLE_CHANNEL = "no-usable-channel"
    PLACEHOLDER = "placeholder"
    RESET_REQUIRED = "reset-required"
    MISTYPED_ADDRESS = "mistyped-address"
    CAN_CLAIM = "can-claim"
    CAN_SIGN_IN = "can-sign-in"

    @property
    def case(self) -> Case:
        """The case of P1 that this cause belongs to."""
        return _MEANING[self][0]

    @property
    def sentence(self) -> str:
        """What it is and what to do, for the operator; never for the customer."""
        return _MEANING[self][1]


_MEANING: dict[Cause, tuple[Case, str]] = {
    Cause.MERGED: (
        Case.MERGED_AWAY,
        "The account was merged into another. Open the survivor; the customer signs in to that one.",
    ),
    Cause.ERASED: (
        Case.NO_MATCH,
        "The account was erased and cannot come back. Search for another account of this customer.",
    ),
    Cause.TAKEOVER_FLAG: (
        Case.LOCKED,
        "The account is flagged for a possible takeover, which stops sign-in, links and codes. Hand over to"
        " the leads' queue.",
    ),
    Cause.SUSPENDED: (
        Case.SUSPENDED,
        "The account is suspended. Reactivate it, which checks for duplicates.",
    ),
    Cause.CARD_SUSPENDED: (
        Case.SUSPENDED,
        "Every pass of the account is suspended. Reactivate one, which checks for duplicates.",
    ),
    Cause.PASS_SUSPENDED: (
        Case.SUSPENDED,
        "The pass that was typed is suspended. Reactivate it, or have the customer use another identifier.",
    ),
    Cause.PASS_EXPIRED: (
        Case.NO_MATCH,
        "The pass that was typed has expired. Have the customer sign in with their email or username.",
    ),
    Cause.COOLING_ADDRESS: (
        Case.NO_MATCH,
        "The email that was typed replaced another one, and its cool-down still runs. Until then the"
        " customer signs in with their username or pass.",
    ),
    Cause.UNCONFIRMED_ADDRESS: (
        Case.NO_MATCH,
        "The email that was typed came by a merge and was never verified. Until it is confirmed the customer"
        " signs in with their username, pass or another email.",
    ),
    Cause.SHARED_EMAIL: (
        Case.SHARED_EMAIL,
        "The email is on more than one account that has a sign-in. Merge duplicates, correct the account"
        " that holds it wrongly, or make it this customer's username.",
    ),
    Cause.SEVERAL_ACCOUNTS: (
        Case.NO_MATCH,
        "More than one account matches what was given, so none of them can be claimed. Ask for more.",
    ),
    Cause.NOTHING_FOUND: (
        Case.NO_MATCH,
        "Nothing on file matches. Look for a typing mistake, or search by address or contract.",
    ),
    Cause.CLAIM_WITHOUT_CONTACT: (
        Case.CLAIM_WITHOUT_CONTACT,
        "The account that was claimed has no email and no phone. Add an email, create a sign-in, then send"
        " the link.",
    ),
    Cause.CLAIM_WITHOUT_EMAIL: (
        Case.CLAIM_WITHOUT_CONTACT,
        "The account that was claimed has no email for a link to go to. Add an email, then send the link.",
    ),
    Cause.USERNAME_WITHOUT_EMAIL: (
        Case.USERNAME_WITHOUT_EMAIL,
        "The account has no email. Add one; then the username may become the email.",
    ),
    Cause.PASS_WITHOUT_EMAIL: (
        Case.PASS_WITHOUT_EMAIL,
        "The pass is known, but its account has no email. Add one; then the username may become the email.",
    ),
    Cause.NO_SIGN_IN: (
        Case.NO_MATCH,
        "The account has no sign-in. Create one, then send the link.",
    ),
    Cause.DISABLED: (
        Case.NO_MATCH,
        "The sign-in is disabled. Create another one, then send the link.",
    ),
    Cause.SEVERAL_SIGN_INS: (
        Case.SHARED_EMAIL,
        "The account has more than one sign-in. Have the customer use the username of theirs, or disable"
        " the other.",
    ),
    Cause.LOCKED: (
        Case.LOCKED,
        "The sign-in is locked. Unlock it after verification; send a reset where the password is not known.",
    ),
    Cause.INACTIVE: (
        Case.INACTIVE,
        "The account was never activated. Send the activation link.",
    ),
    Cause.NO_USABLE_CHANNEL: (
        Case.CODE_NOT_ARRIVING,
        "No code can reach the customer at the addresses on file. Correct or replace them, or send a test"
        " mail to one that should work.",
    ),
    Cause.PLACEHOLDER: (
        Case.CODE_NOT_ARRIVING,
        "The customer never set a password, for no link was used yet. Send the reset link.",
    ),
    Cause.RESET_REQUIRED: (
        Case.CODE_NOT_ARRIVING,
        "The customer must set a new password before signing in. Send the reset link.",
    ),
    Cause.MISTYPED_ADDRESS: (
        Case.CODE_NOT_ARRIVING,
        "An address that a link goes to is probably mistyped. Correct it before anything is sent.",
    ),
    Cause.CAN_CLAIM: (
        Case.CAN_SIGN_IN,
        "The account can be claimed: the link goes to the address on file.",
    ),
    Cause.CAN_SIGN_IN: (
        Case.CAN_SIGN_IN,
        "The customer can sign in. Send a reset link if they do not know the password.",
    ),
}

_ORDER = {cause: place for place, cause in enumerate(Cause)}


@dataclass(frozen=True)
class Finding:
    """One cause, about one account where there is one."""

    cause: Cause
    customer_id: int | None = None

    @property
    def case(self) -> Case:
        """The case of P1."""
        return self.cause.case

    @property
    def sentence(self) -> str:
        """What it is and what to do, for the operator."""
        return self.cause.sentence


def blocking_first(findings: set[Finding]) -> tuple[Finding, ...]:
    """Return findings in blocking order."""
    return tuple(sorted(findings, key=lambda found: (_ORDER[found.cause], found.customer_id or 0)))
