"""What is accepted as a phone number, how it is searched for, and what is shown of a masked one."""

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.rules import Malformed
from db.rules.phone import mask_phone, parse_phone, search_digits

# The machine may be busy: what must be fast is measured in processor time below.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HOSTILE = st.one_of(
    st.text(st.characters(), max_size=60), st.text("0123456789+-() x#,;\x00\ud800٣３①", max_size=45)
)


@pytest.mark.parametrize(
    "typed",
    [
        "(415) 555-0142",
        "415.555.0142",
        "+1 415 555 0142",
        "1-415-555-0142",
        " 415–555–0142 ",
        "４１５５５５０１４２",
    ],
)
def test_P4_formats_of_one_number_are_one_number(typed):
    assert parse_phone(typed).canonical == "+14155550142"


def test_the_parts_of_an_accepted_number():
    number = parse_phone(" (415) 555-0142")

    assert (number.typed, number.digits, number.reversed_digits) == (
        "(415) 555-0142",
        "14155550142",
        "24105555141",
    )


def test_the_region_is_assumed_only_without_a_country_code():
    assert parse_phone("020 7946 0958", region="GB").canonical == "+442079460958"
    assert parse_phone("+44 20 7946 0958", region="US").canonical == "+442079460958"


@UNHURRIED
@given(area=st.integers(200, 999), last=st.integers(100, 199))
def test_numbers_kept_for_fiction_are_accepted_in_every_area(area, last):
    assert parse_phone(f"({area}) 555-0{last}").canonical == f"+1{area}5550{last}"


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "No phone"),
        ("415 555", "too short"),
        ("555-0142", "area code"),
        ("+1 415 555 0142 99999", "too many"),
        ("+999 415 555 0142", "country"),
        ("111 111 1111", "No such"),
        ("(999) 234-5678", "No such"),
        ("415 555 0142 x12", "extension"),
        ("415-555-0142 ext. 7", "extension"),
        ("415-555-0142#7", "extension"),
        ("1-800-FLOWERS", "not a phone"),
        ("joan@example.com", "not a phone"),
        ("415\x005550142", "not a phone"),
        ("++", "not a phone"),
        ("4" * 41, "longer than 40"),
    ],
)
def test_each_mistake_has_its_own_sentence(typed, word):
    with pytest.raises(Malformed) as refusal:
        parse_phone(typed, field="mobile")

    assert word in refusal.value.sentence
    assert refusal.value.field == "mobile"


def test_an_unknown_region_asks_for_the_country_code():
    with pytest.raises(Malformed, match="country code"):
        parse_phone("415 555 0142", region="nowhere")


@pytest.mark.parametrize(
    ("query", "digits"),
    [
        ("0142", "0142"),
        ("(415) 555-0142", "4155550142"),
        ("+1 415", "1415"),
        ("٠١٤٢", "0142"),
        ("142", None),
        ("joan 0142", None),
        ("C-1042", None),
        ("", None),
    ],
)
def test_R25_a_phone_search_has_four_digits_and_nothing_else(query, digits):
    assert search_digits(query) == digits


def test_the_digits_of_an_ending_reversed_begin_the_reversed_number():
    ending = search_digits("555-0142")

    assert ending is not None
    assert parse_phone("+1 415 555 0142").reversed_digits.startswith(ending[::-1])


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+14155550142", "(•••) •••-0142"),
        ("(415) 555-0142", "(•••) •••-0142"),
        ("+442079460958", "•••• 0958"),
        ("0142", "••••"),
        ("", "••••"),
    ],
)
def test_a_masked_number_shows_its_last_four_digits_only(number, masked):
    assert mask_phone(number) == masked


def accepted(text):
    try:
        return parse_phone(text)
    except Malformed:
        return None


@UNHURRIED
@given(HOSTILE)
def test_any_text_is_accepted_or_malformed(text):
    mask_phone(text)
    search_digits(text)
    number = accepted(text)

    assert number is None or parse_phone(number.canonical).canonical == number.canonical


@pytest.mark.parametrize("unit", ["1", "+", " ", "\x00", "\ud800", "😀", "ﷺ", "1x"])
def test_A13_sixty_four_kilobytes_are_answered_at_once(unit):
    parse_phone("415 555 0142")  # loads the numbering plan
    text = unit * (65536 // len(unit))
    begun = process_time()
    with pytest.raises(Malformed):
        parse_phone(text)
    mask_phone(text)
    search_digits(text)

    assert process_time() - begun < 0.05
