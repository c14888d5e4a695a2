"""The stock of names and places for a large population: frequent ones, and a long tail made of syllables."""

from functools import cache
from itertools import accumulate, product
from typing import NamedTuple

from db.rules.names import fold


def _list(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


TOP_SHARE = 0.2
"""The 40 most frequent family names are a fifth of the people."""

OTHER_SCRIPTS = 0.03
TAIL_SKEW = 2.0
"""Exponent of the draw from the tail: more customers bring more, and rarer, names."""

_TOP = _list("""
    Smith, Johnson, Williams, Brown, Jones, Garcia, Miller, Davis, Rodriguez, Martinez, Hernandez,
    Lopez, Gonzalez, Wilson, Anderson, Thomas, Taylor, Moore, Jackson, Martin, Lee, Perez, Thompson,
    White, Harris, Sanchez, Clark, Ramirez, Lewis, Robinson, Walker, Young, Allen, King, Wright,
    Scott, Torres, Nguyen, Hill, Flores
""")
_GIVEN = _list("""
    James, Mary, Robert, Patricia, John, Jennifer, Michael, Linda, David, Elizabeth, William,
    Barbara, Richard, Susan, Joseph, Jessica, Thomas, Sarah, Charles, Karen, Christopher, Lisa,
    Daniel, Nancy, Matthew, Betty, Anthony, Sandra, Mark, Margaret, Donald, Ashley, Steven,
    Kimberly, Andrew, Emily, Paul, Donna, Joshua, Michelle, Kenneth, Carol, Kevin, Amanda, Brian,
    Melissa, George, Deborah, Timothy, Stephanie, Ronald, Rebecca, Jason, Laura, Edward, Helen,
    Jeffrey, Sharon, Ryan, Cynthia, Jacob, Kathleen, Gary, Amy, Nicholas, Angela, Eric, Shirley,
    Jonathan, Anna, Stephen, Brenda, Larry, Pamela, Justin, Emma, Scott, Nicole, Brandon, Joan,
    Benjamin, Samantha, Samuel, Katherine, Gregory, Christine, Frank, Rachel, José, Zoë, Renée,
    Siobhán, Björn, André, Chloé, Sofía, Íñigo, Łukasz, Søren
""")
_FOREIGN = (
    ("Иван", "Иванов"), ("Наталья", "Смирнова"), ("Дмитрий", "Кузнецов"), ("Юлия", "Соловьёва"),
    ("伟", "王"), ("秀英", "李"), ("美咲", "佐藤"), ("지훈", "김"), ("Ελένη", "Νικολάου"),
    ("Γιώργος", "Γεωργίου"), ("Ayşe", "Yılmaz"), ("Jürgen", "Müller"), ("François", "Lefèvre"),
    ("Åsa", "Sørensen"), ("Paweł", "Wójcik"),
)  # fmt: skip
_STARTS = _list("""
    A, Al, An, Ba, Bar, Be, Bel, Bo, Bra, Bur, Ca, Car, Cha, Co, Cor, Cra, Da, Del, Do, Dra, Du, E,
    El, Fa, Fer, Fo, Ga, Gil, Go, Gra, Ha, Har, He, Hol, Hu, Ja, Jo, Ka, Kel, Ko, Kra, La, Lan, Le,
    Lo, Ma, Mar, Mc, Me, Mil, Mo, Mor, Na, Ni, No, O, Or, Pa, Par, Pe, Pol, Ra, Ri, Ro, Ru, Sa, San,
    Sche, Se, Sha, So, Sta, Ste, Str, Ta, Te, Tho, To, Tra, Va, Ve, Vi, Wa, Wal, We, Wil, Wo, Ya, Za
""")
_MIDDLES = _list("""
    b, ber, bi, ca, ch, cke, cu, d, den, di, du, f, fi, g, ger, go, k, ki, l, la, li, lle, lo, m,
    ma, mi, n, na, nde, ni, no, p, pe, r, ra, ri, ro, s, se, shi, st, ste, t, ta, ti, tte, v, ve,
    vi, w, z
""")
_ENDS = _list("""
    a, an, ard, as, berg, by, by, e, ell, en, ens, er, ers, es, ett, ey, field, ford, ham, i, ick,
    ier, in, ing, ins, is, ison, ka, ke, ley, low, man, mann, mont, n, ner, nes, o, on, or, os, ott,
    ov, owski, rd, re, rez, ris, rop, s, sen, ski, son, sson, stein, ter, ton, us, vitz, well, wick,
    win, wood, worth, y
""")
_PLACES = (
    ("Reno", "NV", "895", 775), ("Portland", "OR", "972", 503), ("Austin", "TX", "787", 512),
    ("Chicago", "IL", "606", 312), ("Denver", "CO", "802", 303), ("Boise", "ID", "837", 208),
    ("Tucson", "AZ", "857", 520), ("Boston", "MA", "021", 617), ("Atlanta", "GA", "303", 404),
    ("Seattle", "WA", "981", 206), ("Fresno", "CA", "937", 559), ("Omaha", "NE", "681", 402),
    ("Tampa", "FL", "336", 813), ("Buffalo", "NY", "142", 716), ("Dayton", "OH", "454", 937),
    ("Mobile", "AL", "366", 251), ("Salem", "OR", "973", 971), ("Albany", "NY", "122", 518),
    ("Eugene", "OR", "974", 541), ("Madison", "WI", "537", 608),
)  # fmt: skip
_ROADS = ("Street", "Avenue", "Road", "Lane", "Drive", "Court", "Way", "Place")
DOMAINS = ("gmail.com", "yahoo.com", "outlook.com", "hotmail.com", "icloud.com", "aol.com", "example.org")


class Name(NamedTuple):
    """A name as written, and its folded form, of which usernames and email addresses are made."""

    text: str
    plain: str


class Place(NamedTuple):
    """A city with the first digits of its postcodes and its telephone area code."""

    city: str
    state: str
    postcode: str
    area: int


def _name(text: str) -> Name:
    return Name(text, "".join(char for char in fold(text) if char.isascii() and char.isalnum()))


def _made(count: int) -> list[Name]:
    """Names of two to three parts, in an order that a fixed stride scatters."""
    parts = [a + b + c for a, b, c in product(_STARTS, ("", *_MIDDLES), _ENDS)]
    stride = 7_919  # a prime that divides no such number of names
    return [_name(parts[(at * stride + 41_117) % len(parts)]) for at in range(min(count, len(parts)))]


@cache
def top_families() -> list[Name]:
    """The 40 most frequent family names, the first ones most frequent."""
    return [_name(text) for text in _TOP]


@cache
def top_weights() -> list[float]:
    """Cumulated weights of `top_families`, by rank."""
    return list(accumulate(1 / (rank + 4) for rank in range(len(_TOP))))


@cache
def rare_families() -> list[Name]:
    """Some 100,000 further family names."""
    return _made(120_000)


@cache
def given_names() -> list[Name]:
    """Given names: a hundred frequent ones, then a tail."""
    return [_name(text) for text in _GIVEN] + _made(4_000)


@cache
def foreign_names() -> list[tuple[Name, Name]]:
    """Given and family names with accents or in other scripts."""
    return [(_name(given), _name(family)) for given, family in _FOREIGN]


@cache
def places() -> list[Place]:
    """Cities that people live in."""
    return [Place(*place) for place in _PLACES]


@cache
def streets() -> list[str]:
    """Names of streets, without a house number."""
    return [f"{name.text} {road}" for name in _made(2_000) for road in _ROADS]
