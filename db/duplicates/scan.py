"""Scans the whole base for duplicates: reads it into arrays, compares, and stores pairs batch by batch.

A scan that was stopped goes on where it was: each batch notes how far it came in its own transaction, and
what was learnt of the base at the beginning is kept. One audit event at the end tells what was done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from db.actor import Actor, service
from db.audit.chain import Entry, append
from db.audit.event import Detail
from db.duplicates.base import rules_of
from db.duplicates.candidates import MARGIN
from db.duplicates.collisions import collision
from db.duplicates.groups import groups_of
from db.duplicates.households import Rules, fitted
from db.duplicates.levels import encode
from db.duplicates.scanning import storing
from db.duplicates.scanning.blocking import pairs
from db.duplicates.scanning.columns import Ints
from db.duplicates.scanning.comparing import Comparison, totals
from db.duplicates.scanning.estimating import facts_of
from db.duplicates.scanning.reading import Report, read_base, streaming
from db.duplicates.weights import Facts, Weights, weights_of
from db.engine import Database
from db.errors import Invalid, ReadOnly, Unavailable
from db.models import PairState
from db.rules.roles import SERVICE, Right
from db.settings import load_policy
from db.witness import require

OPERATION = "scan-duplicates"
BATCH = 150_000
"""Pairs that are compared at a time: some 60 MB."""

_LOW = np.uint64(0xFFFF_FFFF)
_HALF = np.uint64(32)


@dataclass(frozen=True)
class Scanned:
    """What a scan did: customers read, pairs compared, stored and likely, in how many groups.

    `removed` were no longer found, `lapsed` had been judged to be two people before one of them changed.
    """

    customers: int
    compared: int
    stored: int
    likely: int
    groups: int
    removed: int
    lapsed: int
    threshold: float
    is_resumed: bool


@dataclass(frozen=True)
class _Job:
    """What does not change while a scan runs."""

    database: Database
    comparison: Comparison
    one: Ints
    other: Ints
    number: int
    facts: Facts
    weights: Weights
    rules: Rules


def scan(database: Database, *, actor: Actor, reason: str, report: Report | None = None) -> Scanned:
    """Scan the base, or finish a scan that was stopped.

    `report` is told step, done and total; what it raises stops the scan, and what was stored is kept. Raises
    `Refused` where the role table does not let the actor scan (recorded), `Invalid` without a reason,
    `Unavailable` while another scan is under way. The product's own workers scan without being asked.
    """
    if database.read_only:
        raise ReadOnly()
    if not reason.strip():
        raise Invalid("Give a reason; it is kept with the scan.", field="reason")
    require(database, actor, OPERATION, Right.SERVICE if actor.is_service else Right.JUDGE_DUPLICATE)
    tell: Report = report or (lambda _step, _done, _total: None)
    with database.reading() as reader:
        connection = streaming(reader)
        before = storing.state(connection)
        rules = rules_of(load_policy(connection))
        gathering = read_base(connection, tell)
    tell("choosing pairs", 0, 0)
    comparison = Comparison(gathering.done())
    del gathering
    found = pairs(comparison.columns)
    one, other = (found >> _HALF).astype(np.int32), (found & _LOW).astype(np.int32)
    del found
    is_resumed = before is not None and before.finished_at is None
    number = before.number if before is not None else 0
    if is_resumed:
        facts = msgspec.json.decode(before.facts, type=Facts)
    else:
        facts, number = facts_of(comparison, one, other), number + 1
        _begin(database, number, facts, len(one))
    job = _Job(database, comparison, one, other, number, facts, weights_of(facts.u), fitted(rules, facts))
    lapsed = _compare_all(job, before.place if is_resumed else 0, tell)
    return _finish(job, operator=actor.operator_id, reason=reason, lapsed=lapsed, is_resumed=is_resumed)


def _begin(database: Database, number: int, facts: Facts, total: int) -> None:
    with storing.storing(database) as connection:
        values = {
            "number": number,
            "facts": msgspec.json.encode(facts).decode(),
            "place": 0,
            "done": 0,
            "total": total,
            "found": 0,
            "started_at": database.clock(connection),
            "finished_at": None,
        }
        storing.begin(connection, values)


def _compare_all(job: _Job, place: int, tell: Report) -> int:
    """Compare and store what is left, and return how many judgements lapsed."""
    ids, total, lapsed = job.comparison.columns.ids, len(job.one), 0
    with job.database.reading() as connection:
        judged = storing.dismissed(connection)
    start = int(np.searchsorted(job.one, np.searchsorted(ids, place, side="right")))
    tell("comparing", start, total)
    for begin, end in _batches(job.one, start):
        rows = list(_rows(job, job.one[begin:end], job.other[begin:end]))
        last = int(ids[job.one[end - 1]])
        with storing.storing(job.database) as connection:
            state = storing.state(connection, locked=True)
            if state is None or (state.number, state.place) != (job.number, place):
                raise Unavailable("Another scan is under way. Wait until it is done.", code="busy")
            storing.store(connection, rows)
            known = {pair: judged[pair] for row in rows if (pair := (row["a_id"], row["b_id"])) in judged}
            lapsed += storing.let_lapse(connection, known) if known else 0
            storing.note(connection, place=last, done=end, total=total, found=state.found + len(rows))
        place = last
        tell("comparing", end, total)
    return lapsed


def _batches(one: Ints, start: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of batches; the pairs of one customer are never parted."""
    while start < len(one):
        end = min(start + BATCH, len(one))
        end = int(np.searchsorted(one, one[end - 1], side="right"))
        yield start, end
        start = end


def _rows(job: _Job, one: Ints, other: Ints) -> Iterator[dict[str, Any]]:
    """Yield what is stored of the pairs of a batch that are alike enough."""
    codes = job.comparison.codes(one, other)
    weights = totals(codes, job.weights, job.rules)
    ids = job.comparison.columns.ids
    kept = np.flatnonzero(weights >= job.rules.threshold - MARGIN)
    levels = np.stack([of_field[kept] for of_field in codes], axis=1).tolist() if len(kept) else []
    for at, found in zip(kept.tolist(), levels, strict=True):
        yield {
            "a_id": int(ids[one[at]]),
            "b_id": int(ids[other[at]]),
            "weight": round(float(weights[at]), 2),
            "levels": encode(found),
            "collision": collision(found),
            "state": PairState.OPEN.value,
            "scan": job.number,
            "version": 1,
        }


def _finish(job: _Job, *, operator: str, reason: str, lapsed: int, is_resumed: bool) -> Scanned:
    with storing.storing(job.database) as connection:
        state = storing.state(connection, locked=True)
        if state is None or state.number != job.number or state.finished_at is not None:
            raise Unavailable("Another scan is under way. Wait until it is done.", code="busy")
        now = job.database.clock(connection)
        removed = storing.remove_stale(connection, job.number, load_policy(connection).dedup_mode)
        likely = storing.likely(connection, job.rules.threshold)
        storing.note(connection, finished_at=now, done=len(job.one))
        result = Scanned(
            customers=job.comparison.columns.size,
            compared=len(job.one),
            stored=state.found,
            likely=len(likely),
            groups=len(groups_of(likely)),
            removed=removed,
            lapsed=lapsed,
            threshold=job.rules.threshold,
            is_resumed=is_resumed,
        )
        told = {"reason": reason, "operator": operator, **msgspec.to_builtins(result)}
        entry = Entry(
            at=now,
            actor=service("scan"),
            role=SERVICE,
            operation=OPERATION,
            outcome="applied",
            details=tuple(Detail(name, after=str(value)) for name, value in told.items()),
        )
        append(connection, entry)
    return result
