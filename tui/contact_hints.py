"""Says why a contact field of a form is asked for (P4), and what needs no doing to a contact."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from db.queries.customer import CustomerView
    from db.queries.profiles import EmailView, PhoneView
    from tui.bridge import Bridge, OperationInfo

FIRST_CONTACTS: Final = ("first-email", "first-phone")
REPLACEMENTS: Final = ("replacement-email", "replacement-phone")
PUT_BACK: Final = "put-back"
"""A choice that only taking a change back brings with it."""


async def contact_hints(
    bridge: "Bridge", info: "OperationInfo", customer: "CustomerView | None"
) -> dict[str, str]:
    """Return a sentence for each contact field that the policy or a collision asks for, by field name."""
    names = {field.kind: field.name for field in info.fields}
    asked: dict[str, str] = {}
    if names.keys() & set(REPLACEMENTS) and customer is not None:
        reasons = await bridge.asked_at_reactivation(customer.id)
        asked = {f"replacement-{kind}": why for kind, why in reasons.items()}
    elif names.keys() & set(FIRST_CONTACTS):
        mode = (await bridge.policy()).dedup_mode
        why = f"required: duplicate detection is {mode.value.replace('-', ' ')}"
        required = {"first-email": mode.requires_email, "first-phone": mode.requires_phone}
        asked = {kind: why for kind, is_required in required.items() if is_required}
    return {names[kind]: why for kind, why in asked.items() if kind in names}


def needless_on_contact(kind: str, found: "EmailView | PhoneView", now: datetime) -> dict[str, str]:
    """Return the operations that would change nothing on an email or a phone, each with why."""
    is_cooling = found.cool_down_until is not None and found.cool_down_until > now
    reasons = {
        f"make-{kind}-primary": "it is primary" if found.is_primary else "",
        f"mark-{kind}-verified": "it is verified" if found.state == "verified" else "",
        f"mark-{kind}-bouncing": "it is bouncing" if found.state == "bouncing" else "",
        "shorten-cool-down": "" if is_cooling else "none runs",
    }
    return {name: why for name, why in reasons.items() if why}
