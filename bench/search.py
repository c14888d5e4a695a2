"""Search through the product's own `find` on a large population, beside a floor and a peer."""

import gc
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from statistics import median

from bench.databases import Loaded
from bench.diagnosing import measure_diagnose
from bench.figures import machine, now
from bench.peers import FIRST, Peers
from bench.queries import CLASSES, GROUPS, Query, query_set
from bench.results import ClassResult, GroupResult, SearchResult, quantile
from bench.sizes import sizes
from bench.upkeep import upkeep
from db.queries.viewer import Viewer
from db.rules.names import tokens
from db.search import SearchPage, find

ROUNDS = 5
"""Every query and its floor run so often by turns, and the median counts for each: what other work on the
machine does to a single run says nothing about search."""

PEER_EACH = 3
"""Queries of each class that the peer, which takes seconds, is measured with."""

_VIEWER = Viewer("bench")


def measure(loaded: Loaded) -> SearchResult:
    """Measure everything there is to know about search on one database."""
    with loaded.database.reading() as connection:
        warm, queries = query_set(connection, loaded.count, seed=2), query_set(connection, loaded.count)
    gc.collect()
    gc.freeze()  # names to draw people from are no part of the product, and the collector would look at them
    with closing(loaded.database.reader.raw_connection()) as pooled:
        peers = Peers(pooled.cursor(), is_sqlite=loaded.database.is_sqlite)
        for query in warm:
            find_first(loaded, query)
            peers.floor(query)
        times, busy, floors, floors_busy = _by_turns(loaded, peers, queries)
        slow = _peer_times(peers, queries)
    found: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for query in queries:
        if query.target is not None:
            found[query.kind].append(_is_found(find_first(loaded, query), query))
    classes = [_class_result(kind, times[kind], floors[kind], slow[kind], found[kind]) for kind in CLASSES]
    return SearchResult(
        database=loaded.name,
        count=loaded.count,
        when=now(),
        machine=machine(),
        classes=classes,
        groups=[_group_result(group, times, busy, floors, floors_busy) for group in GROUPS],
        peer_p50=quantile([value for values in slow.values() for value in values], 50),
        all_p50=quantile([value for values in times.values() for value in values], 50),
        sizes=sizes(loaded.database),
        upkeep=upkeep(loaded.database, loaded.count),
        load_rate=loaded.count / loaded.seconds,
        load_rate_cpu=loaded.count / loaded.cpu_seconds,
        diagnose=measure_diagnose(loaded),
    )


Times = dict[str, list[float]]
"""Milliseconds of every query, by its class."""


def _by_turns(loaded: Loaded, peers: Peers, queries: list[Query]) -> tuple[Times, Times, Times, Times]:
    """Return how long the product took and how long it had the processor, and both of the floor."""
    rounds: list[list[tuple[float, ...]]] = [[] for _ in queries]
    for _ in range(ROUNDS):
        for query, runs in zip(queries, rounds, strict=True):
            floor = _clock_and_processor(lambda: peers.floor(query))  # noqa: B023  # called at once
            ours = _clock_and_processor(lambda: find_first(loaded, query))  # noqa: B023  # called at once
            runs.append((*ours, *floor))
    found: tuple[Times, Times, Times, Times] = (
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
    )
    for query, runs in zip(queries, rounds, strict=True):
        for times, values in zip(found, zip(*runs, strict=True), strict=True):
            times[query.kind].append(median(values))
    return found


def find_first(loaded: Loaded, query: Query) -> SearchPage:
    """Ask the product for the first rows, on a connection from its pool."""
    with loaded.database.reading() as connection:
        return find(connection, query.text, viewer=_VIEWER, limit=FIRST)


def _is_found(page: SearchPage, query: Query) -> tuple[bool, bool]:
    """Whether the person who was meant is on the page, and whether somebody of exactly that name is."""
    person = any(hit.customer_id == query.target for hit in page.hits)
    return person, person or any(tuple(sorted(tokens(hit.name))) == query.name for hit in page.hits)


def _peer_times(peers: Peers, queries: list[Query]) -> dict[str, list[float]]:
    slow: dict[str, list[float]] = defaultdict(list)
    for query in queries:
        if len(slow[query.kind]) < PEER_EACH:
            slow[query.kind].append(_milliseconds(lambda: peers.peer(query)))  # noqa: B023  # called at once
    return slow


def _clock_and_processor(work: Callable[[], object]) -> tuple[float, float]:
    start, before = time.perf_counter(), time.thread_time()
    work()
    busy = time.thread_time() - before
    return (time.perf_counter() - start) * 1000, busy * 1000


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _class_result(
    kind: str, times: list[float], floors: list[float], slow: list[float], found: list[tuple[bool, bool]]
) -> ClassResult:
    return ClassResult(
        name=kind,
        group=CLASSES[kind][0],
        queries=len(times),
        p50=quantile(times, 50),
        p95=quantile(times, 95),
        floor_p50=quantile(floors, 50),
        floor_p95=quantile(floors, 95),
        peer_p50=quantile(slow, 50),
        person=sum(person for person, _ in found) / len(found) if found else None,
        namesake=sum(namesake for _, namesake in found) / len(found) if found else None,
    )


def _group_result(group: str, *measured: Times) -> GroupResult:
    kinds = [kind for kind, (of, _, _) in CLASSES.items() if of == group]
    return GroupResult.of(group, *([value for kind in kinds for value in times[kind]] for times in measured))
