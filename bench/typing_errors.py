"""The errors that people make when they type or hear a name."""

from random import Random

_NEIGHBOURS = {
    "a": "sqz", "b": "vgn", "c": "xvd", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy",
    "i": "uok", "j": "hku", "k": "jli", "l": "kop", "m": "nj", "n": "mbh", "o": "ipl", "p": "ol",
    "q": "wa", "r": "etf",
    "s": "adw", "t": "ryg", "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xas",
}  # fmt: skip
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("ie", "y"), ("ei", "ie"), ("ll", "l"), ("nn", "n"), ("tt", "t"), ("ss", "s"),
    ("mm", "m"), ("rr", "r"), ("y", "i"), ("ee", "ea"), ("c", "k"), ("k", "c"), ("z", "s"), ("sen", "son"),
    ("son", "sen"), ("th", "t"), ("e", "a"), ("o", "u"),
)  # fmt: skip


def one_error(rng: Random, name: str) -> str:
    """A letter wrong, missing, twice or swapped with the next, never the first one; short names stay."""
    if len(name) < 4:
        return name
    at = 1 + int((len(name) - 2) * rng.random())
    kind = int(4 * rng.random())
    if kind == 0:
        return name[:at] + _NEIGHBOURS.get(name[at], "e")[0] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2 or name[at] == name[at + 1]:
        return name[:at] + name[at] + name[at:]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def two_errors(rng: Random, name: str) -> str:
    """Two errors one after the other."""
    return one_error(rng, one_error(rng, name))


def by_sound(rng: Random, name: str) -> str:
    """Written as it sounds: with another common spelling of a sound; the name itself if none fits."""
    lower = name.lower()
    fitting = [(old, new) for old, new in _SOUNDS if old in lower[1:]]
    if not fitting:
        return name
    old, new = fitting[int(min(3, len(fitting)) * rng.random())]
    at = lower.index(old, 1)
    return lower[:at] + new + lower[at + len(old) :]
