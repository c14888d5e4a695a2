"""The queries that search is measured with: 19 classes of what operators type, each with its right answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from sqlalchemy import Connection, text

from bench.population import FIRST_ID
from bench.stock import top_families
from bench.typing_errors import by_sound, one_error, two_errors
from db.rules.names import fold, pair_prefix, tokens

PER_CLASS = 40
_ROW = text(
    "SELECT c.id, c.given_name, c.family_name, e.canonical, p.canonical, a.canonical, s.pass_id"
    " FROM customer c LEFT JOIN email_profile e ON e.customer_id = c.id"
    " LEFT JOIN phone_profile p ON p.customer_id = c.id AND p.is_primary"
    " LEFT JOIN authentication_profile a ON a.customer_id = c.id LEFT JOIN pass s ON s.customer_id = c.id"
    " WHERE c.id = :id"
)


@dataclass(frozen=True)
class Probe:
    """A range of an index that begins with `prefix`: what the bare driver looks up for the same query."""

    source: str
    prefix: str


@dataclass(frozen=True)
class Query:
    """What is typed, and who is meant, if it is one person; `name` is how that person is called."""

    kind: str
    group: str
    text: str
    probes: tuple[Probe, ...]
    target: int | None = None
    name: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """A customer of the base, who has everything that can be typed."""

    id: int
    given: str
    family: str
    email: str
    phone: str
    username: str
    pass_id: str

    @property
    def name(self) -> tuple[str, ...]:
        """The folded words of the name, in alphabetical order."""
        return tuple(sorted(tokens(f"{self.given} {self.family}")))


def _word(start: str) -> tuple[Probe, ...]:
    return Probe("name", start), Probe("email", start), Probe("username", start)


def _digits(digits: str) -> tuple[Probe, ...]:
    """Bare digits may end a phone, a pass id or a contract number, or begin whatever may begin so."""
    ends = ("phone-end", "pass-end", "contract-end")
    starts = ("email", "username", "pass", "contract")
    return (
        *(Probe(source, digits[::-1]) for source in ends),
        *(Probe(source, digits) for source in starts),
    )


def _pair(one: str, two: str) -> tuple[Probe, ...]:
    return (Probe("pair", pair_prefix(fold(one), fold(two))),)


def _letters(count: int) -> Callable[[Random, Known], tuple[str, tuple[Probe, ...]]]:
    return lambda _rng, known: (fold(known.family)[:count], _word(fold(known.family)[:count]))


def _common(rng: Random, _known: Known) -> tuple[str, tuple[Probe, ...]]:
    name = rng.choice(top_families()).plain
    return name, _word(name)


def _partial(rng: Random, known: Known) -> tuple[str, tuple[Probe, ...]]:
    one, two = known.given[: rng.randint(2, 4)], known.family[: rng.randint(2, 4)]
    return f"{one} {two}", _pair(one, two)


def _full(_rng: Random, known: Known) -> tuple[str, tuple[Probe, ...]]:
    return f"{known.given} {known.family}", _pair(known.given, known.family)


def _swapped(_rng: Random, known: Known) -> tuple[str, tuple[Probe, ...]]:
    return f"{known.family}, {known.given}", _pair(known.given, known.family)


def _misspelt(
    spell: Callable[[Random, str], str],
) -> Callable[[Random, Known], tuple[str, tuple[Probe, ...]]]:
    return lambda rng, known: (f"{known.given} {spell(rng, known.family)}", _pair(known.given, known.family))


def _email_start(rng: Random, known: Known) -> tuple[str, tuple[Probe, ...]]:
    start = known.email[: rng.randint(4, max(5, known.email.index("@")))]
    return start, (Probe("email", start), Probe("tail", start))


def _email_part(_rng: Random, known: Known) -> tuple[str, tuple[Probe, ...]]:
    local = known.email.replace("_", ".").partition(".")[2]
    return local, (Probe("email", local), Probe("tail", local))


def _email_domain(_rng: Random, known: Known) -> tuple[str, tuple[Probe, ...]]:
    domain = known.email.partition("@")[2]
    return domain, (Probe("email", domain), Probe("tail", domain))


def _phone(rng: Random, known: Known) -> tuple[str, tuple[Probe, ...]]:
    digits = known.phone[2:]
    form = rng.choice(("({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "+1 {} {} {}", "{}{}{}"))
    return form.format(digits[:3], digits[3:6], digits[6:]), (Probe("phone", known.phone),)


def _phone_end(low: int, high: int) -> Callable[[Random, Known], tuple[str, tuple[Probe, ...]]]:
    def ending(rng: Random, known: Known) -> tuple[str, tuple[Probe, ...]]:
        end = known.phone[-rng.randint(low, high) :]
        return end, _digits(end)

    return ending


def _username(_rng: Random, known: Known) -> tuple[str, tuple[Probe, ...]]:
    return known.username, (Probe("username", known.username),)


def _pass(_rng: Random, known: Known) -> tuple[str, tuple[Probe, ...]]:
    return known.pass_id, (Probe("pass", known.pass_id.replace("-", "")),)


def _nobody(rng: Random, _known: Known) -> tuple[str, tuple[Probe, ...]]:
    name = "".join(rng.choice("qxzjvw") for _ in range(8))
    return name, _word(name)


# name → group, how it is made, and whether it is meant to lead to one person
CLASSES = {
    "1 letter": ("prefix", _letters(1), False),
    "2 letters": ("prefix", _letters(2), False),
    "3 letters": ("prefix", _letters(3), False),
    "common family name": ("exact", _common, False),
    "both names half typed": ("prefix", _partial, False),
    "full name": ("exact", _full, True),
    "full name, family name first": ("exact", _swapped, True),
    "full name, one typo": ("misspelt", _misspelt(one_error), True),
    "full name, two typos": ("misspelt", _misspelt(two_errors), True),
    "full name as it sounds": ("misspelt", _misspelt(by_sound), True),
    "email, its start": ("prefix", _email_start, False),
    "email, from a separator": ("prefix", _email_part, True),
    "email, its domain": ("prefix", _email_domain, False),
    "phone, whole": ("phone digits", _phone, True),
    "phone, last 4": ("phone digits", _phone_end(4, 4), False),
    "phone, last 5–7": ("phone digits", _phone_end(5, 7), False),
    "username": ("exact", _username, True),
    "pass id": ("exact", _pass, True),
    "nobody": ("prefix", _nobody, False),
}  # fmt: skip
GROUPS = ("exact", "prefix", "phone digits", "misspelt")


def query_set(connection: Connection, count: int, *, seed: int = 1) -> list[Query]:
    """Return the queries on a base of `count` customers, shuffled; another seed gives others."""
    rng = Random(seed)
    people = _people(connection, count, rng)
    found = []
    for kind, (group, make, is_meant) in CLASSES.items():
        wanted = PER_CLASS
        for known in people:
            if _is_unsuited(kind, known):
                continue
            typed, probes = make(rng, known)
            if "misspelt" in group and fold(typed) == fold(f"{known.given} {known.family}"):
                continue  # nothing to get wrong in this name
            found.append(
                Query(
                    kind, group, typed, probes, known.id if is_meant else None, known.name if is_meant else ()
                )
            )
            wanted -= 1
            if not wanted:
                break
    rng.shuffle(found)
    return found


def _is_unsuited(kind: str, known: Known) -> bool:
    if kind == "email, from a separator":
        return not any(sign in known.email.partition("@")[0] for sign in "._")
    return "letters" in kind and not fold(known.family).isalpha()


def _people(connection: Connection, count: int, rng: Random) -> Iterator[Known]:
    """Draw customers who have every identifier, without end."""
    while True:
        row = connection.execute(_ROW, {"id": FIRST_ID + rng.randrange(count)}).first()
        if row is not None and all(row):
            yield Known(*row)
