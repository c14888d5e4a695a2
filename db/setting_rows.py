"""The rows behind the policy: an edited value, or the shipped one made visible for an edit."""

from typing import Any

import msgspec

from db.models import Setting
from db.rules.policy import Policy
from db.settings import check_key, check_value
from db.transaction import Transaction


def setting_row(transaction: Transaction, key: str) -> Setting:
    """Return the row of a setting, locked; one that was never edited starts with its shipped value."""
    check_key(key)
    transaction.hold("setting", key)
    found = transaction.session.get(Setting, key, with_for_update=True)
    if found is None:
        found = transaction.add(Setting(key=key, value=_encoded(getattr(Policy(), key)), version=0))
        transaction.session.ledger.forget(found)
    return found


def write_setting(transaction: Transaction, key: str, value: Any) -> None:
    """Change a setting after its bounds were checked; raise `Invalid` outside them."""
    row = setting_row(transaction, key)
    row.value = _encoded(check_value(key, msgspec.to_builtins(value)))
    transaction.session.flush()


def _encoded(value: Any) -> str:
    is_whole = isinstance(value, float) and value.is_integer()  # 24 and 24.0 are no change of each other
    return msgspec.json.encode(int(value) if is_whole else value).decode()
