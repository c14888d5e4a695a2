"""Changes one setting of the policy, within its bounds."""

from typing import Annotated, Any

import msgspec
import phonenumbers
from msgspec import Meta

from db import canonical_forms
from db.errors import Invalid
from db.models import Setting
from db.operation import Operation, Params
from db.queries.collisions import try_mode
from db.rules.policy import Policy
from db.rules.roles import Right
from db.rules.wording import counted
from db.setting_rows import setting_row, write_setting
from db.settings import check_value
from db.transaction import Transaction

COMPARES_EMAILS = frozenset({"plus_tags", "gmail_dots"})
_OWN_OPERATION = {"dedup_mode": "change-dedup-mode", "typo_table": "change-typo-table"}
_SPOKEN = {"yes": "true", "on": "true", "no": "false", "off": "false"}


class ChangeSetting(Params, frozen=True, kw_only=True):
    """Which setting gets which value."""

    key: Annotated[str, Meta(title="Setting", max_length=60, extra={"kind": "setting"})]
    value: Annotated[
        str,
        Meta(
            title="Value",
            description="A number, yes or no, a text; rows of the role table as JSON.",
            max_length=10_000,
        ),
    ]


def subject(transaction: Transaction, params: ChangeSetting) -> Setting:
    """Return the setting, locked; raise `Invalid` where it is not this operation's to change."""
    if params.key in _OWN_OPERATION:
        raise Invalid(f"This setting has an operation of its own: {_OWN_OPERATION[params.key]}.", field="key")
    if params.key in COMPARES_EMAILS:
        transaction.hold_comparison()
    return setting_row(transaction, params.key)


def apply(transaction: Transaction, params: ChangeSetting) -> None:
    """Write the value, and all that is compared differently from now on."""
    value = check_value(params.key, _read(params.key, params.value))
    if params.key == "phone_region":
        _check_region(value)
        transaction.will("numbers on file keep their country; the region is for those typed from now on")
    write_setting(transaction, params.key, value)
    if params.key in COMPARES_EMAILS:
        _renew(transaction, is_told=value == getattr(transaction.policy, params.key))


def _read(key: str, typed: str) -> Any:
    """JSON where it is meant as such, else the plain text, which the policy converts."""
    text = typed.strip()
    if text[:1] in ("{", "[", '"'):
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            return text
    if isinstance(getattr(Policy(), key), bool):
        return _SPOKEN.get(text.lower(), text.lower())
    return text


def _check_region(region: str) -> None:
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise Invalid(
            "There is no such region. Give the two letters of a country, such as US.", field="value"
        )


def _renew(transaction: Transaction, *, is_told: bool) -> None:
    """Compare anew; where the value stays, that mends what was compared otherwise, and is what is told."""
    count = canonical_forms.renew(transaction, is_told=is_told)
    transaction.will(f"{count} stored emails and usernames are compared anew")
    transaction.session.flush()
    found = try_mode(transaction.connection, transaction.policy.dedup_mode)
    if found.customers:
        transaction.warn(
            f"{counted(found.customers, 'customer')} in {counted(found.groups, 'group')} share a value now."
            " They stay as they are until they are changed or merged."
        )


OPERATION = Operation(
    name="change-setting",
    label="Change setting",
    help="Sets a limit or a choice of the policy, within its bounds. Whatever a setting compares is"
    " compared anew at once.",
    params=ChangeSetting,
    right=Right.SETTINGS,
    subject=subject,
    apply=apply,
    group="settings",
)
