"""How names are folded, and that a prefix of any two words of a name finds it by one range."""

from itertools import permutations
from time import process_time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db.rules.names import (
    MAX_TOKEN,
    MAX_TOKENS,
    best_pair_prefix,
    display_name,
    fold,
    name_terms,
    pair_prefix,
    pair_terms,
    tokens,
)

# The machine may be busy: what must be fast is measured in processor time below.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HOSTILE = st.text(st.characters(), max_size=200)
WORD = st.text("abc", min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("  Joan   ANDERSON ", "joan anderson"),
        ("José Müller", "jose muller"),
        ("Jose\u0301", "jose"),
        ("Strauß Øre Łęcki Æsir Đorđe Þór", "strauss ore lecki aesir dorde thor"),
        ("Кузнецов", "kuznetsov"),
        ("Παπαδόπουλος", "papadopoulos"),
        ("कुमार", "kumar"),
        ("田中太郎", "田中太郎"),
        ("김민수", "김민수"),
        ("ﾀﾅｶ", "タナカ"),
        ("O’Brien", "o'brien"),
        ("Ａｎｎ", "ann"),
        ("Joan\x00\u202e😀\ud800Smith", "joan smith"),
    ],
)
def test_folding_leaves_the_plain_form(name, folded):
    assert fold(name) == folded


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Joan Anderson", ("joan", "anderson")),
        ("Anne-Marie O'Brien", ("anne", "marie", "o", "brien")),
        ("田中 Tarō", ("田", "中", "taro")),
        ("van_der Berg, Jr.", ("van", "der", "berg", "jr")),
        ("[/x] \x1b[2J", ("x", "2j")),
        ("", ()),
        ("—", ()),
    ],
)
def test_tokens_are_the_words_of_a_name(name, words):
    assert tokens(name) == words


def test_a_pair_is_one_term_whatever_the_order():
    assert pair_terms(("joan", "smith")) == pair_terms(("smith", "joan")) == {"jsomaint"}


@pytest.mark.parametrize(
    "query", [("jo", "sm"), ("sm", "jo"), ("j", "smith"), ("joan", "s"), ("joan", "smith")]
)
def test_both_prefixes_are_one_range(query):
    assert "jsomaint".startswith(pair_prefix(*query))


def test_a_longer_first_word_narrows_the_range_by_one_character():
    assert pair_prefix("joan", "s") == "jso"


def test_the_longest_range_of_a_query_is_chosen():
    assert best_pair_prefix(("j", "anderson", "oakland")) == pair_prefix("anderson", "oakland")
    assert best_pair_prefix(("joan",)) is None


@UNHURRIED
@given(st.lists(WORD, max_size=5), WORD, WORD)
@example(["alexander", "alexandra"], "alexandr", "alexande")
@example(["sue", "smith"], "s", "sm")
@example(["john", "john"], "jo", "john")
@example(["a", "ab"], "a", "ab")
def test_every_name_with_both_prefixes_is_among_the_candidates(words, first, second):
    has_both = any(a.startswith(first) and b.startswith(second) for a, b in permutations(words, 2))
    found = any(term.startswith(pair_prefix(first, second)) for term in pair_terms(words))

    assert found or not has_both


@UNHURRIED
@given(st.lists(st.text("joansmith", min_size=1, max_size=8), min_size=2, max_size=4), st.data())
def test_prefixes_cut_from_a_name_always_find_it(words, data):
    a, b = data.draw(st.permutations(words))[:2]
    first = a[: data.draw(st.integers(1, len(a)))]
    second = b[: data.draw(st.integers(1, len(b)))]

    assert any(term.startswith(pair_prefix(first, second)) for term in pair_terms(words))


def test_equally_long_prefixes_admit_no_false_candidate():
    assert not any(term.startswith(pair_prefix("jo", "an")) for term in pair_terms(("joan", "smith")))


def test_the_terms_of_a_customer_are_words_and_pairs_over_all_names():
    assert name_terms("Joan", "Smith") == {("name", "joan"), ("name", "smith"), ("pair", "jsomaint")}


def test_a_name_with_an_apostrophe_or_hyphen_is_found_written_together():
    terms = name_terms("Anne-Marie", "O'Brien")

    assert {("name", word) for word in ("anne", "marie", "annemarie", "brien", "obrien")} <= terms
    assert any(kind == "pair" and term.startswith(pair_prefix("annem", "obr")) for kind, term in terms)


def test_a_display_name_is_one_line():
    assert display_name(" Joan ", "\n Anderson") == "Joan Anderson"
    assert display_name("", "  ") == "(no name)"
    assert len(display_name("x" * 10_000)) == 120


@UNHURRIED
@given(HOSTILE)
def test_any_text_folds_to_what_both_databases_store(text):
    folded = fold(text)

    assert fold(folded) == folded
    assert "\x00" not in folded
    folded.encode()


@UNHURRIED
@given(HOSTILE, HOSTILE)
def test_any_text_has_bounded_terms(given_name, family_name):
    display_name(given_name, family_name)
    words = tokens(given_name)

    assert len(words) <= MAX_TOKENS
    assert all(0 < len(word) <= MAX_TOKEN and word.isalnum() for word in words)
    assert all(term for _, term in name_terms(given_name, family_name))


@pytest.mark.parametrize(
    "unit", ["a", "a ", "a'", "\x00", "\ud800", "😀", "ﷺ", "田", "e\u0301", "\u0301", "Щ", "𓀀"]
)
def test_A13_ten_megabytes_are_answered_at_once(unit):
    text = unit * (10_000_000 // len(unit))
    begun = process_time()
    terms = name_terms(text, text)
    display_name(text)

    assert process_time() - begun < 0.05
    assert len(terms) <= MAX_TOKENS + 66
