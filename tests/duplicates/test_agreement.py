"""Comparing the whole base in arrays gives the very scores that comparing one pair gives."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings

from db.duplicates.comparing import compare
from db.duplicates.households import Rules
from db.duplicates.scanning.comparing import Comparison, totals
from db.duplicates.score import score
from db.duplicates.weights import shipped_weights
from tests.duplicates.drawn import RECORDS, Record, columns_of, counted


@settings(max_examples=150, deadline=None)
@given(RECORDS)
def test_arrays_and_single_pairs_agree_in_every_level_and_weight(records: list[Record]) -> None:
    people = [one.person for one in records]
    rarity = counted(people)
    pairs = list(combinations(range(len(people)), 2))
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    codes = Comparison(columns_of(records)).codes(one, other)
    weights = totals(codes, shipped_weights(), Rules())
    for at, (first, second) in enumerate(pairs):
        alone = compare(people[first], people[second], rarity)
        assert tuple(int(of_field[at]) for of_field in codes) == alone, (records[first], records[second])
        assert alone == compare(people[second], people[first], rarity)
        assert abs(score(alone, shipped_weights(), Rules()).weight - weights[at]) < 0.006
