"""Draws records that agree in every way that is known, and puts them into columns."""

from collections import Counter
from typing import NamedTuple

from hypothesis import strategies as st

from db.duplicates.base import Counted
from db.duplicates.folding import Person, home_of, person_of
from db.duplicates.levels import Field
from db.duplicates.scanning.columns import Columns, Gathering

_GIVEN = (
    "Joan",
    "Jóan",
    "JOAN",
    "joanie",
    "J",
    "Jo Ann",
    "Ann",
    "Daniel",
    "Danielle",
    "Dan",
    "Smith",
    "",
    "伟",
)
_FAMILY = (
    "Smith",
    "Smyth",
    "Smithe",
    "Garcia Lopez",
    "Garcia",
    "Joan",
    "Joane",
    "O'Brien",
    "OBrien",
    "S",
    "",
)
_EMAILS = ("j@a.org", "j@b.org", "joan.s@a.org", "x@a.org")
_PHONES = ("+12025550142", "+442025550142", "+12025550143")
_BORN = (0, 19800517, 19801705, 19800518, 19800571, 19800112, 19810517, 19801201, 19991231)
_STREETS = ("12 Oak Street", "12 Oak St", "14 Oak Street", "Oak Street", "12 Elm Road", "Hauptstr. 12", "")
_CITIES = ("Reno", "Renoo", "Boise", "")
_POSTCODES = ("89501", "83701", "")


class Record(NamedTuple):
    """A customer as a database has them."""

    given: str
    family: str
    born: int
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    street: str
    city: str
    postcode: str

    @property
    def person(self) -> Person:
        """What one pair is compared by."""
        home = home_of(self.street, self.city, self.postcode)
        return person_of(
            self.given, self.family, born=self.born, emails=self.emails, phones=self.phones, home=home
        )


def _some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


_NAMES = st.text(alphabet="abeijnosth -'é", max_size=9)

RECORDS = st.lists(
    st.builds(
        Record,
        given=st.sampled_from(_GIVEN) | _NAMES,
        family=st.sampled_from(_FAMILY) | _NAMES,
        born=st.sampled_from(_BORN),
        emails=_some(_EMAILS),
        phones=_some(_PHONES),
        street=st.sampled_from(_STREETS),
        city=st.sampled_from(_CITIES),
        postcode=st.sampled_from(_POSTCODES),
    ),
    min_size=2,
    max_size=12,
)


def columns_of(records: list[Record]) -> Columns:
    """Return the records as the scan has them, numbered from 1 on."""
    numbered = list(enumerate(records, start=1))
    gathering = Gathering()
    gathering.customers([(number, one.given, one.family, one.born) for number, one in numbered])
    emails = [(number, email) for number, one in numbered for email in one.emails]
    phones = [(number, phone) for number, one in numbered for phone in one.phones]
    if emails:
        gathering.emails(emails)
    if phones:
        gathering.phones(phones)
    gathering.homes([(number, one.street, one.city, one.postcode, True, number) for number, one in numbered])
    return gathering.done()


def counted(people: list[Person]) -> Counted:
    """Return how many of some people have each value."""
    names: dict[tuple[Field, str], int] = {}
    for one in people:
        for name in (one.given, one.family):
            names[Field.GIVEN, name] = sum(other.given == name for other in people)
            names[Field.FAMILY, name] = sum(other.family == name for other in people)
    return Counted(
        customers=len(people),
        names=names,
        emails=Counter(email for one in people for email in one.emails),
        phones=Counter(phone for one in people for phone in one.phones),
    )
