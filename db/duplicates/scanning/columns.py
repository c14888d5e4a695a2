"""Holds the base as arrays: each customer a row, each value a number, equal values the same one.

A name, a street or a city is the rank of its folded text, so that comparing two of them in the order of their
numbers is comparing them in the order of their letters. An email or phone number is a hash of 8 bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from db.duplicates.folding import folded_name, home_of, local_part, phone_key, written_name

Ints = npt.NDArray[Any]


@dataclass(frozen=True)
class Shared:
    """Values of which a customer has any number: row and hash, sorted by row; `starts[row]` is the first.

    `holders` counts the customers of each entry's value.
    """

    starts: Ints
    rows: Ints
    values: Ints
    holders: Ints


@dataclass(frozen=True)
class Columns:
    """The base; `fold_of` leads from a written name to its folded one. Houses are hashes, 0 is none."""

    ids: Ints
    given: Ints
    family: Ints
    fold_of: Ints
    names: list[str]
    born: Ints
    emails: Shared
    locals: Shared
    phones: Shared
    house: Ints
    street: Ints
    city: Ints
    postcode: Ints
    places: list[str]

    @property
    def size(self) -> int:
        """How many customers there are."""
        return len(self.ids)


class Dictionary:
    """Gives each text a number, in the order in which they first come."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}

    def code(self, text: str) -> int:
        """Return the number of a text, a new one where it was not seen."""
        return self.codes.setdefault(text, len(self.codes))

    def ranked(self) -> tuple[list[str], Ints]:
        """Return all texts in order, and the place of each by its number."""
        texts = sorted(self.codes)
        places = np.empty(len(texts), dtype=np.int32)
        places[[self.codes[text] for text in texts]] = np.arange(len(texts), dtype=np.int32)
        return texts, places


class Gathering:
    """Takes rows as they come from the database and makes columns of them.

    Customers come first, in the order of their numbers; everything else in any order.
    """

    def __init__(self) -> None:
        self._ids: list[Ints] = []
        self._given: list[Ints] = []
        self._family: list[Ints] = []
        self._born: list[Ints] = []
        self._raw = Dictionary()
        self._places = Dictionary()
        self._places.code("")
        self._contacts: dict[str, list[tuple[Ints, Ints]]] = {"email": [], "local": [], "phone": []}
        self._homes: list[Ints] = []

    def customers(self, rows: Sequence[tuple[int, str, str, int]]) -> None:
        """Take number, names as written and birth date as a number, 0 for none."""
        ids, given, family, born = zip(*rows, strict=True)
        code = self._raw.code
        self._ids.append(np.array(ids, dtype=np.int64))
        self._given.append(np.array([code(name) for name in given], dtype=np.int32))
        self._family.append(np.array([code(name) for name in family], dtype=np.int32))
        self._born.append(np.array(born, dtype=np.int32))

    def emails(self, rows: Sequence[tuple[int, str]]) -> None:
        """Take number of the customer and canonical address."""
        ids, values = zip(*rows, strict=True)
        self._take("email", ids, values)
        self._take("local", ids, map(local_part, values))

    def phones(self, rows: Sequence[tuple[int, str]]) -> None:
        """Take number of the customer and canonical phone number."""
        known = [(number, key) for number, value in rows if (key := phone_key(value))]
        if known:
            ids, values = zip(*known, strict=True)
            self._take("phone", ids, values)

    def _take(self, kind: str, ids: Iterable[int], values: Iterable[str]) -> None:
        hashes = np.fromiter(map(hash, values), dtype=np.int64)
        self._contacts[kind].append((np.array(ids, dtype=np.int64), hashes))

    def homes(self, rows: Sequence[tuple[int, str, str, str, bool, int]]) -> None:
        """Take number of the customer, street, city, postcode, whether primary, and the row's own number."""
        place = self._places.code
        parts = []
        for number, street, city, postcode, is_primary, row in rows:
            home = home_of(street, city, postcode)
            house = hash(home.house) if home.house else 0
            codes = (place(home.street), place(home.city), place(home.postcode))
            parts.append((number, is_primary, row, house, *codes))
        self._homes.append(np.array(parts, dtype=np.int64).T)

    def done(self) -> Columns:
        """Return the columns."""
        ids = _joined(self._ids, np.int64)
        names, written_of, fold_of = _names(self._raw)
        places, place_of = self._places.ranked()
        house, street, city, postcode = self._placed(ids, place_of)
        contacts = {kind: _shared(ids, parts) for kind, parts in self._contacts.items()}
        given, family = (written_of[_joined(found, np.int32)] for found in (self._given, self._family))
        return Columns(
            ids=ids, given=given, family=family, fold_of=fold_of, names=names,
            born=_joined(self._born, np.int32),
            emails=contacts["email"], locals=contacts["local"], phones=contacts["phone"],
            house=house, street=street, city=city, postcode=postcode, places=places,
        )  # fmt: skip

    def _placed(self, ids: Ints, place_of: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the parts of the primary address of each customer; of several such, of the oldest."""
        house = np.zeros(len(ids), dtype=np.int64)
        street, city, postcode = (np.full(len(ids), place_of[0], dtype=np.int32) for _ in range(3))
        if self._homes:
            homes = np.concatenate(self._homes, axis=1)
            homes = homes[:, np.lexsort((-homes[2], homes[1]))]  # the last one of a customer is kept
            at, is_there = _rows_of(ids, homes[0])
            house[at] = homes[3][is_there]
            for part, codes in zip((street, city, postcode), homes[4:], strict=True):
                part[at] = place_of[codes[is_there]]
        return house, street, city, postcode


def _joined(parts: Sequence[Ints], kind: Any) -> Ints:
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)


def _rows_of(ids: Ints, numbers: Ints) -> tuple[Ints, Ints]:
    """Return the rows of customers who are there, and who of the asked they are."""
    if not len(ids):
        return np.empty(0, dtype=np.int64), np.zeros(len(numbers), dtype=bool)
    at = np.minimum(np.searchsorted(ids, numbers), len(ids) - 1)
    is_there = ids[at] == numbers
    return at[is_there], is_there


def _names(raw: Dictionary) -> tuple[list[str], Ints, Ints]:
    """Return the folded names; and what leads from a raw name to its written one, from that to its folded."""
    written, folded = Dictionary(), Dictionary()
    folded.code("")
    fold_of: list[int] = []
    written_of = np.empty(len(raw.codes), dtype=np.int32)
    for name, number in raw.codes.items():
        text = written_name(name)
        written_of[number] = at = written.code(text)
        if at == len(fold_of):
            fold_of.append(folded.code(folded_name(name)))
    names, place_of = folded.ranked()
    return names, written_of, place_of[np.array(fold_of, dtype=np.int64)]


def _shared(ids: Ints, parts: Sequence[tuple[Ints, Ints]]) -> Shared:
    numbers = _joined([part[0] for part in parts], np.int64)
    values = _joined([part[1] for part in parts], np.int64)
    rows, is_there = _rows_of(ids, numbers)
    values = values[is_there]
    order = np.lexsort((values, rows))
    rows, values = rows[order].astype(np.int32), values[order]
    if len(rows):
        is_new = np.ones(len(rows), dtype=bool)
        is_new[1:] = (rows[1:] != rows[:-1]) | (values[1:] != values[:-1])
        rows, values = rows[is_new], values[is_new]
    starts = np.searchsorted(rows, np.arange(len(ids) + 1)).astype(np.int32)
    return Shared(starts, rows, values, _counts(values))


def _counts(values: Ints) -> Ints:
    """Return for each value how often it occurs."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.searchsorted(ordered, ordered, side="left")
    last = np.searchsorted(ordered, ordered, side="right")
    found = np.empty(len(values), dtype=np.int32)
    found[order] = last - first
    return found
