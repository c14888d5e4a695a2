"""What a menu offers: operations and the console's own actions, each with its form on the command line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui import catalogue
from tui.action import Action, shown_key

if TYPE_CHECKING:
    from db.operations.forms import FieldInfo
    from tui.bridge import OperationInfo

ACTION: Final = ":"
"""Stands before the id of an action, so that none is taken for an operation."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One line of a menu; `why_not` says why it cannot be chosen, empty where it can."""

    id: str
    label: str
    help: str = ""
    note: str = ""
    command: str = ""
    danger: str = "safe"
    why_not: str = ""

    def has(self, words: Iterable[str]) -> bool:
        """Whether all words occur in its name."""
        name = f"{self.label} {self.id}".casefold()
        return all(word in name for word in words)

    def tells_of(self, words: Iterable[str]) -> bool:
        """Whether all words occur in its name, or begin a word of what it says of itself."""
        said = self.help.casefold().split()
        return all(self.has((word,)) or any(each.startswith(word) for each in said) for word in words)


def operations(
    infos: "Iterable[OperationInfo]",
    *,
    customer: str | None = None,
    is_customer_open: bool = True,
    needless: Mapping[str, str] | None = None,
) -> tuple[Offer, ...]:
    """Offer operations; what needs a customer says so where none is open, what is `needless` says why."""
    return tuple(
        Offer(
            id=info.name,
            label=info.label,
            help=info.help,
            command=command_line(info, customer=customer),
            danger=info.danger,
            why_not=info.why_not
            or (catalogue.OPEN_FIRST if info.needs_customer and not is_customer_open else "")
            or (needless or {}).get(info.name, ""),
        )
        for info in infos
    )


def actions(found: Iterable[Action]) -> tuple[Offer, ...]:
    """Offer the console's own actions, with their keys."""
    return tuple(
        Offer(
            id=f"{ACTION}{action.id}",
            label=action.label.capitalize(),
            help=action.help,
            note=" ".join(shown_key(key) for key in action.keys[:1]),
            command=action.command,
        )
        for action in found
    )


def command_line(info: "OperationInfo", *, customer: str | None = None) -> str:
    """Return an operation as it is typed in a shell, with what it requires."""
    words = [f"latchkey do {info.name}"]
    words += [_option(field, customer) for field in info.fields if field.required]
    return " ".join((*words, "--reason TEXT"))


def _option(field: "FieldInfo", customer: str | None) -> str:
    is_customer = field.kind == "customer"
    value = (customer or "CUSTOMER") if is_customer else "N" if field.type == "int" else "TEXT"
    return f"--{field.name.replace('_', '-')} {value}"
