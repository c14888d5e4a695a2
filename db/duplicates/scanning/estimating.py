"""Learns from the base what chance agreement is worth there, without anybody's judgement.

How often two different people agree (u) comes from pairs drawn at random; how many duplicates there are, and
how many people share an address, from the pairs that are compared anyway.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from db.duplicates.base import FREQUENT
from db.duplicates.households import HOME, OTHER_NAME, SAME_BIRTH, Rules
from db.duplicates.levels import RARITIES, Field
from db.duplicates.scanning.columns import Columns, Ints
from db.duplicates.scanning.comparing import Comparison, among, totals
from db.duplicates.weights import Estimates, Facts, estimated, shipped_weights, weights_of

DRAWN = 600_000
"""Pairs that are drawn at random."""

LOOKED_AT = 300_000
"""Pairs among those to compare that are looked at beforehand, at most."""

BATCH = 100_000

ENOUGH = 2_000
"""Customers from which on an estimate is better than the shipped values."""

LOOKS_LIKE_ONE = 8.0
"""Bits under the shipped weights from which on a drawn pair is no evidence of chance."""

SEED = 20260307


def facts_of(comparison: Comparison, one: Ints, other: Ints) -> Facts:
    """Return what a base is like; `one` and `other` are the pairs to compare."""
    size = comparison.columns.size
    if size < ENOUGH or not len(one):
        return Facts(customers=size)
    rng = np.random.default_rng(SEED)
    u = _chance(comparison, rng)
    scale = max(1.0, len(one) / LOOKED_AT)
    if scale > 1:
        drawn = rng.choice(len(one), LOOKED_AT, replace=False, shuffle=False)
        one, other = one[drawn], other[drawn]
    weights, rules = weights_of(u), Rules()
    doubles = together = apart = 0
    for codes in _batches(comparison, one, other):
        doubles += int((totals(codes, weights, rules) >= rules.threshold).sum())
        home, others = _households(codes)
        together, apart = together + home, apart + others
    return Facts(
        customers=size,
        u=u,
        doubles=doubles * scale,
        households=apart / max(1, together),
        frequent=_frequent(comparison.columns),
    )


def _batches(comparison: Comparison, one: Ints, other: Ints) -> Iterator[list[Ints]]:
    for start in range(0, len(one), BATCH):
        yield comparison.codes(one[start : start + BATCH], other[start : start + BATCH])


def _frequent(columns: Columns) -> dict[str, tuple[int, int]]:
    """Return who bears frequent names, as given and as family name."""
    given, family = (
        np.bincount(columns.fold_of[names], minlength=len(columns.names))
        for names in (columns.given, columns.family)
    )
    often = np.flatnonzero(given + family > columns.size / FREQUENT)
    return {columns.names[at]: (int(given[at]), int(family[at])) for at in often if columns.names[at]}


def _chance(comparison: Comparison, rng: np.random.Generator) -> Estimates:
    size = comparison.columns.size
    one = rng.integers(0, size, DRAWN)
    other = (one + rng.integers(1, size, DRAWN)) % size
    drawn: dict[Field, Counter[int]] = {field: Counter() for field in Field}
    for codes in _batches(comparison, one, other):
        # Duplicates among the drawn would make every agreement look common where a base has many of them.
        apart = totals(codes, shipped_weights(), Rules()) < LOOKS_LIKE_ONE
        for field, of_field in zip(Field, codes, strict=True):
            levels, counts = np.unique(of_field[apart] // RARITIES, return_counts=True)
            drawn[field].update(dict(zip(levels.tolist(), counts.tolist(), strict=True)))
    return {field.name.lower(): estimated(field, counts) for field, counts in drawn.items()}


def _households(codes: list[Ints]) -> tuple[int, int]:
    """Return how many share an address, and how many of these another given name and no birth date."""
    home = among(codes[Field.ADDRESS] // RARITIES, HOME)
    other_name = among(codes[Field.GIVEN] // RARITIES, OTHER_NAME)
    other_birth = ~among(codes[Field.BIRTH] // RARITIES, SAME_BIRTH)
    return int(home.sum()), int((home & other_name & other_birth).sum())
