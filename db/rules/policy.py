"""The policy that admins edit: every limit and choice of the product, with its bounds.

This class is the manual of the settings: each field's description is what the settings screen and
the documentation show. A value outside its bounds cannot be saved.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from db.rules.dedup import DedupMode
from db.rules.typo_edits import TypoEdits


class SignInOrder(StrEnum):
    """Whether a customer proves the password or the one-time code first (P3)."""

    PASSWORD_FIRST = "password-first"
    CODE_FIRST = "code-first"


class GrantEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An edited row of the role table."""

    alone: tuple[str, ...]
    by_request: tuple[str, ...] = ()


Flag = Annotated[bool, Meta()]


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings with their shipped values."""

    dedup_mode: Annotated[
        DedupMode,
        Meta(title="Duplicate detection", description="Which contact must be one customer's only (P4)."),
    ] = DedupMode.OFF
    one_card_each: Annotated[
        bool, Meta(title="One card each", description="Refuse a second active pass for a customer.")
    ] = False
    plus_tags: Annotated[bool, Meta(title="Ignore plus-tags", description="Compare joan+x@… as joan@….")] = (
        False
    )
    gmail_dots: Annotated[
        bool, Meta(title="Ignore Gmail dots", description="Compare j.o@gmail.com as jo@gmail.com.")
    ] = False
    phone_region: Annotated[
        str,
        Meta(
            title="Phone region",
            description="Country of a number without a country code, two letters.",
            pattern="^[A-Z]{2}$",
        ),
    ] = "US"
    reset_minutes: Annotated[
        int,
        Meta(title="Reset link lives", description="Minutes; at most 24 hours (R17).", ge=5, le=1440),
    ] = 60
    activation_minutes: Annotated[
        int,
        Meta(title="Activation link lives", description="Minutes; at most 24 hours (R17).", ge=5, le=1440),
    ] = 1440
    confirm_minutes: Annotated[
        int,
        Meta(title="Confirmation link lives", description="Minutes; at most 24 hours (R17).", ge=5, le=1440),
    ] = 1440
    sends_per_minute: Annotated[
        int,
        Meta(title="Sends a minute", description="Links to one customer, of one kind (R20).", ge=1, le=10),
    ] = 1
    sends_per_hour: Annotated[
        int, Meta(title="Sends an hour", description="Links to one customer, of one kind (R20).", ge=1, le=60)
    ] = 5
    operator_sends_per_hour: Annotated[
        int, Meta(title="Sends an hour by one operator", description="All kinds (R20).", ge=5, le=2000)
    ] = 120
    all_sends_per_hour: Annotated[
        int, Meta(title="Sends an hour by everybody", description="All kinds (R20).", ge=10, le=100_000)
    ] = 2000
    all_codes_per_hour: Annotated[
        int,
        Meta(
            title="Codes an hour to everybody",
            description="Keeps the bill for text messages bounded (R20).",
            ge=10,
            le=1_000_000,
        ),
    ] = 20_000
    sign_in_order: Annotated[
        SignInOrder,
        Meta(title="Order of sign-in", description="Password, then the code; or the code first (P3)."),
    ] = SignInOrder.PASSWORD_FIRST
    code_digits: Annotated[
        int, Meta(title="Digits of a code", description="Of a one-time code (R17).", ge=6, le=8)
    ] = 6
    code_minutes: Annotated[
        int,
        Meta(title="Code lives", description="Minutes after delivery; at most 10 (R17).", ge=1, le=10),
    ] = 10
    code_tries: Annotated[
        int, Meta(title="Tries of a code", description="Wrong entries that end a code (R17).", ge=1, le=5)
    ] = 5
    code_failures: Annotated[
        int,
        Meta(
            title="Wrong codes in a row",
            description="Over all codes; then the sign-in is locked (R17).",
            ge=10,
            le=100,
        ),
    ] = 100
    sign_in_failures: Annotated[
        int,
        Meta(
            title="Wrong passwords in a row",
            description="Then the sign-in is locked (P1 case 8).",
            ge=3,
            le=100,
        ),
    ] = 10
    session_hours: Annotated[
        int, Meta(title="Customer session", description="Hours until a customer is signed out.", ge=1, le=720)
    ] = 12
    failure_hours: Annotated[
        int,
        Meta(
            title="Failed message counts",
            description="Hours in which the last message to an address, where it failed or came back, keeps"
            " codes from it (P1 case 9).",
            ge=1,
            le=168,
        ),
    ] = 24
    cool_down_hours: Annotated[
        int,
        Meta(
            title="Cool-down",
            description="Hours in which no link goes to an address that replaced a verified one (R31).",
            ge=1,
            le=168,
        ),
    ] = 24
    takeover_cool_down_hours: Annotated[
        int,
        Meta(
            title="Cool-down under a takeover flag",
            description="Hours, as above, for a flagged customer (R31).",
            ge=24,
            le=720,
        ),
    ] = 72
    link_host: Annotated[
        str,
        Meta(
            title="Link host",
            description="Where links lead, https only (R23); the configuration file overrides it.",
            pattern="^https://[a-z0-9.-]+(:[0-9]+)?$",
        ),
    ] = "https://account.example.com"
    mail_from: Annotated[
        str, Meta(title="Mail from", description="Sender of every mail.", max_length=320)
    ] = "Customer Support <support@example.com>"
    support_address: Annotated[
        str, Meta(title="Support address", description="Where customers forward mails to.", max_length=320)
    ] = "support@example.com"
    mail_signature: Annotated[
        str, Meta(title="Signature", description="Last line of every mail.", max_length=200)
    ] = "Your support team"
    delivery_attempts: Annotated[
        int, Meta(title="Delivery attempts", description="Tries before a message fails.", ge=1, le=20)
    ] = 6
    delivery_backoff_seconds: Annotated[
        int,
        Meta(
            title="First wait", description="Seconds before the second try; doubles each time.", ge=1, le=3600
        ),
    ] = 30
    idle_lock_minutes: Annotated[
        int,
        Meta(
            title="Idle lock", description="Minutes without a key before data is hidden (R42).", ge=1, le=60
        ),
    ] = 5
    role_table: Annotated[
        dict[str, GrantEdit],
        Meta(title="Role table", description="Edited rows: right to roles alone and by request."),
    ] = {}
    help_subject: Annotated[
        str,
        Meta(
            title="Subject of the help mail",
            description="What the mail with steps to get in is called (P5).",
            min_length=1,
            max_length=120,
        ),
    ] = "Troubleshooting Your Login Issue"
    help_link: Annotated[
        str,
        Meta(
            title="Browser instructions",
            description="Where the help mail's link to browser instructions leads, https only (P5).",
            pattern="^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/%#-]*)?$",
            max_length=300,
        ),
    ] = "https://help.example.com/browsers"
    duplicate_threshold: Annotated[
        float,
        Meta(
            title="Duplicate threshold",
            description="Bits of evidence from which on two customers count as one person, in a base of a"
            " million; a smaller base needs less.",
            ge=10,
            le=60,
        ),
    ] = 24
    duplicate_contact_cap: Annotated[
        float,
        Meta(
            title="Most that contacts count",
            description="Bits that a shared email, phone and address count together: a household shares all.",
            ge=0,
            le=40,
        ),
    ] = 16
    duplicate_household: Annotated[
        float,
        Meta(
            title="Household",
            description="Bits taken off where the given name is another, the surname the same, and neither"
            " birth date nor pass agree.",
            ge=0,
            le=40,
        ),
    ] = 10
    duplicate_namesake: Annotated[
        float,
        Meta(
            title="Namesake",
            description="Bits taken off where the name is the same and the birth date clearly another:"
            " father and son.",
            ge=0,
            le=40,
        ),
    ] = 16
    answer_milliseconds: Annotated[
        int,
        Meta(
            title="Answer at sign-in",
            description="Milliseconds at least, so that the time does not tell who has an account (A26).",
            ge=0,
            le=2000,
        ),
    ] = 250
    typo_table: Annotated[
        TypoEdits,
        Meta(
            title="Typo table",
            description="Edits of the table of corrections that support may make of an email (P3, R30).",
        ),
    ] = TypoEdits()
