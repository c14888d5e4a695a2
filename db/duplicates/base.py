"""Gives what pairs are scored by in this base: the weights and rules in force, and how rare a value is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
from sqlalchemy import Connection

from db.duplicates.folding import Person
from db.duplicates.households import Rules, fitted
from db.duplicates.levels import Codes, Field
from db.duplicates.score import Score, score, weight
from db.duplicates.weights import Facts, Weights, contact_rarity, name_rarity, weights_of
from db.rules.names import MAX_TOKEN
from db.rules.policy import Policy
from db.search.held import rows
from db.settings import policy_of

FREQUENT = 1_000
"""A name that more than one customer in so many bears is counted by the scan, and not each time."""

MOST_COUNTED = 3_000
"""Customers of one name that are counted in the index at most."""

AT_ONCE = 100
"""Names in one statement, of up to four words each; SQLite joins 500 selects at most."""

_IN_FORCE = (
    "SELECT '' AS key, facts AS value FROM duplicate_scan WHERE id = 1"
    " UNION ALL SELECT key, value FROM setting"
)
_SIZE = "SELECT coalesce(max(id) - min(id) + 1, 0) FROM customer"
_BEARERS = (
    "SELECT count(*) FROM (SELECT 1 FROM search_term WHERE kind = 1 AND term = :{0}"
    f" LIMIT {MOST_COUNTED}) AS found{{0}}"
)
MOST_WORDS = 4


@dataclass(frozen=True)
class Scoring:
    """What pairs are scored by: the weights, the rules fitted to the base, and what is known of it."""

    weights: Weights
    rules: Rules
    facts: Facts

    @property
    def threshold(self) -> float:
        """Bits from which on a pair counts as one person here."""
        return self.rules.threshold

    def of(self, codes: Codes) -> Score:
        """Score a pair that agrees so far."""
        return score(codes, self.weights, self.rules)

    def weight(self, codes: Codes) -> float:
        """Return the weight of such a pair alone."""
        return weight(codes, self.weights, self.rules)


def scoring(connection: Connection) -> Scoring:
    """Return what is in force: the policy's numbers, and what the last scan learnt of the base."""
    found = {row[0]: row[1] for row in rows(connection, _IN_FORCE, {})}
    facts = found.pop("", "")
    size = 0 if facts else int(rows(connection, _SIZE, {})[0][0])
    return _scoring(facts, size, frozenset(found.items()))


@lru_cache(maxsize=8)
def _scoring(facts: str, size: int, settings: frozenset[tuple[str, str]]) -> Scoring:
    known = msgspec.json.decode(facts, type=Facts) if facts else Facts(customers=size)
    return Scoring(weights_of(known.u), fitted(rules_of(policy_of(dict(settings))), known), known)


def rules_of(policy: Policy) -> Rules:
    """Return the numbers of the rules as the policy has them."""
    return Rules(
        threshold=policy.duplicate_threshold,
        contact_cap=policy.duplicate_contact_cap,
        household=policy.duplicate_household,
        namesake=policy.duplicate_namesake,
    )


@dataclass(frozen=True)
class Counted:
    """How rare the values of one customer are, from how many have them."""

    customers: int
    names: Mapping[tuple[Field, str], int] = field(default_factory=dict)
    emails: Mapping[str, int] = field(default_factory=dict)
    phones: Mapping[str, int] = field(default_factory=dict)

    def name(self, of: Field, folded: str) -> int:
        """Of a folded given or family name."""
        return name_rarity(of, self.names.get((of, folded), 1), self.customers)

    def email(self, canonical: str) -> int:
        """Of an email address."""
        return contact_rarity(self.emails.get(canonical, 2), self.customers)

    def phone(self, key: str) -> int:
        """Of the last digits of a phone number."""
        return contact_rarity(self.phones.get(key, 2), self.customers)


def names_counted(connection: Connection, facts: Facts, person: Person) -> dict[tuple[Field, str], int]:
    """Return how many customers bear the names of one, as given and as family name."""
    return all_names_counted(connection, facts, {person.given, person.family})


def all_names_counted(
    connection: Connection, facts: Facts, names: Collection[str]
) -> dict[tuple[Field, str], int]:
    """Return the same for many names, a hundred in one statement."""
    wanted = sorted(set(names) - {""})
    unknown = [name for name in wanted if name not in facts.frequent]
    rare: dict[str, int] = {}
    for start in range(0, len(unknown), AT_ONCE):
        rare |= _bearers(connection, unknown[start : start + AT_ONCE])
    found = {}
    for name in wanted:
        given, family = facts.frequent.get(name) or (rare[name], rare[name])
        found[Field.GIVEN, name], found[Field.FAMILY, name] = given, family
    return found


def _bearers(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Count in the index; of several words, those who bear the rarest one."""
    words = list(dict.fromkeys(word[:MAX_TOKEN] for name in names for word in name.split()[:MOST_WORDS]))
    if not words:
        return {}
    statement = " UNION ALL ".join(f"SELECT {at}, ({_BEARERS.format(f'w{at}')})" for at in range(len(words)))
    asked = {f"w{at}": word for at, word in enumerate(words)}
    counts = {words[at]: int(count) for at, count in rows(connection, statement, asked)}
    return {name: min(counts[word[:MAX_TOKEN]] for word in name.split()[:MOST_WORDS]) for name in names}
