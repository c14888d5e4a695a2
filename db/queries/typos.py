"""Reads the typo table as an admin edits it: each rule with its lines, and which of them were edited."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.models import Setting
from db.rules.typo import SHIPPED, TypoTable
from db.rules.typo_edits import Part, TypoEdits
from db.settings import load_policy, typo_table

TYPO_TABLE: Final = "typo_table"
SHIPPED_LINE, ADDED, REMOVED = "shipped", "added", "removed"
PARTS: Final = {
    "missing-ending": (Part.MISSING_ENDING,),
    "misspelt-domain": (Part.MISSPELT_DOMAIN, Part.MISSPELT_ENDING),
    "swapped-ending": (Part.SWAPPED_ENDING,),
}
"""The lists that a rule reads; the other rules go by characters alone."""


@dataclass(frozen=True)
class TypoLine:
    """One correction of a list; `state` is shipped, added or removed."""

    rule: str
    part: str
    wrong: str
    right: str
    state: str


@dataclass(frozen=True)
class TypoRuleView:
    """One rule, in the order in which they are tried."""

    id: str
    label: str
    example: tuple[str, str]
    is_on: bool
    lines: tuple[TypoLine, ...]


@dataclass(frozen=True)
class TypoTableView:
    """The table in force, to try addresses on, and its rules; `version` is what an edit has to name (R55)."""

    table: TypoTable
    rules: tuple[TypoRuleView, ...]
    version: int


def read_typo_table(connection: Connection) -> TypoTableView:
    """Return the typo table with its edits."""
    policy = load_policy(connection)
    version = connection.execute(select(Setting.version).where(Setting.key == TYPO_TABLE)).scalar()
    return TypoTableView(typo_table(policy), _rules(policy.typo_table), version or 0)


def _rules(edits: TypoEdits) -> tuple[TypoRuleView, ...]:
    return tuple(
        TypoRuleView(
            id=rule.id,
            label=rule.label,
            example=rule.example,
            is_on=rule.id not in edits.off,
            lines=tuple(line for part in PARTS.get(rule.id, ()) for line in _lines(rule.id, part, edits)),
        )
        for rule in SHIPPED.rules
    )


def _lines(rule: str, part: Part, edits: TypoEdits) -> tuple[TypoLine, ...]:
    """Return a list with what was edited first; a shipped line that was given another target is added."""
    shipped: dict[str, str] = getattr(SHIPPED, part.field)
    added, removed = edits.added.get(part, {}), edits.removed.get(part, ())
    found = [TypoLine(rule, part.value, wrong, right, ADDED) for wrong, right in added.items()]
    for wrong, right in shipped.items():
        if wrong in removed:
            found.append(TypoLine(rule, part.value, wrong, right, REMOVED))
    for wrong, right in shipped.items():
        if wrong not in removed and wrong not in added:
            found.append(TypoLine(rule, part.value, wrong, right, SHIPPED_LINE))
    return tuple(found)
