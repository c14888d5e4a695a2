"""Runs Splink with its stock comparisons for people on a table, in a process of its own, and prints pairs.

`python -m bench.splink_peer IN.csv OUT.csv`: reads columns id, given, family, dob, email, phone, street,
city, postcode (those that are there), writes id_l, id_r and weight of every scored pair, and prints what it
took as JSON.
"""

import json
import logging
import sys
import time
from typing import Any

from bench.figures import peak_mb


def run(source: str, target: str) -> dict[str, Any]:
    """Train and predict; the time is Splink's own part alone: no import, no reading of the file."""
    import pandas
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.disable(logging.WARNING)
    table = pandas.read_csv(source, dtype=str, keep_default_na=False).replace("", None)
    has = set(table.columns)
    comparisons = [
        cl.ForenameSurnameComparison("given", "family"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
    ]
    if "email" in has:
        comparisons += [cl.EmailComparison("email"), cl.ExactMatch("phone")]
    comparisons += [
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("street", 2),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
    ]
    rules = [
        block_on("given", "family"),
        block_on("family", "dob"),
        block_on("given", "dob"),
        block_on("family", "postcode"),
        block_on("given", "postcode", "substr(family, 1, 1)"),
        block_on("street", "postcode"),
        block_on("dob", "postcode"),
        *([block_on("email"), block_on("phone")] if "email" in has else ()),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
    )
    start = time.perf_counter()
    api = DuckDBAPI()
    linker = Linker(api.register(table), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("given", "family", "dob")], recall=0.5
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    for rule in (block_on("given", "family"), block_on("dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_weight=-10)
    seconds = time.perf_counter() - start
    pairs = found.as_pandas_dataframe()[["id_l", "id_r", "match_weight"]]
    pairs.to_csv(target, index=False)
    return {"seconds": seconds, "peak_mb": peak_mb(), "pairs": len(pairs)}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], sys.argv[2])))
