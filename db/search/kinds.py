"""The kinds of search terms."""

from enum import IntEnum


class TermKind(IntEnum):
    """What a term stands for."""

    NAME = 1
    PAIR = 2
    EMAIL_TAIL = 3
    CITY = 4
