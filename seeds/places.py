"""The stock of places, streets and fictional telephone numbers, and drawing from it."""

from dataclasses import dataclass
from random import Random

from seeds.people import Postal


@dataclass(frozen=True)
class Place:
    """A city with its real postcodes and telephone area codes; a heavier weight is drawn more often."""

    city: str
    state: str
    weight: int
    postcodes: tuple[str, ...]
    area_codes: tuple[str, ...]
    country: str = "US"


def _us(city: str, state: str, weight: int, postcodes: str, area_codes: str) -> Place:
    return Place(city, state, weight, tuple(postcodes.split()), tuple(area_codes.split()))


PLACES = (
    _us("Reno", "NV", 150, "89501 89502 89503 89506 89509 89511 89519 89521 89523", "775"),
    _us("Sparks", "NV", 70, "89431 89434 89436 89441", "775"),
    _us("Carson City", "NV", 40, "89701 89703 89706", "775"),
    _us("Incline Village", "NV", 12, "89451", "775"),
    _us("Fallon", "NV", 10, "89406", "775"),
    _us("Fernley", "NV", 12, "89408", "775"),
    _us("Minden", "NV", 10, "89423", "775"),
    _us("Gardnerville", "NV", 10, "89410 89460", "775"),
    _us("Elko", "NV", 10, "89801", "775"),
    _us("Winnemucca", "NV", 5, "89445", "775"),
    _us("Las Vegas", "NV", 110, "89101 89104 89107 89110 89117 89121 89128 89135 89147 89149", "702 725"),
    _us("Henderson", "NV", 45, "89002 89011 89012 89014 89015 89052 89074", "702 725"),
    _us("North Las Vegas", "NV", 30, "89030 89031 89032 89081 89084", "702 725"),
    _us("Boulder City", "NV", 6, "89005", "702 725"),
    _us("Sacramento", "CA", 45, "95811 95814 95816 95818 95820 95822 95825 95831", "916 279"),
    _us("Roseville", "CA", 14, "95661 95678 95747", "916 279"),
    _us("Truckee", "CA", 14, "96161", "530"),
    _us("South Lake Tahoe", "CA", 14, "96150", "530"),
    _us("Redding", "CA", 8, "96001 96002 96003", "530"),
    _us("San Francisco", "CA", 40, "94102 94107 94110 94112 94114 94117 94118 94122", "415 628"),
    _us("Oakland", "CA", 24, "94601 94606 94607 94609 94610 94611", "510 341"),
    _us("San José", "CA", 26, "95110 95112 95116 95123 95125 95128", "408 669"),
    _us("Walnut Creek", "CA", 8, "94595 94596 94597", "925"),
    _us("Santa Rosa", "CA", 8, "95401 95403 95404", "707"),
    _us("Stockton", "CA", 10, "95202 95204 95207", "209"),
    _us("Fresno", "CA", 14, "93701 93704 93711 93720", "559"),
    _us("Bakersfield", "CA", 10, "93301 93304 93309 93312", "661"),
    _us("Los Angeles", "CA", 50, "90004 90012 90019 90026 90034 90042 90045 90065", "213 323"),
    _us("Santa Monica", "CA", 8, "90401 90403 90405", "310 424"),
    _us("Pasadena", "CA", 8, "91101 91104 91107", "626"),
    _us("Burbank", "CA", 8, "91501 91505 91506", "818 747"),
    _us("Long Beach", "CA", 10, "90802 90803 90807 90815", "562"),
    _us("Irvine", "CA", 10, "92602 92604 92612 92618", "949"),
    _us("Anaheim", "CA", 10, "92801 92804 92805", "714 657"),
    _us("Riverside", "CA", 8, "92501 92503 92506", "951"),
    _us("San Diego", "CA", 28, "92101 92103 92104 92109 92116 92126", "619 858"),
    _us("Phoenix", "AZ", 22, "85003 85006 85014 85016 85018 85032", "602 480"),
    _us("Tucson", "AZ", 10, "85701 85705 85710 85716", "520"),
    _us("Flagstaff", "AZ", 5, "86001 86004", "928"),
    _us("Salt Lake City", "UT", 18, "84101 84102 84103 84105 84106 84111", "801 385"),
    _us("St. George", "UT", 6, "84770 84790", "435"),
    _us("Boise", "ID", 14, "83702 83704 83705 83709 83713", "208 986"),
    _us("Portland", "OR", 18, "97201 97202 97209 97211 97214 97217", "503 971"),
    _us("Bend", "OR", 6, "97701 97702 97703", "541 458"),
    _us("Seattle", "WA", 18, "98101 98103 98105 98109 98115 98122", "206 564"),
    _us("Spokane", "WA", 6, "99201 99203 99205", "509"),
    _us("Denver", "CO", 14, "80202 80205 80206 80209 80211 80218", "303 720"),
    _us("Colorado Springs", "CO", 5, "80903 80907 80918", "719"),
    _us("Albuquerque", "NM", 6, "87102 87106 87110 87111", "505"),
    _us("Austin", "TX", 8, "78701 78703 78704 78745", "512 737"),
    Place("London", "", 8, ("SW1A 2AB", "N1 9GU", "SE15 4QN", "E8 3RH", "W11 2BQ"), (), "GB"),
    Place("Vancouver", "BC", 8, ("V5K 0A1", "V6B 1H7", "V6E 2M6"), ("604", "778"), "CA"),
    Place("Montréal", "QC", 5, ("H2X 1Y4", "H3B 4W8"), ("514", "438"), "CA"),
)
_WEIGHTS = tuple(place.weight for place in PLACES)

STREETS = (
    "Main", "Oak", "Pine", "Maple", "Cedar", "Elm", "Washington", "Lake", "Hill", "Walnut", "Spring", "North",
    "Ridge", "Church", "Willow", "Mill", "Sunset", "Railroad", "Jackson", "Highland", "Virginia", "Sierra",
    "Plumb", "Moana", "Arlington", "Mayberry", "Kietzke", "Truckee River", "Sagebrush", "Juniper",
    "Quail Hollow", "Comstock", "Bonanza", "Silver Creek", "Desert Willow", "Piñon", "St. Mary's",
    "Martin Luther King Jr.", "El Camino Real", "3rd", "14th", "Eagle Nest", "Cottonwood", "Wild Horse",
    "Copper Canyon", "Granite", "Prospector", "Meadow", "Vista del Sol",
)  # fmt: skip
STREET_TYPES = (
    "St", "Street", "Ave", "Avenue", "Dr", "Drive", "Ln", "Lane", "Rd", "Road", "Way", "Ct", "Blvd", "Pl",
)  # fmt: skip
UNITS = ("Apt {}", "Unit {}", "#{}", "Apt. {}B", "Suite {}")

RESERVED_NUMBERS = frozenset(("775", f"{n:04}") for n in range(140, 170))
"""Numbers kept for the planted customers; area code 650, which no place uses, is the organisations'."""

NORTH_AMERICAN_FORMATS = (
    "({a}) 555-{n}", "({a}) 555-{n}", "({a}) 555-{n}", "{a}-555-{n}", "{a}-555-{n}", "{a}555{n}", "{a}555{n}",
    "{a}.555.{n}", "{a} 555 {n}", "+1 {a} 555 {n}", "+1{a}555{n}", "1-{a}-555-{n}", "1 ({a}) 555-{n}",
    "({a})555-{n}", "+1 ({a}) 555-{n}", "{a}/555-{n}", " {a} 555-{n} ", "1.{a}.555.{n}",
)  # fmt: skip
LONDON = "20"
"""Area code of London, whose numbers kept for fiction are 7946 0000 to 0999."""

LONDON_FORMATS = ("+44 20 7946 {n}", "+44207946{n}", "+44 (0)20 7946 {n}", "011 44 20 7946 {n}")


def draw_place(rng: Random) -> Place:
    """Draw a city by weight."""
    return rng.choices(PLACES, weights=_WEIGHTS)[0]


def draw_address(rng: Random, place: Place) -> Postal:
    """Draw a street, house number and matching postcode in the place."""
    street = f"{STREETS[int(len(STREETS) * rng.random() ** 1.4)]} {rng.choice(STREET_TYPES)}"
    number = rng.randrange(1, 100) if rng.random() < 0.15 else rng.randrange(100, 9900)
    unit = f" {rng.choice(UNITS).format(rng.randrange(1, 60))}" if rng.random() < 0.18 else ""
    return Postal(
        f"{number} {street}{unit}", place.city, place.state, rng.choice(place.postcodes), place.country
    )


class PhoneBook:
    """The fictional numbers not yet given out: a hundred in each area code and a thousand in London.

    A number is a pair (area code, last four digits); the area code of London is LONDON.
    """

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        codes = sorted({code for place in PLACES for code in place.area_codes})
        lines = [f"{n:04}" for n in range(100, 200)]
        self._free = {code: [n for n in lines if (code, n) not in RESERVED_NUMBERS] for code in codes}
        self._free[LONDON] = [f"{n:04}" for n in range(1000)]
        for numbers in self._free.values():
            rng.shuffle(numbers)

    def take(self, place: Place) -> tuple[str, str] | None:
        """Take a number of the place, or of anywhere in North America when its area codes are used up.

        None once those are given out too: no number is ever given out twice.
        """
        local = place.area_codes or (LONDON,)
        free = [code for code in local if self._free[code]]
        free = free or [code for code, numbers in self._free.items() if numbers and code != LONDON]
        if not free:
            return None
        code = self._rng.choice(free)
        return code, self._free[code].pop()

    def retyped(self, typed: str) -> str:
        """Write a number that was typed once before in another way or the same."""
        digits = "".join(filter(str.isdecimal, typed))
        area = LONDON if "7946" in digits[:-4] else digits[-10:-7]
        return self.typed((area, digits[-4:]))

    def typed(self, number: tuple[str, str]) -> str:
        """Write a number the way one customer or another would type it."""
        formats = LONDON_FORMATS if number[0] == LONDON else NORTH_AMERICAN_FORMATS
        return self._rng.choice(formats).format(a=number[0], n=number[1])
