"""How long a verdict takes on a large population: identifiers that lead somewhere, typos, and customers."""

import time

from bench.databases import Loaded
from bench.queries import query_set
from bench.results import GroupResult
from db.diagnosis import Question, diagnose
from db.queries.viewer import Viewer

KINDS = ("username", "pass id", "email, from a separator", "full name, one typo", "nobody")
"""What customers type: rightly, in part, or wrongly, where what is near is searched for as well."""

_VIEWER = Viewer("bench")


def measure_diagnose(loaded: Loaded) -> GroupResult:
    """Ask through the product's own call, a connection from the pool included; there is no floor for it."""
    with loaded.database.reading() as connection:
        queries = [query for query in query_set(connection, loaded.count, seed=3) if query.kind in KINDS]
    questions = [Question(identifier=query.text) for query in queries]
    questions += [Question(customer_id=query.target) for query in queries if query.target is not None]
    _ask(loaded, questions[0])
    times, busy = [], []
    for question in questions:
        start, before = time.perf_counter(), time.thread_time()
        _ask(loaded, question)
        times.append((time.perf_counter() - start) * 1000)
        busy.append((time.thread_time() - before) * 1000)
    return GroupResult.of("diagnose", times, busy)


def _ask(loaded: Loaded, question: Question) -> None:
    with loaded.database.reading() as connection:
        diagnose(connection, question, _VIEWER, loaded.database.clock(connection))
