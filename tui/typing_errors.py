"""Fills in what the typo table proposes where a form is about a mistyped email of the customer (P3, R30)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from db.queries.customer import CustomerView
    from tui.bridge import Bridge

CORRECTING: Final = ("change-email", "send-sign-in-link")


async def with_proposal(
    bridge: "Bridge", operation: str, customer: "CustomerView | None", values: Mapping[str, object]
) -> dict[str, object]:
    """Return the values that a form starts with, the corrected address among them where nobody holds it.

    An address that was given already stays, save for the one on file: the form would change nothing.
    """
    filled = dict(values)
    if operation not in CORRECTING or customer is None:
        return filled
    profile = filled.get("profile") or next((each.id for each in customer.emails if each.is_primary), None)
    on_file = next((str(each.address) for each in customer.emails if each.id == profile), None)
    if filled.get("email") not in (None, on_file):
        return filled
    from tui.insight import Insight

    for typo in (await Insight(bridge).opened(customer.id)).typos:
        if typo.profile_id == profile and not typo.held_by:
            return {**filled, "profile": typo.profile_id, "email": typo.after}
    return filled
