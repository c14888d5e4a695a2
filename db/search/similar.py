"""Says how alike a typed word and a word of a name are; pure, the one meaning of "misspelt".

A word is known by keys that survive a typing error: its first letters, the same with any one of them left
out, and how it sounds. Two words that are one error apart share a key, so a misspelt word is looked up by its
own keys, and the index holds words, not customers (deletion neighbourhoods, as in SymSpell).
"""

from collections.abc import Iterator
from functools import lru_cache

from doublemetaphone import doublemetaphone
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


def unlikeness(typed: str, word: str, *, is_half_typed: bool) -> int | None:
    """Return how far a word is from the typed one, 0 for the same; None where it is not similar.

    Similar is: a key in common, and one wrong letter, two from five letters on, three where both sound alike.
    A half-typed word may also be a beginning with one wrong letter.
    """
    if typed == word:
        return 0
    if len(typed) < MIN_WORD:
        return None
    found = _whole(typed, word)
    if is_half_typed and len(typed) >= MIN_START and (found is None or found > START_STEP):
        starts = (word[:size] for size in range(len(typed) - 1, len(typed) + 2))
        if any(OSA.distance(typed, start, score_cutoff=1) <= 1 for start in starts):
            return START_STEP
    return found


def _whole(typed: str, word: str) -> int | None:
    errors = OSA.distance(typed, word, score_cutoff=MAX_SOUND_ERRORS)
    if errors > MAX_SOUND_ERRORS or len(word) < MIN_WORD:
        return None
    if errors > 1:  # one error leaves a key in common, always
        is_near = errors <= (1 if len(typed) < 5 else 2)
        if not (is_near and letters_of(typed) & letters_of(word)) and not sounds_of(typed) & sounds_of(word):
            return None
    return errors * WHOLE_STEP


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
