"""Says the settings as people do: a time with its unit, a table by what it holds."""

from typing import TYPE_CHECKING, Final

import msgspec

from db.queries.typos import TYPO_TABLE
from db.rules.typo_edits import Part, TypoEdits, edited

if TYPE_CHECKING:
    from db.queries.settings import SettingView

UNITS: Final = {"_seconds": "seconds", "_minutes": "minutes", "_hours": "hours"}
"""The end of a setting's name says what its number counts."""
_SECONDS: Final = {"seconds": 1, "minutes": 60, "hours": 3600}
_SPANS: Final = (("day", 86_400), ("hour", 3600), ("min", 60), ("s", 1))


def unit(key: str) -> str:
    """Return what the number of a setting counts, as a plural; empty where it is no time."""
    return next((name for end, name in UNITS.items() if key.endswith(end)), "")


def spoken(key: str, value: str) -> str:
    """Return the value of a setting as it is said: "5 min", "3 days", "37 corrections · ⏎ opens"."""
    if key == TYPO_TABLE:
        return f"{_corrections(value)} corrections · ⏎ opens"
    if key.endswith("_milliseconds"):
        return f"{value} ms"
    return _span(int(value) * _SECONDS[unit(key)]) if unit(key) and value.isdigit() else value


def bounds(view: "SettingView") -> str:
    """Return between what a setting may be chosen, in its unit."""
    counted = unit(view.key)
    if not counted or not view.bounds:
        return view.bounds
    least, most = (spoken(view.key, end) for end in view.bounds.split(" to "))
    return f"{least} to {most}; typed in {counted}, {view.bounds}"


def _corrections(value: str) -> int:
    table = edited(msgspec.json.decode(value, type=TypoEdits))
    return sum(len(getattr(table, part.field)) for part in Part)


def _span(seconds: int) -> str:
    """Return a time in the largest units that make it whole: 90 minutes are "1 hour 30 min"."""
    parts = []
    for name, size in _SPANS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 and name in ('day', 'hour') else ''}")
    return " ".join(parts) or "0 s"
