"""Edits the typo table: one correction added or taken out, or a rule switched on or off (P3, R30)."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta
from sqlalchemy import or_, select

from db.errors import Invalid
from db.models import EmailProfile, SearchTerm, Setting
from db.operation import Operation, Params
from db.rules.roles import Right
from db.rules.typo_edits import Part, TypoEdits, add, remove, switch, wrong_domains
from db.search.kinds import TermKind
from db.setting_rows import setting_row, write_setting
from db.transaction import Transaction

KEY = "typo_table"


class Edit(StrEnum):
    """What is done to the table."""

    ADD = "add"
    REMOVE = "remove"
    SWITCH_OFF = "switch-off"
    SWITCH_ON = "switch-on"


class ChangeTypoTable(Params, frozen=True, kw_only=True):
    """One edit: a line of a list by its wrong spelling, or a whole rule."""

    edit: Annotated[Edit, Meta(title="Edit", description="add, remove, switch-off or switch-on.")]
    part: (
        Annotated[Part, Meta(title="List", description="For add and remove: which list of the table.")] | None
    ) = None
    wrong: Annotated[str, Meta(title="Wrong", description="Such as gmial.com.", max_length=253)] | None = None
    right: (
        Annotated[str, Meta(title="Right", description="For add: such as gmail.com.", max_length=253)] | None
    ) = None
    rule: (
        Annotated[
            Literal["stray-characters", "dots", "missing-ending", "misspelt-domain", "swapped-ending"],
            Meta(title="Rule", description="For switch-off and switch-on."),
        ]
        | None
    ) = None


def subject(transaction: Transaction, _params: ChangeTypoTable) -> Setting:
    """Return the setting, locked."""
    return setting_row(transaction, KEY)


def apply(transaction: Transaction, params: ChangeTypoTable) -> None:
    """Write the edited table; it holds for what is corrected from now on."""
    edits = _edited(transaction.policy.typo_table, params)
    if params.edit is Edit.ADD and params.part and params.wrong and params.right:
        _refuse_working(transaction, wrong_domains(edits, params.part, params.wrong, params.right))
    write_setting(transaction, KEY, edits)


def _refuse_working(transaction: Transaction, domains: tuple[str, ...]) -> None:
    """Raise `Invalid` where a verified address is on a domain that would count as wrong (decision 0012)."""
    verified = (
        select(EmailProfile.canonical)
        .join(SearchTerm, SearchTerm.customer_id == EmailProfile.customer_id)
        .where(
            SearchTerm.kind == TermKind.EMAIL_TAIL,
            SearchTerm.term.in_(domains),
            EmailProfile.verified_at.is_not(None),
            or_(*(EmailProfile.canonical.endswith(f"@{domain}", autoescape=True) for domain in domains)),
        )
        .limit(1)
    )
    found = transaction.connection.execute(verified).scalar() if domains else None
    if found is not None:
        domain = found.rpartition("@")[2]
        raise Invalid(
            f"A customer's verified address is on {domain}, so it is right as it is. Nothing was saved.",
            field="wrong",
        )


def _edited(edits: TypoEdits, params: ChangeTypoTable) -> TypoEdits:
    if params.edit in (Edit.SWITCH_OFF, Edit.SWITCH_ON):
        if params.rule is None:
            raise Invalid("Say which rule is switched.", field="rule")
        return switch(edits, params.rule, on=params.edit is Edit.SWITCH_ON)
    if params.part is None:
        raise Invalid("Say which list of the table is meant.", field="part")
    if not params.wrong:
        raise Invalid("Say which wrong spelling is meant, such as gmial.com.", field="wrong")
    if params.edit is Edit.REMOVE:
        return remove(edits, params.part, params.wrong)
    if not params.right:
        raise Invalid("Say what it is corrected to, such as gmail.com.", field="right")
    return add(edits, params.part, params.wrong, params.right)


OPERATION = Operation(
    name="change-typo-table",
    label="Change typo table",
    help="Adds or takes out a correction that support may make of an email, or switches a rule.",
    params=ChangeTypoTable,
    right=Right.SETTINGS,
    subject=subject,
    apply=apply,
    group="settings",
)
