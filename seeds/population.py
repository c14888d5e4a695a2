"""The generator of the practice population: the planted customers, and lifelike ones drawn around them.

Everything is drawn from one random generator of its own, so the same arguments give the same people.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from seeds import names, planted
from seeds.people import (
    PHASES,
    Card,
    ContactState,
    CustomerStatus,
    Email,
    Grant,
    Job,
    Person,
    Phone,
    PhoneKind,
    Population,
    Postal,
    SignIn,
    phases_after,
)
from seeds.places import LONDON, PhoneBook, Place, draw_address, draw_place

DUPLICATE_SHARE = 0.08
NAMESAKE_SHARE = 0.02
JUNIOR_SHARE = 0.05
"""Of the households with several people: a father and his son of the same name."""
OLDEST_DAYS = 2600
_RELATIVES = names.TRADITIONS["english"].women[1] + names.TRADITIONS["english"].men[1]


def population(*, count: int = 2000, seed: int = 20260101) -> Population:
    """Make `count` customers, numbered from 1001, the planted ones first.

    Raises ValueError if `count` is less than the number of planted customers. The fictional telephone numbers
    run out somewhere above 5,000 customers; those after have none.
    """
    if count < len(planted.PLANTED_PEOPLE):
        raise ValueError(
            f"count must be at least {len(planted.PLANTED_PEOPLE)}, the number of planted customers"
        )
    maker = _Maker(Random(seed))
    while len(maker.drafts) < count - len(planted.PLANTED_PEOPLE):
        maker.add_household()
    return _numbered(maker.drafts[: count - len(planted.PLANTED_PEOPLE)])


@dataclass(frozen=True)
class _Draft:
    """A person without a number yet; its index in the list of drafts is what `original` refers to."""

    person: Person
    household: int
    original: int | None = None


@dataclass(frozen=True)
class _Home:
    """What the people of one household have in common; `family` is the man's form of the name."""

    number: int
    place: Place
    address: Postal
    tradition: names.Tradition
    family: str
    phone: tuple[str, str] | None


class _Maker:
    """Draws households, and remembers every identifier given out so that none is given out twice."""

    def __init__(self, rng: Random) -> None:
        self.drafts: list[_Draft] = []
        self._rng = rng
        self._phones = PhoneBook(rng)
        self._households = 0
        self._emails = {email.address.lower() for person in planted.PLANTED_PEOPLE for email in person.emails}
        self._usernames = {
            sign_in.username for person in planted.PLANTED_PEOPLE for sign_in in person.sign_ins
        }
        self._passes = {card.pass_id for person in planted.PLANTED_PEOPLE for card in person.passes}
        self._contracts = {job.number for person in planted.PLANTED_PEOPLE for job in person.contracts}

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share

    def add_household(self) -> None:
        """Draw one to six people under one roof, some of them a second time by accident."""
        rng = self._rng
        place = draw_place(rng)
        tradition = names.draw_tradition(rng)
        size = rng.choices((1, 2, 3, 4, 5), weights=(58, 24, 8, 7, 3))[0]
        phone = self._phones.take(place) if size > 1 and self._chance(0.5) else None
        family = names.draw_skewed(rng, tradition.families)
        home = _Home(self._households, place, draw_address(rng, place), tradition, family, phone)
        self._households += 1
        first = len(self.drafts)
        if size == 1 and self.drafts and self._chance(NAMESAKE_SHARE):
            other = rng.choice(self.drafts).person
            self._add_person(home, other.given_name, other.family_name, _draw_adult_year(rng))
        elif size > 1 and self._chance(JUNIOR_SHARE):
            self._add_father_and_son(home)
        else:
            self._add_family(home, size)
        for at in range(first, len(self.drafts)):
            if self._chance(DUPLICATE_SHARE):
                self._add_duplicate(at)

    def _add_family(self, home: _Home, size: int) -> None:
        rng = self._rng
        for member in range(size):
            is_woman = self._chance(0.5)
            year = _draw_adult_year(rng) if member < 2 else rng.randrange(1990, 2008)
            given = names.draw_given_name(rng, home.tradition, is_woman=is_woman, birth_year=year)
            family = home.family
            if member == 1 and self._chance(0.2):
                family = names.draw_skewed(rng, home.tradition.families)
            self._add_person(home, given, family + (home.tradition.feminine if is_woman else ""), year)

    def _add_father_and_son(self, home: _Home) -> None:
        year = self._rng.randrange(1940, 1970)
        given = names.draw_given_name(self._rng, home.tradition, is_woman=False, birth_year=year)
        self._add_person(home, given, home.family, year)
        self._add_person(home, given, home.family, year + self._rng.randrange(22, 38))

    def _add_person(self, home: _Home, given: str, family: str, birth_year: int) -> None:
        rng = self._rng
        status: CustomerStatus = "active"
        if self._chance(0.14):
            status = rng.choices(("inactive", "suspended"), weights=(10, 4))[0]
        person = Person(
            0, given, family, date(birth_year, 1, 1) + timedelta(days=rng.randrange(365)), status,
            home.address if self._chance(0.96) else None, phones=self._draw_phones(home),
            passes=self._draw_passes(status), contracts=self._draw_contracts(home.address),
            notes=(rng.choice(names.NOTES),) if self._chance(0.06) else (),
            created_days_ago=int(OLDEST_DAYS * rng.random() ** 1.3) + 1,
        )  # fmt: skip
        if self._chance(0.05):
            person = replace(
                person,
                authorised=((names.draw_skewed(rng, _RELATIVES), family, rng.choice(names.RELATIONS)),),
            )
        person = replace(person, emails=self._draw_emails(person))
        person = replace(person, sign_ins=self._draw_sign_ins(person))
        if self._chance(0.07):
            person = replace(person, birth_date=None)
        self.drafts.append(_Draft(person, home.number))

    def _draw_emails(self, person: Person) -> tuple[Email, ...]:
        wanted = self._rng.choices((0, 1, 2), weights=(8, 80, 12))[0]
        states: tuple[ContactState, ...] = ("verified", "unverified", "bouncing")
        weights = (15, 80, 5) if person.status == "inactive" else (79, 16, 5)
        found = []
        for at in range(wanted):
            address = self._unused(self._emails, lambda: self._draw_address_of(person))
            if self._chance(0.04):
                address = address.title()
            found.append(Email(address, self._rng.choices(states, weights=weights)[0], at == 0))
        return tuple(found)

    def _draw_address_of(self, person: Person) -> str:
        return f"{self._draw_handle(person)}@{names.draw_skewed(self._rng, names.DOMAINS)}"

    def _draw_handle(self, person: Person) -> str:
        year = person.birth_date.year if person.birth_date else 1980
        return names.draw_local_part(self._rng, person.given_name, person.family_name, birth_year=year)

    def _unused(self, taken: set[str], draw: Callable[[], str]) -> str:
        """Draw until the identifier is a new one, and take it."""
        value = draw()
        while value in taken:
            value = draw()
        taken.add(value)
        return value

    def _draw_phones(self, home: _Home) -> tuple[Phone, ...]:
        rng = self._rng
        found = []
        if home.phone and self._chance(0.8):
            found.append(Phone(self._phones.typed(home.phone), "landline", "verified"))
        own = rng.choices((0, 1, 2), weights=(35, 60, 5) if found else (9, 79, 12))[0]
        for _ in range(own):
            number = self._phones.take(home.place)
            if number:
                state: ContactState = rng.choices(("verified", "unverified"), weights=(8, 2))[0]
                kind: PhoneKind = "landline" if number[0] == LONDON else "mobile"
                found.append(Phone(self._phones.typed(number), kind, state, not found))
        return tuple(found)

    def _draw_sign_ins(self, person: Person) -> tuple[SignIn, ...]:
        rng = self._rng
        if self._chance(0.4 if person.status == "inactive" else 0.14):
            return ()
        if person.emails and self._chance(0.2):
            username = self._unused(self._usernames, person.emails[0].address.lower)
        else:
            username = self._unused(self._usernames, lambda: self._draw_handle(person))
        if person.status == "inactive" or self._chance(0.06):
            return (SignIn(username, "placeholder"),)
        last = int(person.created_days_ago * rng.random() ** 3)
        if self._chance(0.93):
            return (SignIn(username, "active", last, rng.choices((0, 1, 2, 3), weights=(90, 6, 3, 1))[0]),)
        if self._chance(0.4):
            return (SignIn(username, "locked", last, 10),)
        return (SignIn(username, rng.choice(("reset-required", "disabled")), last),)

    def _draw_passes(self, status: CustomerStatus) -> tuple[Card, ...]:
        rng = self._rng
        count = rng.choices((0, 1, 2, 3), weights=(48, 44, 6, 2))[0]
        ids = [self._unused(self._passes, self._draw_pass_id) for _ in range(count)]
        if status == "suspended":
            return tuple(Card(pass_id, "suspended") for pass_id in ids)
        return tuple(
            Card(pass_id, rng.choices(("active", "expired", "suspended"), weights=(88, 9, 3))[0])
            for pass_id in ids
        )

    def _draw_pass_id(self) -> str:
        digits = f"{self._rng.randrange(40_000_000, 60_000_000)}"
        return f"PK{digits[:2]}-{digits[2:6]}-{digits[6:]}"

    def _draw_contracts(self, address: Postal) -> tuple[Job, ...]:
        rng = self._rng
        if address.country != "US" or not self._chance(0.1):
            return ()
        number = self._unused(
            self._contracts, lambda: f"SV-{rng.randint(2021, 2025)}-{rng.randrange(9000):05}"
        )
        at = rng.choices(range(len(planted.ORGANISATIONS)), weights=(50, 25, 15, 5, 5))[0]
        phases = phases_after(rng.randrange(len(PHASES) + 1))
        grants = tuple(
            Grant(index, PHASES if self._chance(0.5) else PHASES[rng.randrange(1, len(PHASES)) :])
            for index in range(len(planted.ORGANISATIONS[at].representatives))
            if self._chance(0.7)
        )
        return (Job(number, at, address, phases, grants),)

    def _add_duplicate(self, at: int) -> None:
        """Enter the person at an index once more, as happens in a hurry or after a move."""
        rng, original = self._rng, self.drafts[at].person
        given, family = names.retype(rng, original.given_name, original.family_name)
        person = Person(
            0, given, family, self._retyped_date(original.birth_date), "active",
            original.address if self._chance(0.7) else draw_address(rng, draw_place(rng)),
            created_days_ago=rng.randrange(original.created_days_ago) + 1,
        )  # fmt: skip
        if self._chance(0.2):
            self.drafts.append(_Draft(replace(person, status="merged"), self.drafts[at].household, at))
            return
        if self._chance(0.6):
            phones = [
                Phone(self._phones.retyped(p.number), p.kind, "unverified") for p in original.phones[:1]
            ]
            person = replace(person, phones=tuple(phones))
        if self._chance(0.7):
            person = replace(person, emails=self._draw_emails(person), passes=self._draw_passes("active"))
        if person.emails:
            person = replace(person, sign_ins=self._draw_sign_ins(person))
        self.drafts.append(_Draft(person, self.drafts[at].household, at))

    def _retyped_date(self, born: date | None) -> date | None:
        if born is None or self._chance(0.2):
            return None
        if self._chance(0.15):
            is_swapped = born.day <= 12
            return born.replace(month=born.day, day=born.month) if is_swapped else born - timedelta(days=1)
        return born


def _draw_adult_year(rng: Random) -> int:
    return int(rng.triangular(1934, 2005, 1976))


def _numbered(drafts: list[_Draft]) -> Population:
    """Number the drafts from the oldest account to the newest, after the planted ones."""
    order = sorted(range(len(drafts)), key=lambda at: (-drafts[at].person.created_days_ago, at))
    first = planted.FIRST_NUMBER + len(planted.PLANTED_PEOPLE)
    number = {at: first + place for place, at in enumerate(order)}
    homes: dict[int, list[int]] = {}
    people, duplicates = list(planted.PLANTED_PEOPLE), list(planted.PLANTED_DUPLICATES)
    for at in order:
        draft = drafts[at]
        survivor = None if draft.original is None else number[draft.original]
        is_merged = draft.person.status == "merged"
        people.append(replace(draft.person, number=number[at], merged_into=survivor if is_merged else None))
        if survivor is None:
            homes.setdefault(draft.household, []).append(number[at])
        else:
            duplicates.append((survivor, number[at]))
    households = planted.PLANTED_HOUSEHOLDS + tuple(
        tuple(home) for _, home in sorted(homes.items()) if len(home) > 1
    )
    return Population(tuple(people), planted.ORGANISATIONS, planted.OPERATORS, households, tuple(duplicates))
