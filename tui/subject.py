"""What an operation is done to, where that is no customer: an operator, a setting, a message."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Its name, the parameters that say which it is, and the version that was seen (R55).

    `version` is None where the operation's own subject is not the thing that was seen.
    """

    label: str
    values: Mapping[str, object]
    version: int | None
