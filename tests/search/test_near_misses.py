"""The quick ways to say that two words are alike, and that a pair agrees, against the plain ones."""

from hypothesis import assume, given
from hypothesis import strategies as st

from db.rules.names import pair_prefix, pair_terms
from db.search.routes import pair_patterns
from db.search.similar import alike
from tests.search.unlike import unlike

WORDS = st.text("abcdehkostyx", min_size=1, max_size=11)


@st.composite
def misspelt(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with up to three letters wrong."""
    word = draw(WORDS)
    typed = word
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(typed)))
        letter = draw(st.sampled_from("abcdehkostyx"))
        swapped = typed[:at] + typed[at + 1 : at + 2] + typed[at : at + 1] + typed[at + 2 :]
        wrong = (typed[:at] + letter + typed[at:], typed[:at] + letter + typed[at + 1 :])
        typed = draw(st.sampled_from((*wrong, typed[:at] + typed[at + 1 :], swapped)))
    return typed, word


@given(words=misspelt(), others=st.sets(WORDS), half_typed=st.booleans())
def test_words_are_as_unlike_as_the_plain_means_say(
    words: tuple[str, str], others: set[str], half_typed: bool
) -> None:
    typed, word = words
    among = {other for other in {word, *others} if not other.startswith(typed)}
    assume(typed and among)
    rated = {other: unlike(typed, other, half_typed=half_typed) for other in among}
    expected = {other: far for other, far in rated.items() if far is not None}
    assert alike(typed, among, is_half_typed=half_typed) == expected


@given(one=WORDS, other=WORDS, cut=st.tuples(st.integers(1, 11), st.integers(1, 11)))
def test_no_pair_is_lost_to_the_pattern_of_its_beginnings(one: str, other: str, cut: tuple[int, int]) -> None:
    typed = (one[: cut[0]], other[: cut[1]])
    (term,) = pair_terms((one, other))
    assert term.startswith(pair_prefix(*typed))
    patterns = pair_patterns(*typed)
    assert any(
        all(sign in ("_", letter) for sign, letter in zip(pattern, term, strict=False))
        for pattern in patterns
    )
    assert pair_patterns(*typed[::-1]) == patterns
