"""Duplicates: how well they are found, how fast, and what Splink makes of the same data beside it.

The base is drawn with another seed than rules were tuned on. The scan and Splink run in processes of their
own, so that the peak of memory is theirs alone; Splink's time is its own part, without loading and reading.
"""

import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text

from bench import doubles
from bench.databases import SERVER, without_fsync
from bench.duplicates_data import (
    Labelled,
    at_shipped_threshold,
    columns_of,
    febrl,
    generated,
    quality,
    write_table,
)
from bench.figures import Figure, peak_mb
from bench.results import quantile
from bench.rows import rows_of
from db import guard, schema
from db.actor import service
from db.bulk import load
from db.duplicates.candidates import candidates
from db.duplicates.households import (
    OTHER_BIRTH,
    OTHER_NAME,
    SAME_BIRTH,
    SAME_NAME,
    Rules,
)
from db.duplicates.levels import RARITIES, Field
from db.duplicates.scan import scan
from db.duplicates.scanning.columns import Ints
from db.duplicates.scanning.comparing import Comparison, among
from db.engine import Database, connect
from db.queries.viewer import Viewer
from tests.postgres import drop_database, fresh_database, running_server

ASKED = 400
"""Customers whose candidates are asked for."""

Pairs = tuple[Ints, Ints, Ints]
"""Both numbers, the lower first, and the weight of each pair."""


def figures(customers: int = 100_000) -> list[Figure]:
    """Measure the scan on SQLite, candidates on both databases, and F1 on all labelled data."""
    found: list[Figure] = []
    data = generated(customers)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "bench.db"
        database = without_fsync(connect(f"sqlite:///{base}", create=True))
        _fill(database, customers)
        ours = _apart("bench.duplicates", f"sqlite:///{base}")
        likely = _likely(database, ours["threshold"])
        found.append(_candidates(database, "SQLite", data, bound="≤ 15 ms"))
        database.close()
        peer, pairs = _splink(data, Path(folder))
        found += _beside(data, ours, likely, peer, pairs)
        found += [figure for number in (3, 4) for figure in _febrl(febrl(number), Path(folder))]
    with _postgres(customers) as database:
        found.append(_candidates(database, "PostgreSQL", data, bound="≤ 15 ms"))
    return found


def _fill(database: Database, customers: int) -> None:
    schema.upgrade(database)
    for block in doubles.blocks(customers):
        load(database, rows_of(block), worker="bench", reason="measuring")


@contextmanager
def _postgres(customers: int) -> Iterator[Database]:
    with running_server(SERVER) as server:
        url = fresh_database(server)
        database = connect(url)
        _fill(database, customers)
        with database.writer.connect() as connection, guard.writing(connection, "migration"):
            settled = connection.execution_options(isolation_level="AUTOCOMMIT")
            settled.exec_driver_sql("SET statement_timeout = 0")
            settled.exec_driver_sql("VACUUM ANALYZE")
        scan(database, actor=service("bench"), reason="measuring")
        yield database
        database.close()
        drop_database(url)


def _apart(module: str, *words: str) -> dict[str, Any]:
    """Run a module in a process of its own and return what it says."""
    done = subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _likely(database: Database, threshold: float) -> set[tuple[int, int]]:
    chosen = text("SELECT a_id, b_id FROM duplicate_pair WHERE weight >= :threshold")
    with database.reading() as connection:
        return {(one, other) for one, other in connection.execute(chosen, {"threshold": threshold})}


def _candidates(database: Database, name: str, data: Labelled, *, bound: str) -> Figure:
    """Ask for the candidates of people who were entered twice, and of anybody."""
    rng = random.Random(5)
    pairs = rng.sample(sorted(data.truth), ASKED)
    anybody = rng.sample([row.id for row in data.rows], ASKED)
    times, busy, hits = [], [], 0
    for warm in (True, False):
        for (one, other), stranger in zip(pairs[: 50 if warm else ASKED], anybody, strict=False):
            for number in (stranger, other):
                start, before = time.perf_counter(), time.thread_time()
                with database.reading() as connection:
                    found = candidates(connection, number, viewer=Viewer("bench"), limit=20)
                if not warm:
                    times.append((time.perf_counter() - start) * 1000)
                    busy.append((time.thread_time() - before) * 1000)
            hits += not warm and any(each.customer_id == one for each in found)
    note = (
        f"p50 {quantile(times, 50):.1f}; p95 on this process's processor {quantile(busy, 95):.1f};"
        f" {hits / ASKED:.1%} of those entered twice among the first 20"
    )
    return Figure(
        f"candidates of one customer, p95, {name}, {len(data.rows):,}",
        "ms",
        quantile(times, 95),
        None,
        bound,
        note,
    )


def _splink(data: Labelled, folder: Path) -> tuple[dict[str, Any], Pairs]:
    source, target = folder / "splink-in.csv", folder / "splink-out.csv"
    write_table(data, source)
    said = _apart("bench.splink_peer", str(source), str(target))
    with target.open(newline="") as file:
        rows = [
            (int(row["id_l"]), int(row["id_r"]), float(row["match_weight"])) for row in csv.DictReader(file)
        ]
    one, other, weights = (np.array(column) for column in zip(*rows, strict=True))
    low, high = np.minimum(one, other), np.maximum(one, other)
    if data.split is not None:
        across = (low <= data.split) & (high > data.split)
        low, high, weights = low[across], high[across], weights[across]
    return said, (low, high, weights)


def _best(data: Labelled, pairs: Pairs) -> float:
    """Return the best F1 of any threshold, which only the labels tell."""
    low, high, weights = pairs
    order = np.argsort(-weights, kind="stable")
    right = [pair in data.truth for pair in zip(low[order].tolist(), high[order].tolist(), strict=True)]
    so_far = np.cumsum(right)
    return float((2 * so_far / (np.arange(1, len(right) + 1) + len(data.truth))).max())


def _with_rules(data: Labelled, pairs: Pairs) -> Pairs:
    """Return Splink's pairs with our household and namesake rules taken off their weights."""
    columns = columns_of(data.rows)
    low, high, weights = pairs
    one, other = np.searchsorted(columns.ids, low), np.searchsorted(columns.ids, high)
    codes = Comparison(columns).codes(one, other)
    given, family, birth = (codes[field] // RARITIES for field in (Field.GIVEN, Field.FAMILY, Field.BIRTH))
    same_family, rules = among(family, SAME_NAME), Rules()
    household = among(given, OTHER_NAME) & same_family & ~among(birth, SAME_BIRTH)
    namesake = among(given, SAME_NAME) & same_family & among(birth, OTHER_BIRTH)
    return low, high, weights - household * rules.household - namesake * rules.namesake


def _beside(
    data: Labelled, ours: dict[str, Any], likely: set[tuple[int, int]], peer: dict[str, Any], pairs: Pairs
) -> list[Figure]:
    found = quality(likely, data.truth, ours["threshold"])
    stock, ruled = _best(data, pairs), _best(data, _with_rules(data, pairs))
    told = f"precision {found.precision:.3f}, recall {found.recall:.3f} at {found.threshold:.1f} bits"
    rate = f"{len(data.rows) / ours['seconds']:,.0f} customers/s, {ours['cpu']:.1f} s on the processor"
    return [
        Figure(f"scan, {data.name}; floor: Splink", "s", ours["seconds"], peer["seconds"], "≤ 1.5", rate),
        Figure("peak memory of the scan; floor: Splink", "MB", ours["peak_mb"], peer["peak_mb"], "≤ 0.5"),
        Figure(f"F1, {data.name}; floor: Splink at its best", "", found.f1, stock, "≥ floor + 0.15", told),
        Figure("the same; floor: Splink with our rules at its best", "", found.f1, ruled, "≥ floor"),
    ]


def _febrl(data: Labelled, folder: Path) -> list[Figure]:
    found = at_shipped_threshold(data)
    _, pairs = _splink(data, folder)
    told = f"precision {found.precision:.3f}, recall {found.recall:.3f} at {found.threshold:.1f} bits"
    name = f"F1, {data.name}; floor: Splink at its best"
    return [Figure(name, "", found.f1, _best(data, pairs), "≥ 0.98 and ≥ floor − 0.005", told)]


def _scan_here(url: str) -> dict[str, Any]:
    """Scan a database in this process, and say what it took."""
    database = connect(url)
    start, before = time.perf_counter(), time.process_time()
    done = scan(database, actor=service("bench"), reason="measuring")
    found = {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - before,
        "peak_mb": peak_mb(),
        "threshold": done.threshold,
        "compared": done.compared,
    }
    database.close()
    return found


if __name__ == "__main__":
    print(json.dumps(_scan_here(sys.argv[1])))
