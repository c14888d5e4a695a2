"""Chooses the pairs that are compared: those with one of twelve keys in common, in no too large block."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from doublemetaphone import doublemetaphone

from db.duplicates.scanning.columns import Columns, Ints, Shared

CAP: Final = 60
"""Customers in a block from which on it is passed over: so many share a key by chance."""

SMALL_CAP: Final = 12
"""The same for keys that alone say little."""

LOCAL_CAP: Final = 20

_MULTIPLIERS = tuple(
    np.uint64(number)
    for number in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)
)
_SHIFT = np.uint64(29)


def pairs(columns: Columns) -> Ints:
    """Return all pairs to compare, each once, as `row * 2**32 + other row`, in order."""
    found = [_within(*block) for block in blocks(columns)]
    everything = np.concatenate(found) if found else np.empty(0, dtype=np.uint64)
    found.clear()
    everything.sort()
    if not len(everything):
        return everything
    is_new = np.ones(len(everything), dtype=bool)
    is_new[1:] = everything[1:] != everything[:-1]
    return everything[is_new]


def blocks(columns: Columns) -> Iterator[tuple[Ints, Ints, int]]:
    """Yield for each kind of key the rows that have one, their keys, and the largest block."""
    for shared, cap in ((columns.emails, CAP), (columns.locals, LOCAL_CAP), (columns.phones, CAP)):
        yield _of(shared, cap)
    given, family = _sounds(columns)
    low, high = np.minimum(given, family), np.maximum(given, family)
    has_names = (given > 0) & (family > 0)
    everybody = np.arange(columns.size, dtype=np.int32)
    born, house, street = columns.born, columns.house, columns.street
    postcode, city = columns.postcode, columns.city
    has_city = city != _none(columns)
    is_born = born > 0
    has_postcode, has_house = postcode != _none(columns), house != 0
    has_street = (street != _none(columns)) & has_house
    kinds = (
        (has_names & is_born, (low, high, born // 10_000), CAP),
        (has_names & has_postcode, (low, high, postcode), CAP),
        (is_born & (family > 0), (born, family), CAP),
        (is_born & (given > 0), (born, given), CAP),
        (has_house & has_postcode & (given > 0), (house, postcode, given), CAP),
        (has_names, (low, high), SMALL_CAP),
        (has_street, (house, street), SMALL_CAP),
        (is_born, (born,), SMALL_CAP),
        (has_postcode & (family > 0), (postcode, family), SMALL_CAP),
        (has_postcode & (given > 0), (postcode, given), SMALL_CAP),
        (has_city & (family > 0), (city, family), SMALL_CAP),
        (has_street & (family > 0), (street, family), SMALL_CAP),
        (has_street & (given > 0), (street, given), SMALL_CAP),
    )
    for number, (is_known, parts, cap) in enumerate(kinds, start=4):
        rows = everybody[is_known]
        yield rows, _mixed(number, [part[is_known] for part in parts]), cap


def _none(columns: Columns) -> int:
    return columns.places.index("")


def _of(shared: Shared, cap: int) -> tuple[Ints, Ints, int]:
    return shared.rows, shared.values.view(np.uint64), cap


def _sounds(columns: Columns) -> tuple[Ints, Ints]:
    """Return how given and family names sound, as numbers from 1 on; 0 where there is no name."""
    codes: dict[str, int] = {}
    by_name = np.array([_sound(name, codes) for name in columns.names], dtype=np.int64)
    return by_name[columns.fold_of[columns.given]], by_name[columns.fold_of[columns.family]]


def _sound(name: str, codes: dict[str, int]) -> int:
    if not name:
        return 0
    longest = max(name.split(" "), key=len)
    return codes.setdefault(doublemetaphone(longest)[0] or longest, len(codes) + 1)


def _mixed(kind: int, parts: list[Ints]) -> Ints:
    """Return a hash of 8 bytes of some numbers."""
    mixed = np.full(len(parts[0]), kind, dtype=np.uint64)
    for part, multiplier in zip(parts, _MULTIPLIERS, strict=False):
        mixed = (mixed ^ part.astype(np.int64).view(np.uint64)) * multiplier
        mixed ^= mixed >> _SHIFT
    return mixed


def _within(rows: Ints, keys: Ints, cap: int) -> Ints:
    """Return the pairs of rows with the same key, in blocks of at most `cap`."""
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], rows[order].astype(np.uint64)
    size = _run_lengths(keys)
    in_block = (size > 1) & (size <= cap)
    keys, rows = keys[in_block], rows[in_block]
    found = []
    for step in range(1, cap):
        at = np.flatnonzero(keys[step:] == keys[:-step])
        if not len(at):
            break
        one, other = rows[at], rows[at + step]
        found.append(np.minimum(one, other) << np.uint64(32) | np.maximum(one, other))
    return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)


def _run_lengths(ordered: Ints) -> Ints:
    """Return for each of some ordered numbers how often it occurs."""
    if not len(ordered):
        return np.empty(0, dtype=np.int64)
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    lengths = np.diff(np.append(begins, len(ordered)))
    return np.repeat(lengths, lengths)
