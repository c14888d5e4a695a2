"""Compares many pairs at once and scores them: the same levels as `db.duplicates.comparing`, in arrays.

Each two values are compared once, however many pairs have them.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rapidfuzz.distance.JaroWinkler import similarity
from rapidfuzz.process import cpdist

from db.duplicates.comparing import ALIKE, CLOSE, NEAR, SAME_PLACE, features
from db.duplicates.households import CONTACTS, OTHER_BIRTH, OTHER_NAME, SAME_BIRTH, SAME_NAME, Rules
from db.duplicates.levels import LEVELS, RARITIES, UNLIKE, Birth, Contact, Field, Name, Place
from db.duplicates.scanning.columns import Columns, Ints, Shared
from db.duplicates.weights import Weights, contact_rarity, name_rarity

NICKNAMES = 4
"""Groups of nicknames that one name may be in."""


@dataclass(frozen=True)
class Comparison:
    """Compares pairs of rows of the same columns."""

    columns: Columns

    def codes(self, one: Ints, other: Ints) -> list[Ints]:
        """Return for each field, in order, the codes of all pairs."""
        base = self.columns
        given, family = self._names(one, other)
        nothing = np.zeros(len(one), dtype=np.int32)
        return [
            given,
            family,
            _births(base.born[one], base.born[other]) * RARITIES,
            self._emails(one, other),
            self._contacts(base.phones, one, other),
            nothing,  # no two customers have the same pass id or username
            nothing,
            self._places(one, other) * RARITIES,
        ]

    @cached_property
    def _rarities(self) -> tuple[Ints, Ints]:
        """How rare each folded name is, as a given and as a family name."""
        base = self.columns
        return tuple(  # type: ignore[return-value]  # two of them
            _by_count(
                np.bincount(base.fold_of[found], minlength=len(base.names)),
                lambda count, field=field: name_rarity(field, count, base.size),  # type: ignore[misc]  # field is bound
            )
            for field, found in ((Field.GIVEN, base.given), (Field.FAMILY, base.family))
        )

    @cached_property
    def _features(self) -> dict[str, Ints]:
        """What is known of each folded name by itself, as numbers; 0 stands for nothing."""
        found = [features(name) for name in self.columns.names]
        words: dict[str, int] = {"": 0}
        return {
            "initial": np.array([one.is_initial for one in found], dtype=bool),
            "letter": _numbers([one.letter for one in found], words),
            "first": _numbers([one.first for one in found], words),
            "last": _numbers([one.last or one.first for one in found], words),
            "several": np.array([bool(one.last) for one in found], dtype=bool),
            "nicknames": np.array(
                [(sorted(one.nicknames) + [0] * NICKNAMES)[:NICKNAMES] for one in found], dtype=np.int16
            ).reshape(-1, NICKNAMES),
        }

    def _names(self, one: Ints, other: Ints) -> tuple[Ints, Ints]:
        base, (as_given, as_family) = self.columns, self._rarities
        fold, none = base.fold_of, base.names.index("")
        mine = fold[base.given[one]], fold[base.family[one]]
        theirs = fold[base.given[other]], fold[base.family[other]]
        found = []
        for side, (names, rare) in enumerate(((base.given, as_given), (base.family, as_family))):
            level = self._name_levels(mine[side], theirs[side], names[one] == names[other], none)
            by_rarity = (level == Name.EXACT) | (level == Name.ACCENTS)
            found.append(level * RARITIES + np.where(by_rarity, rare[mine[side]], 0))
        unlike = among(found[0] // RARITIES, UNLIKE) & among(found[1] // RARITIES, UNLIKE)
        at = np.flatnonzero(unlike)
        crossed = [self._crossed(mine[side][at], theirs[1 - side][at]) for side in (0, 1)]
        both = (crossed[0] > 0) & (crossed[1] > 0)
        found[0][at[both]] = np.minimum(*crossed)[both]
        found[1][at[both]] = np.maximum(*crossed)[both]
        return found[0], found[1]

    def _crossed(self, mine: Ints, theirs: Ints) -> Ints:
        """Return the codes of given names that may be others' family names; 0 where they are not alike."""
        as_given, as_family = self._rarities
        (low, high), back = _unique_pairs(mine, theirs, len(self.columns.names))
        alike = _alike(self.columns.names, low, high) >= NEAR
        found = np.where(alike, Name.CROSSED * RARITIES, 0)
        rarest = np.minimum(as_given, as_family)
        codes: Ints = np.where(low == high, Name.SWAPPED * RARITIES + rarest[low], found)[back]
        return codes

    def _name_levels(self, mine: Ints, theirs: Ints, is_written_alike: Ints, none: int) -> Ints:
        level = np.where(is_written_alike, Name.EXACT, Name.ACCENTS).astype(np.int32)
        at = np.flatnonzero(mine != theirs)
        if len(at):
            unique, back = _unique_pairs(mine[at], theirs[at], len(self.columns.names))
            level[at] = self._unlike_levels(*unique)[back]
        level[(mine == none) | (theirs == none)] = Name.UNKNOWN
        return level

    def _unlike_levels(self, one: Ints, other: Ints) -> Ints:
        known, alike = self._features, _alike(self.columns.names, one, other)
        nicknames = known["nicknames"]
        stands_for = np.zeros(len(one), dtype=bool)
        for first in range(NICKNAMES):
            for second in range(NICKNAMES):
                group = nicknames[one, first]
                stands_for |= (group > 0) & (group == nicknames[other, second])
        several = known["several"][one] | known["several"][other]
        same_end = (known["first"][one] == known["first"][other]) | (
            known["last"][one] == known["last"][other]
        )
        is_initial = (known["initial"][one] | known["initial"][other]) & (
            known["letter"][one] == known["letter"][other]
        )
        return np.select(
            [stands_for, alike >= CLOSE, is_initial, several & same_end, alike >= NEAR, alike >= ALIKE],
            [Name.NICKNAME, Name.CLOSE, Name.INITIAL, Name.PART, Name.NEAR, Name.ALIKE],
            Name.OTHER,
        ).astype(np.int32)

    def _emails(self, one: Ints, other: Ints) -> Ints:
        found = self._contacts(self.columns.emails, one, other)
        at = np.flatnonzero(found // RARITIES == Contact.OTHER)
        same_local = _most_held(self.columns.locals, one[at], other[at]) > 0
        found[at[same_local]] = Contact.LOCAL * RARITIES
        return found

    def _contacts(self, shared: Shared, one: Ints, other: Ints) -> Ints:
        """Return the codes of contacts of a kind; of several in common the rarest one counts."""
        starts = shared.starts
        known = (starts[one + 1] > starts[one]) & (starts[other + 1] > starts[other])
        held = _most_held(shared, one, other)
        rare = _by_count(held, lambda count: contact_rarity(count, self.columns.size))
        exact = Contact.EXACT * RARITIES + rare
        found = np.where(held > 0, exact, Contact.OTHER * RARITIES)
        return np.where(known, found, 0).astype(np.int32)

    def _places(self, one: Ints, other: Ints) -> Ints:
        base = self.columns
        none = base.places.index("")
        house = (base.house[one] == base.house[other]) & (base.house[one] != 0)
        postcode = _same(base.postcode, one, other, none)
        street, city = (self._same_place(column, one, other, none) for column in (base.street, base.city))
        known = (base.street != none) | (base.postcode != none) | (base.city != none)
        level = np.select(
            [
                ~(known[one] & known[other]),
                house & street & (postcode | city),
                house & postcode,
                street & (house | postcode | city),
                postcode,
                city,
            ],
            [Place.UNKNOWN, Place.EXACT, Place.HOUSE, Place.STREET, Place.POSTCODE, Place.CITY],
            Place.OTHER,
        )
        return level.astype(np.int32)

    def _same_place(self, column: Ints, one: Ints, other: Ints, none: int) -> Ints:
        mine, theirs = column[one], column[other]
        same: Ints = mine == theirs
        at = np.flatnonzero(~same & (mine != none) & (theirs != none))
        if len(at):
            unique, back = _unique_pairs(mine[at], theirs[at], len(self.columns.places))
            same[at] = (_alike(self.columns.places, *unique) >= SAME_PLACE)[back]
        same &= mine != none
        return same


def _numbers(texts: list[str], words: dict[str, int]) -> Ints:
    return np.array([words.setdefault(text, len(words)) for text in texts], dtype=np.int64)


def _same(column: Ints, one: Ints, other: Ints, none: int) -> Ints:
    same: Ints = (column[one] == column[other]) & (column[one] != none)
    return same


def _unique_pairs(one: Ints, other: Ints, size: int) -> tuple[tuple[Ints, Ints], Ints]:
    """Return each two different values once, the lower first, and where each pair finds them."""
    keys = np.minimum(one, other).astype(np.int64) * size + np.maximum(one, other)
    unique, back = np.unique(keys, return_inverse=True)
    return (unique // size, unique % size), back


def _alike(texts: list[str], one: Ints, other: Ints) -> Ints:
    """Return the similarity of texts two by two; no workers, for a scan leaves a core to the others."""
    found: Ints = cpdist(
        [texts[at] for at in one.tolist()],
        [texts[at] for at in other.tolist()],
        scorer=similarity,
        dtype=np.float64,
        workers=1,
    )
    return found


def _by_count(counts: Ints, rarity: Callable[[int], int]) -> Ints:
    """Return the rarity for each of some counts, each count worked out once."""
    unique, back = np.unique(counts, return_inverse=True)
    return np.array([rarity(int(count)) for count in unique], dtype=np.int32)[back]


def _most_held(shared: Shared, one: Ints, other: Ints) -> Ints:
    """Return for each pair by how few customers its rarest common value is held; 0 where there is none."""
    found = np.zeros(len(one), dtype=np.int64)
    counts = shared.starts[1:] - shared.starts[:-1]
    mine, theirs = counts[one], counts[other]
    for at_mine in range(int(mine.max(initial=0))):
        for at_theirs in range(int(theirs.max(initial=0))):
            at = np.flatnonzero((mine > at_mine) & (theirs > at_theirs))
            left, right = shared.starts[one[at]] + at_mine, shared.starts[other[at]] + at_theirs
            same = shared.values[left] == shared.values[right]
            rows, held = at[same], shared.holders[left[same]]
            found[rows] = np.where(found[rows] == 0, held, np.minimum(found[rows], held))
    return found


def _births(one: Ints, other: Ints) -> Ints:
    year = one // 10_000
    transposed = other == year * 10_000 + one % 100 * 100 + one // 100 % 100
    mine, theirs = (np.stack([value // 10**at % 10 for at in range(8)]) for value in (one, other))
    apart = mine != theirs
    several = apart.sum(axis=0)
    swapped = np.zeros(len(one), dtype=bool)
    for at in range(7):
        swapped |= apart[at] & apart[at + 1] & (mine[at] == theirs[at + 1]) & (mine[at + 1] == theirs[at])
    digit = (several == 1) | ((several == 2) & swapped)
    level = np.select(
        [(one == 0) | (other == 0), one == other, transposed, digit, year == other // 10_000],
        [Birth.UNKNOWN, Birth.EXACT, Birth.TRANSPOSED, Birth.DIGIT, Birth.YEAR],
        Birth.OTHER,
    )
    return level.astype(np.int32)


def totals(codes: list[Ints], weights: Weights, rules: Rules) -> Ints:
    """Return the weights of pairs in bits, as `db.duplicates.score` gives them."""
    table = np.array(weights.table)
    bits = [table[field][found] for field, found in enumerate(codes)]
    contact = sum(np.maximum(bits[field], 0) for field in CONTACTS)
    total: Ints = np.sum(bits, axis=0) - np.maximum(contact - rules.contact_cap, 0)
    given, family, birth = (codes[field] // RARITIES for field in (Field.GIVEN, Field.FAMILY, Field.BIRTH))
    has_pass = codes[Field.PASS] // RARITIES == Contact.EXACT
    same_family = among(family, SAME_NAME)
    household = among(given, OTHER_NAME) & same_family & ~among(birth, SAME_BIRTH) & ~has_pass
    namesake = among(given, SAME_NAME) & same_family & among(birth, OTHER_BIRTH)
    total -= household * float(rules.household) + namesake * float(rules.namesake)
    return total


def among(levels: Ints, wanted: Collection[int]) -> Ints:
    """Return which levels are wanted."""
    table = np.zeros(LEVELS, dtype=bool)
    table[[int(level) for level in wanted]] = True
    found: Ints = table[levels]
    return found
