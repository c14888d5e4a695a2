"""What admins have changed in the typo table: corrections added or taken out, rules switched off (P3)."""

import re
from enum import StrEnum
from typing import TypeVar

import msgspec

from db.rules import Malformed
from db.rules.typo import SHIPPED, TypoTable

MAX_EDITS = 500
Value = TypeVar("Value")
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_WORD = re.compile(r"[a-z0-9]{1,30}")


class Part(StrEnum):
    """A list of the table: what each line turns into what."""

    MISSPELT_DOMAIN = "misspelt-domain"
    MISSPELT_ENDING = "misspelt-ending"
    MISSING_ENDING = "missing-ending"
    SWAPPED_ENDING = "swapped-ending"

    @property
    def field(self) -> str:
        """The field of the table that holds it."""
        return _FIELDS[self]


_FIELDS = {
    Part.MISSPELT_DOMAIN: "misspelt",
    Part.MISSPELT_ENDING: "misspelt_endings",
    Part.MISSING_ENDING: "bare",
    Part.SWAPPED_ENDING: "swapped",
}
RULES = tuple(rule.id for rule in SHIPPED.rules)


class TypoEdits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The differences from the shipped table; `removed` are wrong spellings that it corrects no more."""

    off: tuple[str, ...] = ()
    added: dict[Part, dict[str, str]] = {}
    removed: dict[Part, tuple[str, ...]] = {}


def edited(edits: TypoEdits, shipped: TypoTable = SHIPPED) -> TypoTable:
    """Return the table in force."""
    if not (edits.off or edits.added or edits.removed):
        return shipped
    parts = {}
    for part in Part:
        lines = {**getattr(shipped, part.field), **edits.added.get(part, {})}
        gone = edits.removed.get(part, ())
        parts[part.field] = {wrong: right for wrong, right in lines.items() if wrong not in gone}
    known = (*shipped.domains, *(right for right in _right_domains(edits) if right not in shipped.domains))
    rules = tuple(rule for rule in shipped.rules if rule.id not in edits.off)
    return TypoTable(rules=rules, domains=known, **parts)


def _right_domains(edits: TypoEdits) -> list[str]:
    """Domains that an added line corrects to are known from then on, so that nothing corrects them away."""
    found = [
        right
        for part, lines in edits.added.items()
        for right in lines.values()
        if part is not Part.MISSPELT_ENDING
    ]
    return list(dict.fromkeys(found))


def add(edits: TypoEdits, part: Part, wrong: str, right: str) -> TypoEdits:
    """Return the edits with one more correction; raise `Malformed` where it could harm a right address."""
    wrong, right = wrong.strip().lower(), right.strip().lower()
    _check(part, wrong, right, edited(edits))
    if sum(map(len, edits.added.values())) >= MAX_EDITS:
        raise Malformed(f"There are {MAX_EDITS} additions already. Take some out first.", field="wrong")
    added = {**edits.added, part: {**edits.added.get(part, {}), wrong: right}}
    removed = {**edits.removed, part: tuple(word for word in edits.removed.get(part, ()) if word != wrong)}
    return msgspec.structs.replace(edits, added=_filled(added), removed=_filled(removed))


def remove(edits: TypoEdits, part: Part, wrong: str) -> TypoEdits:
    """Return the edits with a correction less; raise `Malformed` where the table has no such line."""
    wrong = wrong.strip().lower()
    if wrong not in getattr(edited(edits), part.field):
        raise Malformed(f"The table does not correct {wrong!r} there.", field="wrong")
    added = {word: right for word, right in edits.added.get(part, {}).items() if word != wrong}
    removed = edits.removed.get(part, ())
    if wrong in getattr(SHIPPED, part.field):
        removed = (*removed, wrong)
    return msgspec.structs.replace(
        edits,
        added=_filled({**edits.added, part: added}),
        removed=_filled({**edits.removed, part: removed}),
    )


def wrong_domains(edits: TypoEdits, part: Part, wrong: str, right: str) -> tuple[str, ...]:
    """Return the domains that a line corrects: itself, or for an ending every known name with it."""
    wrong, right = wrong.strip().lower(), right.strip().lower()
    if part is not Part.MISSPELT_ENDING:
        return (wrong,)
    known = (domain.rpartition(".") for domain in edited(edits).domains)
    return tuple(f"{name}.{wrong}" for name, _, ending in known if ending == right)


def switch(edits: TypoEdits, rule: str, *, on: bool) -> TypoEdits:
    """Return the edits with a rule switched; raise `Malformed` where there is none of that name."""
    if rule not in RULES:
        raise Malformed(f"There is no rule {rule!r}. There are: {', '.join(RULES)}.", field="rule")
    off = tuple(name for name in RULES if (name in edits.off and name != rule) or (name == rule and not on))
    return msgspec.structs.replace(edits, off=off)


def _filled(lists: dict[Part, Value]) -> dict[Part, Value]:
    return {part: lines for part, lines in lists.items() if lines}


def _check(part: Part, wrong: str, right: str, table: TypoTable) -> None:
    is_ending = part is Part.MISSPELT_ENDING
    pattern, what = (_WORD, "ending, such as con") if is_ending else (_DOMAIN, "domain, such as gmial.com")
    wrong_pattern = _WORD if part in (Part.MISSPELT_ENDING, Part.MISSING_ENDING) else _DOMAIN
    if not wrong_pattern.fullmatch(wrong):
        raise Malformed(f"The wrong spelling must be a {what}.", field="wrong")
    if not pattern.fullmatch(right):
        raise Malformed("The right spelling must be one too, such as gmail.com.", field="right")
    if wrong == right:
        raise Malformed("Both are the same. Nothing would be corrected.", field="right")
    endings = {domain.rpartition(".")[2] for domain in table.domains}
    if wrong in table.domains or (is_ending and wrong in endings):
        raise Malformed(f"{wrong} is right as it is: customers have addresses there.", field="wrong")
    if right in getattr(table, part.field):
        raise Malformed(f"{right} is itself corrected by the table. Name what it leads to.", field="right")
