"""What the columns of the database are called on a screen, and how their values read there."""

import json
import re
from typing import Final

SETTING: Final = "setting.value"
"""Kept as JSON, in which a text has quotes."""
LABELS: Final[dict[str, str]] = {
    "customer.given_name": "given name",
    "customer.family_name": "family name",
    "customer.birth_date": "birth date",
    "customer.status": "customer status",
    "customer.takeover_flag": "takeover flag",
    "customer.email_cool_down_until": "email cool-down",
    "customer.phone_cool_down_until": "phone cool-down",
    "address.street": "street",
    "address.city": "city",
    "address.state": "state",
    "address.postcode": "postcode",
    "address.country": "country",
    "address.is_primary": "primary address",
    "email_profile.address": "email",
    "email_profile.state": "email state",
    "email_profile.is_primary": "primary email",
    "email_profile.cool_down_until": "links wait until",
    "phone_profile.number": "phone",
    "phone_profile.kind": "phone kind",
    "phone_profile.state": "phone state",
    "phone_profile.is_primary": "primary phone",
    "phone_profile.cool_down_until": "codes wait until",
    "authentication_profile.username": "username",
    "authentication_profile.password_hash": "password",
    "authentication_profile.state": "sign-in state",
    "authentication_profile.failed_count": "failed sign-ins",
    "authentication_profile.last_sign_in_at": "last sign-in",
    "pass.pass_id": "pass id",
    "pass.state": "pass state",
    "authorised_person.given_name": "authorised: given",
    "authorised_person.family_name": "authorised: family",
    "authorised_person.relation": "relation",
    "contract.number": "contract number",
    "contract.street": "job street",
    "contract.city": "job city",
    "contract.state": "job state",
    "contract.postcode": "job postcode",
    "phase.name": "phase",
    "phase.state": "phase state",
    "phase.position": "phase position",
    "duplicate_pair.state": "duplicate",
    "duplicate_pair.reason": "judged so because",
    "duplicate_pair.judged_by": "judged by",
    "duplicate_pair.judged_at": "judged",
    "customer_merge.absorbed": "merged into this one",
    "customer_merge.digest": "fingerprint of the merge's ledger",
    "customer_merge.undone_at": "merge undone",
    "customer_merge.undone_by": "merge undone by",
    "email_profile.confirm_before_use": "email waits to be confirmed",
    "phone_profile.confirm_before_use": "phone waits to be confirmed",
    "customer.merged_into_id": "leads to",
    "link.void_reason": "link ended because",
    "link.voided_at": "link ended",
    "link.used_at": "link used",
    "link.opened_at": "link opened",
    "link.expires_at": "link runs until",
    "link.lifetime_minutes": "link lives (min)",
    "link.secret_hash": "link secret",
    "link.email_profile_id": "link sent to email",
    "one_time_code.email_profile_id": "code sent to email",
    "one_time_code.phone_profile_id": "code sent to phone",
    "message.reference": "message reference",
    "message.recipient": "message to",
    "message.kind": "message",
    "message.state": "message state",
    "message.attempts": "delivery attempts",
    "message.reply": "server's answer",
    "message.sent_at": "message sent",
    "note.text": "note",
    "operator.display_name": "operator name",
    "operator.is_active": "operator active",
    "operator.os_user": "system account",
    "operator.role": "role",
    "setting.key": "setting",
    "setting.value": "setting value",
}

MESSAGE_KINDS: Final[dict[str, str]] = {
    "reset": "reset link",
    "activation": "activation link",
    "confirm": "confirmation link",
    "notice-old": "notice to the old address",
    "notice-new": "notice to the new address",
    "notice-security": "security notice",
}

OUTCOMES: Final[dict[str, str]] = {
    "applied": "✓ applied",
    "refused": "✗ refused",
    "seen": "· seen",
    "failed": "✗ failed",
    "pending": "… pending",
}

_OF_CUSTOMER: Final = (".customer_id", ".merged_into_id")
_MOMENT: Final = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ$")


def label(field: str) -> str:
    """Return the words for a `table.column`; an unlisted one reads as its own column name."""
    table, _, column = field.rpartition(".")
    if column == "customer_id":
        return f"whose {table.replace('_', ' ')}"
    return LABELS.get(field) or column.replace("_", " ")


def value(text: str, *, field: str = "") -> str:
    """Return a recorded value as a person reads it: a moment without seconds, a setting's text unquoted."""
    if field == SETTING and text.startswith('"'):
        return str(json.loads(text))
    if field.endswith(_OF_CUSTOMER) and text.isdigit():
        return f"C-{text}"
    return _MOMENT.sub(r"\1 \2 UTC", text)


def outcome(name: str) -> str:
    """Return an outcome with its glyph."""
    return OUTCOMES.get(name, name)
