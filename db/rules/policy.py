"""The policy that admins edit: every limit and choice of the product, with its bounds.

This class is the manual of the settings: each field's description is what the settings screen and
the documentation show. A value outside its bounds cannot be saved.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from db.rules.dedup import DedupMode


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
