"""Joins pairs into groups: who is connected by pairs is one group; pure."""

from collections import defaultdict
from collections.abc import Iterable


def groups_of(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return the groups that pairs make, each in order, the largest first."""
    above: dict[int, int] = {}

    def root(number: int) -> int:
        while above.setdefault(number, number) != number:
            above[number] = number = above[above[number]]
        return number

    for one, other in pairs:
        above[root(one)] = root(other)
    members: dict[int, list[int]] = defaultdict(list)
    for number in above:
        members[root(number)].append(number)
    return sorted(
        (tuple(sorted(group)) for group in members.values()), key=lambda group: (-len(group), group)
    )
