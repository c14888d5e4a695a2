"""What an operation is done to, where that is no customer: an operator, a setting, a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.operations.forms import FieldInfo


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Its name, the parameters that say which it is, and the version that was seen (R55).

    `version` is None where the operation's own subject is not the thing that was seen. `titles` are what
    fields are called here, by name: a number of minutes says so.
    """

    label: str
    values: Mapping[str, object]
    version: int | None
    titles: Mapping[str, str] = field(default_factory=dict)

    def named(self, info: "FieldInfo") -> "FieldInfo":
        """Return a field as it is called here."""
        return replace(info, title=self.titles.get(info.name, info.title))
