"""Says how alike a typed word and a word of a name are; pure, the one meaning of "misspelt".

A word is known by keys that survive a typing error: its first letters, the same with any one of them left
out, and how it sounds. Two words that are one error apart share a key, so a misspelt word is looked up by its
own keys, and the index holds words, not customers (deletion neighbourhoods, as in SymSpell).
"""

from collections.abc import Collection, Iterator
from functools import lru_cache

from doublemetaphone import doublemetaphone
from rapidfuzz import process
from rapidfuzz.distance import OSA

DEPTH = 7
"""Letters of a word that have keys; errors further on are met by the key without any left out."""

MIN_WORD = 3
"""Shorter words are one error away from too many others."""

MIN_START = 4
"""Letters typed of a word before a beginning of it may have an error."""

MAX_SOUND_ERRORS = 3
"""Letters that words which sound alike may differ in."""

SOUND = "~"
LETTERS = "abcdefghijklmnopqrstuvwxyz"

WHOLE_STEP, START_STEP = 2, 3
"""One wrong letter counts 2, a beginning with one wrong letter 3, so whole words come first."""


def keys_of(word: str) -> frozenset[str]:
    """Return the keys of a word; one that is too short has none."""
    return letters_of(word) | sounds_of(word) if len(word) >= MIN_WORD else frozenset()


@lru_cache(maxsize=4_096)
def letters_of(word: str) -> frozenset[str]:
    """Return the first letters of a word, and the same with any one of them left out."""
    start = word[:DEPTH]
    return frozenset({start, *(start[:at] + start[at + 1 :] for at in range(len(start)))})


@lru_cache(maxsize=16_384)
def sounds_of(word: str) -> frozenset[str]:
    """Return how a word sounds, in up to two ways; only Latin letters sound."""
    return frozenset(SOUND + sound for sound in doublemetaphone(word) if len(sound) > 1)


def alike(typed: str, words: Collection[str], *, is_half_typed: bool) -> dict[str, int]:
    """Return those of the words that are similar to the typed one, with how far they are; 0 is the same.

    Similar is: a key in common, and one wrong letter, two from five letters on, three where both sound alike.
    A half-typed word may also be a beginning with one wrong letter.
    """
    if len(typed) < MIN_WORD:
        return {word: 0 for word in words if word == typed}
    found = (
        dict.fromkeys(_begun(typed, words), START_STEP) if is_half_typed and len(typed) >= MIN_START else {}
    )
    for word, errors in _near(typed, words, MAX_SOUND_ERRORS):
        far = errors * WHOLE_STEP
        if far < found.get(word, far + 1) and _is_similar(typed, word, errors):
            found[word] = far
    return found


def _begun(typed: str, words: Collection[str]) -> list[str]:
    """Return the words that begin as typed with at most one wrong letter."""
    sizes = range(len(typed) - 1, len(typed) + 2)
    starts = {word[:size] for word in words for size in sizes}
    near = {start for start, _ in _near(typed, starts, 1)}
    return [word for word in words if any(word[:size] in near for size in sizes)]


def _near(typed: str, words: Collection[str], errors: int) -> Iterator[tuple[str, int]]:
    """Yield the words that are at most so many errors away, each with how many."""
    found = process.extract(typed, words, scorer=OSA.distance, score_cutoff=errors, limit=None)
    return ((word, far) for word, far, _ in found)


def _is_similar(typed: str, word: str, errors: int) -> bool:
    if errors == 0:
        return True
    if len(word) < MIN_WORD:
        return False
    if errors == 1:  # that leaves a key in common, always
        return True
    is_near = errors <= (1 if len(typed) < 5 else 2)
    if is_near and letters_of(typed) & letters_of(word):
        return True
    return bool(sounds_of(typed) & sounds_of(word))


def near_starts(typed: str) -> Iterator[str]:
    """Yield every beginning of words that a half-typed word with one wrong letter may stand for.

    The beginning without the last letter stands for a wrong last one, and for one missing before it.
    """
    last = len(typed) - 1
    for at in range(last):
        yield typed[:at] + typed[at + 1 :]
        yield typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
        for letter in LETTERS:
            yield typed[:at] + letter + typed[at + 1 :]
            yield typed[:at] + letter + typed[at:]
    yield typed[:last]
