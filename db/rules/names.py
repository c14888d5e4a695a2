"""Folds names for search: the plain form, its tokens, and the terms a customer is found by."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

from anyascii import anyascii

MAX_TEXT = 2048
"""Characters of a text that are folded; what follows is ignored, so that a hostile name costs no time."""

MAX_TOKENS = 40
MAX_TOKEN = 40
MAX_DISPLAY = 120

PAIR_TOKENS = 12
"""Pairs are made of the first so many tokens: 66 pairs at most, where real names have one to six."""

PAIR_DEPTH = 6
"""Characters of each word that take part in a pair: the depth that was measured with a million customers."""

_CJK = (
    "\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
# What people type for the apostrophe of O'Brien and the hyphen of Anne-Marie.
_SIGNS = dict.fromkeys("‘’ʻʼ′`´", "'") | dict.fromkeys("‐‑‒–—―−", "-")
_INSIDE_WORD = re.compile(r"(?<=[^\W_])['-](?=[^\W_])")
_GREEK_OU = re.compile("ο[υύ]", re.IGNORECASE)  # one sound, and ou in every passport (ISO 843)
_IS_CJK = re.compile(f"[{_CJK}]")
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")


def fold(text: str) -> str:
    """The plain form names are compared by: no case, no accents, other scripts transliterated, CJK kept.

    Letters and digits are left, and ASCII punctuation; anything else counts as a space. Folding twice changes
    nothing. Only the first `MAX_TEXT` characters count.
    """
    if text.isascii() and text.isprintable():  # most names; the result is the same, in a tenth of the time
        return " ".join(text[:MAX_TEXT].lower().split())
    composed = _GREEK_OU.sub("ou", unicodedata.normalize("NFKC", text[:MAX_TEXT])[:MAX_TEXT])
    return " ".join("".join(_fold_char(char) for char in composed).split())[:MAX_TEXT].strip()


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, folded, in order; a CJK character is a word of its own.

    At most `MAX_TOKENS` of at most `MAX_TOKEN` characters each.
    """
    found = _TOKEN.finditer(fold(text))
    return tuple(match.group()[:MAX_TOKEN] for match, _ in zip(found, range(MAX_TOKENS), strict=False))


def pair_terms(words: Sequence[str]) -> frozenset[str]:
    """One term for every two words of a name, whatever their order, to be looked up by `pair_prefix`.

    The two words are sorted and interleaved character by character, `PAIR_DEPTH` of each: *joan smith* is
    `jsomaint`. Where one ends, so does the term, save one more character of the first: beyond that point no
    query can reach, because a query is never deeper than its shorter word.
    """
    return frozenset(_interleave(*sorted(two)) for two in combinations(words[:PAIR_TOKENS], 2) if all(two))


def pair_prefix(first: str, second: str) -> str:
    """The prefix that the pair term of every name has in which two words start with `first` and `second`.

    Sorting both sides is enough, and half the terms of storing both orders: where the first is no beginning
    of the second, the sorted prefixes fix the order of the words they begin; where it is, only its own length
    is used of both, and the prefix is the same either way round. The longer word's further characters
    are not in the prefix: the caller filters the rows by them.
    """
    low, high = first[:PAIR_DEPTH], second[:PAIR_DEPTH]
    if high < low:
        low, high = high, low
    if high.startswith(low):
        high = high[: len(low)]
    return _interleave(low, high)


def best_pair_prefix(words: Sequence[str]) -> str | None:
    """The most selective `pair_prefix` among the words of a query; None where fewer than two were typed."""
    prefixes = [pair_prefix(*two) for two in combinations(words[:PAIR_TOKENS], 2) if all(two)]
    return max(prefixes, key=len, default=None)


def name_terms(*names: str) -> frozenset[tuple[str, str]]:
    """The `(kind, term)` rows of a customer: `name` for each word of all names, `pair` for each two."""
    words = _words(names)
    return frozenset({("name", word) for word in words} | {("pair", term) for term in pair_terms(words)})


def name_words(*names: str) -> frozenset[str]:
    """The words among the `name_terms` of a customer."""
    return frozenset(_words(names))


def display_name(*parts: str) -> str:
    """The parts of a name on one line, single-spaced, at most `MAX_DISPLAY` characters."""
    words = " ".join(part[:MAX_TEXT] for part in parts).split()
    text = unicodedata.normalize("NFC", " ".join(words))
    if not text:
        return "(no name)"
    return text if len(text) <= MAX_DISPLAY else text[: MAX_DISPLAY - 1].rstrip() + "…"


def _words(names: Iterable[str]) -> tuple[str, ...]:
    """The words of all names, and the forms written together: *O'Brien* is also found as *obrien*."""
    found = [_words_of(name) for name in names]
    words = [word for apart, _ in found for word in apart]
    joined = [word for _, together in found for word in together if word not in words]
    return tuple(words + joined)[:MAX_TOKENS]


@lru_cache(maxsize=16_384)
def _words_of(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of one name as they stand, and written together; held, for names repeat."""
    folded = fold(name)
    return tokens(folded), tokens(_INSIDE_WORD.sub("", folded))


def _interleave(low: str, high: str) -> str:
    """Both words by turns; ends where the shorter one does, with one more character of `low` if it has it."""
    depth = min(len(low), len(high), PAIR_DEPTH)
    woven = [""] * (2 * depth)
    woven[::2], woven[1::2] = low[:depth], high[:depth]
    return "".join(woven) + low[depth : min(depth + 1, PAIR_DEPTH)]


@lru_cache(maxsize=8192)
def _fold_char(char: str) -> str:
    """One composed character folded; marks vanish, signs outside ASCII become a space."""
    if char.isascii():
        return char.lower() if char.isprintable() else " "
    if _IS_CJK.match(char) and char.isalnum():
        return unicodedata.normalize("NFC", char)
    return "".join(_fold_part(part) for part in unicodedata.normalize("NFKD", char))


def _fold_part(part: str) -> str:
    if part in _SIGNS:
        return _SIGNS[part]
    category = unicodedata.category(part)
    if category[0] not in "LMN":
        return " "
    # Marks on a letter have a combining class; the vowel signs of Indic scripts have none and are spoken.
    if unicodedata.combining(part):
        return ""
    latin = anyascii(part)
    if not latin:
        return part.casefold() if category == "Lo" else ""
    return "".join(char for char in latin if char.isalnum()).lower()
