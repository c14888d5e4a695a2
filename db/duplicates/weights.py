"""Turns levels of agreement into bits of evidence: log2(m / u), rarer values counting more."""

import math
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from db.duplicates.levels import BY_RARITY, LEVELS, LEVELS_OF, RARITIES, Codes, Field

NAME_PRIOR = {Field.GIVEN: 1 / 1_024, Field.FAMILY: 1 / 4_096}
"""The share of a name that nobody was counted with: small bases lean on it."""

CONTACT_PRIOR = 1 / 131_072
"""The same for an email or a phone number."""

SAMPLE_WEIGHT = 20_000
"""Pairs that the shipped u counts as beside those that were drawn."""


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shares of one level; without `u` the rarity of the value counts. `is_fixed`: no estimate of u."""

    m: float
    u: float | None = None
    is_fixed: bool = False


Estimates = dict[str, dict[str, float]]
"""Estimated u by field and level, both by name in small letters."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan learnt of a base: its size, u, pairs that are surely one person, and households.

    `households` is how many of those at one address have another given name; `frequent` counts those who bear
    a frequent name, as given and as family name.
    """

    customers: int = 0
    u: Estimates = {}
    doubles: float = 0.0
    households: float = 1.0
    frequent: dict[str, tuple[int, int]] = {}


@cache
def shipped() -> dict[Field, dict[int, Level]]:
    """Return the shipped table."""
    source = resources.files("db.duplicates").joinpath("weights.toml").read_bytes()
    table = msgspec.toml.decode(source, type=dict[str, dict[str, Level]])
    return {
        field: {LEVELS_OF[field][name.upper()]: level for name, level in table[field.name.lower()].items()}
        for field in Field
    }


class Weights(msgspec.Struct, frozen=True):
    """Bits by field and code."""

    table: tuple[tuple[float, ...], ...]

    def bits(self, codes: Codes) -> tuple[float, ...]:
        """Return the evidence of each field."""
        return tuple(row[found] for row, found in zip(self.table, codes, strict=True))


@cache
def shipped_weights() -> Weights:
    """Return the weights of a base that nothing is known of."""
    return weights_of({})


def weights_of(estimates: Estimates) -> Weights:
    """Return the weights under estimated u."""
    return Weights(tuple(_row(field, estimates.get(field.name.lower(), {})) for field in Field))


def _row(field: Field, estimated: Mapping[str, float]) -> tuple[float, ...]:
    bits = [0.0] * (LEVELS * RARITIES)
    for level, shares in shipped()[field].items():
        by_rarity = level in BY_RARITY.get(field, ())
        u = estimated.get(LEVELS_OF[field](level).name.lower(), shares.u)
        base = math.log2(shares.m) if by_rarity or u is None else math.log2(shares.m / u)
        for rarity in range(RARITIES):
            bits[level * RARITIES + rarity] = base + (rarity if by_rarity else 0)
    return tuple(bits)


def name_rarity(field: Field, count: int, customers: int) -> int:
    """Return the rarity of a name that `count` of so many customers bear."""
    return _bits((count + 1) / (customers + 1 / NAME_PRIOR[field]))


def contact_rarity(count: int, customers: int) -> int:
    """Return the rarity of an email or phone number that `count` of so many customers have."""
    return _bits((count + 1) / (customers + 1 / CONTACT_PRIOR))


def _bits(share: float) -> int:
    return max(0, min(RARITIES - 1, round(-math.log2(share))))


def estimated(field: Field, drawn: Mapping[int, int]) -> dict[str, float]:
    """Return u by the name of the level from counts of randomly drawn pairs, the shipped u leant on."""
    known = {level: shares.u for level, shares in shipped()[field].items() if shares.u is not None}
    total = sum(drawn.values())
    return {
        LEVELS_OF[field](level).name.lower(): (drawn.get(level, 0) + SAMPLE_WEIGHT * u)
        / (total + SAMPLE_WEIGHT)
        for level, u in known.items()
        if not shipped()[field][level].is_fixed
    }
