"""The canonical forms of usernames, pass ids, contract and customer numbers, references and operator ids."""

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.rules import Malformed
from db.rules.email import EmailRules
from db.rules.identifiers import (
    find_references,
    format_customer_number,
    format_reference,
    is_operator_id,
    parse_contract_number,
    parse_customer_number,
    parse_operator_id,
    parse_pass_id,
    parse_reference,
    parse_username,
)

# The machine may be busy: what must be fast is measured in processor time below.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HOSTILE = st.one_of(st.text(st.characters(), max_size=100), st.text("aA1-@. _\x00\n\ud800ßİﷺ１", max_size=70))
PARSERS: list[Callable[[str], str]] = [
    parse_username,
    parse_pass_id,
    parse_contract_number,
    parse_operator_id,
]


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        (" Joan_A ", "joan_a"),
        ("ＪＯＡＮ", "joan"),
        ("Strauß", "strauss"),
        ("иван", "иван"),
        ("x", "x"),
        ("Joan@Example.COM", "joan@example.com"),
    ],
)
def test_usernames_are_compared_without_case(typed, canonical):
    assert parse_username(typed) == canonical


def test_P1_an_email_as_username_follows_the_email_rules():
    assert parse_username("joan+x@example.com", EmailRules(plus_tags=True)) == "joan@example.com"


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "No username"),
        ("joan anderson", "no spaces"),
        ("joan\u3000a", "no spaces"),
        ("joan\x00", "invisible"),
        ("jo\u200ban", "invisible"),
        ("x" * 65, "longer than 64"),
        ("ﷺ" * 60, "no spaces"),  # NFKC spells it out in four words
        ("㍿" * 60, "longer than 64"),
        ("joan@home", "ending"),
    ],
)
def test_each_mistake_in_a_username_has_its_own_sentence(typed, word):
    with pytest.raises(Malformed, match=word):
        parse_username(typed)


@pytest.mark.parametrize("parse", [parse_pass_id, parse_contract_number])
@pytest.mark.parametrize(
    ("typed", "canonical"), [("ab 12-34", "AB1234"), (" AB–1234 ", "AB1234"), ("１２３４", "1234")]
)
def test_codes_are_upper_case_without_spaces_and_dashes(parse, typed, canonical):
    assert parse(typed) == canonical


@pytest.mark.parametrize("parse", [parse_pass_id, parse_contract_number])
@pytest.mark.parametrize(
    "typed", ["", "abc", "a-b-c", "A" * 33, "ab_1234", "straße1", "ab12\n", "ab12\x00", "аб1234"]
)
def test_other_codes_are_malformed(parse, typed):
    with pytest.raises(Malformed):
        parse(typed)


@pytest.mark.parametrize("text", ["C-1042", "c-1042", "C1042", " c 1042 ", "C-0001042"])
def test_a_customer_number_is_read_in_any_spelling(text):
    assert parse_customer_number(text) == 1042


@pytest.mark.parametrize("text", ["1042", "C-", "C-0", "C-10x", "D-1042", "C-" + "9" * 19, "C-١٠٤٢", ""])
def test_other_texts_are_no_customer_number(text):
    assert parse_customer_number(text) is None


@UNHURRIED
@given(st.integers(1, 10**18 - 1))
def test_a_customer_number_reads_back(customer_id):
    assert parse_customer_number(format_customer_number(customer_id)) == customer_id


@UNHURRIED
@given(st.binary(min_size=5, max_size=5))
def test_a_reference_is_found_again_in_a_mail(random_bytes):
    reference = format_reference(random_bytes)

    assert len(reference) == len("LK-7F3K-2M9Q")
    assert not set(reference[3:]) & set("ILOU")
    assert find_references(f"> Your reference: {reference}.\n> {reference.lower()}") == [reference]


@pytest.mark.parametrize(
    "typed",
    [
        "LK-ZR02-NYT3",
        "lk-zr02nyt3",
        "lkzr02nyt3",
        " LK ZR02 NYT3 ",
        "lk-zr 02-ny t3",
        "l k z r 0 2 n y t 3",
        "LK-ZRO2-NYT3",
        "lk\u2013zr02\u2013nyt3",
    ],
)
def test_a_reference_is_read_as_people_type_it(typed):
    assert parse_reference(typed) == "LK-ZR02-NYT3"
    assert find_references(typed) == ["LK-ZR02-NYT3"]


@pytest.mark.parametrize(
    "typed",
    ["", "lk", "zr02nyt3", "lk-zr02nyt", "lk-zr02nyt33", "lk-zu02nyt3", "my lk-zr02nyt3", "lk" + "-" * 99],
)
def test_what_is_no_reference_is_not_read_as_one(typed):
    assert parse_reference(typed) is None


def test_one_and_i_and_l_are_one_sign():
    assert {parse_reference(f"LK-{sign}000-0000") for sign in "1IiLl"} == {"LK-1000-0000"}


def test_different_bytes_are_different_references():
    assert format_reference(bytes(5)) == "LK-0000-0000"
    assert format_reference(b"\xff" * 5) == "LK-ZZZZ-ZZZZ"


@pytest.mark.parametrize("length", [0, 4, 6])
def test_a_reference_of_other_bytes_is_refused(length):
    with pytest.raises(Malformed):
        format_reference(bytes(length))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LK-7F3K-2M9Q then LK-AAAA-BBBB", ["LK-7F3K-2M9Q", "LK-AAAA-BBBB"]),
        ("lk–7f3k–2m9q", ["LK-7F3K-2M9Q"]),
        ("LK-7F3K-=\r\n2M9Q", ["LK-7F3K-2M9Q"]),
        ("LK-OIL0-2M9Q", ["LK-0110-2M9Q"]),
        ("LK-7F3U-2M9Q", []),
        ("XLK-7F3K-2M9Q LK-7F3K-2M9QX LK-7F3K", []),
    ],
)
def test_P5_references_are_read_from_what_was_pasted(text, found):
    assert find_references(text) == found


@pytest.mark.parametrize("text", ["a", "ops-1", "team_lead", "a" * 32])
def test_R46_operator_ids(text):
    assert parse_operator_id(text) == text


@pytest.mark.parametrize(
    "text", ["", "A", "1a", "-a", "a" * 33, "a b", "a\n", "a;rm", "../a", "é", 'a"', "a\x00", "root\nssh-rsa"]
)
def test_R46_A18_hostile_operator_ids_are_refused(text):
    assert not is_operator_id(text)
    with pytest.raises(Malformed):
        parse_operator_id(text)


def accepted(parse, text):
    try:
        return parse(text)
    except Malformed:
        return None


@UNHURRIED
@given(HOSTILE)
def test_any_text_is_accepted_or_malformed(text):
    parse_customer_number(text)
    find_references(text)
    for parse in PARSERS:
        canonical = accepted(parse, text)
        assert canonical is None or parse(canonical) == canonical


@pytest.mark.parametrize("unit", ["a", "1", "-", "=\n", "LK-", "LK-7F3K-", "\x00", "\ud800", "😀", "ﷺ", " "])
def test_A13_sixty_four_kilobytes_are_answered_at_once(unit):
    text = unit * (65536 // len(unit))
    begun = process_time()
    find_references(text)
    parse_customer_number(text)
    for parse in PARSERS:
        with pytest.raises(Malformed):
            parse(text)

    assert process_time() - begun < 0.05
