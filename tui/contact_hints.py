"""Says at a contact field of a form why it is required, or asked for at all (P4)."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from db.queries.customer import CustomerView
    from tui.bridge import Bridge, OperationInfo

FIRST_CONTACTS: Final = ("first-email", "first-phone")
REPLACEMENTS: Final = ("replacement-email", "replacement-phone")


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
