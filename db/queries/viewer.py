"""Who looks, and the one place that decides whether a personal value is shown or masked (R25)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

_HIDDEN = "•••••••"


@dataclass(frozen=True)
class Viewer:
    """The operator who reads, and the interaction in which they do.

    `is_masked`: whether personal values stay hidden; the shipped policy shows them.
    """

    operator_id: str
    interaction: int | None = None
    is_masked: bool = False


@dataclass(frozen=True)
class Personal:
    """A personal value as it may be seen: clear, or masked."""

    text: str
    is_masked: bool = False

    def __str__(self) -> str:
        return self.text


def hide(_value: str) -> str:
    """Mask a value of which no part may be seen; the length tells nothing."""
    return _HIDDEN


def shown(viewer: Viewer, value: str | date | None, mask: Callable[[str], str] = hide) -> Personal | None:
    """Return a value as this viewer may see it; `mask` leaves what a kind of value lets be recognised."""
    if value is None:
        return None
    text = value if isinstance(value, str) else value.isoformat()
    return Personal(mask(text), is_masked=True) if viewer.is_masked else Personal(text)


def personal(viewer: Viewer, value: str, mask: Callable[[str], str] = hide) -> Personal:
    """Return a value that is always there, as this viewer may see it."""
    return Personal(mask(value), is_masked=True) if viewer.is_masked else Personal(value)
