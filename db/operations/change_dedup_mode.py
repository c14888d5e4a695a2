"""Changes which contact value must be one customer's only (P4)."""

from typing import Annotated

from msgspec import Meta

from db.models import Setting
from db.operation import Operation, Params
from db.rules.dedup import DedupMode
from db.rules.roles import Right
from db.rules.wording import counted
from db.setting_rows import setting_row, write_setting
from db.transaction import Transaction


class ChangeDedupMode(Params, frozen=True, kw_only=True):
    """The mode to put in force."""

    mode: Annotated[
        DedupMode, Meta(title="Duplicate detection", description="off, by-phone, by-email or by-both.")
    ]


def subject(transaction: Transaction, _params: ChangeDedupMode) -> Setting:
    """Return the setting, locked."""
    transaction.hold_comparison()
    return setting_row(transaction, "dedup_mode")


def apply(transaction: Transaction, params: ChangeDedupMode) -> None:
    """Put the mode in force; duplicates already there stay, are counted in a warning, and are queued."""
    from db.duplicates.collected import store_collisions
    from db.queries.collisions import collision_groups, count_groups

    write_setting(transaction, "dedup_mode", params.mode)
    groups = collision_groups(transaction.connection, params.mode)
    found = count_groups(transaction.connection, params.mode, groups)
    if not found.customers:
        return
    transaction.warn(
        f"{counted(found.customers, 'customer')} in {counted(found.groups, 'group')} share a value"
        " already. They stay as they are until they are changed or merged."
    )
    added = store_collisions(transaction.session, groups)
    if added:
        transaction.will(f"{counted(added, 'pair')} that collide go into the queue of duplicates")


OPERATION = Operation(
    name="change-dedup-mode",
    label="Change duplicate detection",
    help="Sets which contact no two live customers may share. The preview counts what would collide.",
    params=ChangeDedupMode,
    right=Right.DEDUP_MODE,
    subject=subject,
    apply=apply,
    group="settings",
)
