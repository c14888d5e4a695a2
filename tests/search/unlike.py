"""How far a typed word is from a word of a name: the specification once more, by the plainest means."""

from doublemetaphone import doublemetaphone


def unlike(typed: str, word: str, *, half_typed: bool) -> int | None:
    """Two for each wrong letter of a whole word, three for one in a beginning; None if not similar."""
    if word.startswith(typed):
        return 0
    if len(typed) < 3:
        return None
    found = []
    if len(word) > 2 and (_shortened(typed) & _shortened(word) or _sounds(typed) & _sounds(word)):
        allowed = 3 if _sounds(typed) & _sounds(word) else 2 if len(typed) > 4 else 1
        if wrong_letters(typed, word) <= allowed:
            found.append(2 * wrong_letters(typed, word))
    if (
        half_typed
        and len(typed) > 3
        and any(wrong_letters(typed, word[:size]) <= 1 for size in range(len(word)))
    ):
        found.append(3)
    return min(found, default=None)


def _shortened(word: str) -> set[str]:
    """The first seven letters, and these with any one left out."""
    start = word[:7]
    return {start} | {start[:at] + start[at + 1 :] for at in range(len(start))}


def _sounds(word: str) -> set[str]:
    return {sound for sound in doublemetaphone(word) if len(sound) > 1}


def wrong_letters(one: str, other: str) -> int:
    """Letters to put in, leave out, replace, or swap with the next: optimal string alignment."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, against in enumerate(other, start=1):
            best = min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
