"""Which passwords a customer may choose (R24)."""

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.rules import Malformed
from db.rules.passwords import check_password

# The machine may be busy: what must be fast is measured in processor time below.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HOSTILE = st.text(st.characters(), max_size=150)
JOAN = ("Joan Anderson", "janderson", "joan.anderson@example.com", "PASS7788")


@pytest.mark.parametrize(
    "candidate",
    [
        "tangerine-otter",
        "all lower case",
        "ÆTHER über",
        "日本語日本語日本",
        "x7" * 64,
        "  spaced  out  ",
        "🦊🐻🐼🐨🐯🦁🐮🐷",
    ],
)
def test_R24_length_is_the_only_rule_of_composition(candidate):
    assert check_password(candidate, context=JOAN) == candidate


def test_R24_the_password_is_normalised_so_that_every_keyboard_gives_the_same():
    assert check_password("ｔangerine-e\u0301") == check_password("tangerine-é") == "tangerine-é"


def test_R24_nothing_is_cut():
    assert len(check_password("abcdefg!" * 16)) == 128
    with pytest.raises(Malformed, match="longer than 128"):
        check_password("abcdefg!" * 16 + "x")


@pytest.mark.parametrize("candidate", ["", "seven77", "ｘ" * 7, "e\u0301" * 7])
def test_R24_short_passwords_are_refused_after_normalising(candidate):
    with pytest.raises(Malformed, match="shorter than 8"):
        check_password(candidate)


@pytest.mark.parametrize(
    "candidate",
    [
        "password",
        "PassWord",
        "Password1!",
        "12345678",
        "qwertyuiop",
        "letmein2024",
        "aaaaaaaaaa",
        "ｐassword",
    ],
)
def test_R24_common_passwords_are_refused(candidate):
    with pytest.raises(Malformed, match="common"):
        check_password(candidate)


@pytest.mark.parametrize(
    "candidate",
    [
        "joan anderson",
        "JoanAnderson",
        "Anderson1984",
        "janderson!",
        "joan.anderson",
        "Joan.Anderson@example.com",
        "pass7788",
    ],
)
def test_R24_the_customers_own_identifiers_are_refused(candidate):
    with pytest.raises(Malformed, match="own name"):
        check_password(candidate, context=JOAN)


@pytest.mark.parametrize("candidate", ["tanger\x00ine", "tangerine\n", "tangerine\ud800"])
def test_control_characters_are_refused(candidate):
    with pytest.raises(Malformed, match="control"):
        check_password(candidate)


def test_R12_a_refusal_does_not_repeat_the_password():
    with pytest.raises(Malformed) as refusal:
        check_password("letmein2024")

    assert "letmein" not in str(refusal.value)
    assert refusal.value.field == "password"


@UNHURRIED
@given(HOSTILE, st.lists(HOSTILE, max_size=3))
def test_any_text_is_accepted_or_malformed(text, context):
    try:
        password = check_password(text, context=context)
    except Malformed:
        return

    assert 8 <= len(password.encode().decode()) <= 128
    assert check_password(password, context=context) == password


@pytest.mark.parametrize("unit", ["a", "\x00", "\ud800", "😀", "ﷺ", "e\u0301"])
def test_A13_sixty_four_kilobytes_are_answered_at_once(unit):
    text = unit * (65536 // len(unit))
    begun = process_time()
    with pytest.raises(Malformed):
        check_password(text, context=[text] * 10)
    with pytest.raises(Malformed):
        check_password("short", context=[text] * 10)
    check_password("tangerine-otter", context=[text] * 10)

    assert process_time() - begun < 0.05
