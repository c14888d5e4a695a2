"""How good the comparison is on people whom nobody has looked at, at the threshold that it sets by itself."""

from bench.duplicates_data import at_shipped_threshold, generated

SEED = 7_2026
"""Neither the one that the rules were tuned on nor the one that is measured with."""


def test_duplicates_are_found_among_households_juniors_and_namesakes() -> None:
    found = at_shipped_threshold(generated(20_000, seed=SEED))
    assert found.f1 > 0.9, found
    assert found.precision > 0.87, found
    assert found.recall > 0.93, found
