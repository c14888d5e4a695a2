"""What is accepted as an email address, its canonical form, and what is shown when masked."""

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.rules import Malformed
from db.rules.email import EmailRules, email_tails, mask_email, parse_email

# The machine may be busy: what must be fast is measured in processor time below.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HOSTILE = st.one_of(
    st.text(st.characters(), max_size=300),
    st.text("ab@.-+_ ,\"'\x00\u200b\ud800аеßİ。．xn--é日😀", max_size=80),
    st.text("ab.", min_size=1, max_size=20).map(lambda part: f"joan@{part}"),
    st.tuples(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20)).map("@".join),
    st.text(max_size=20).map(lambda part: f"joan@xn--{part}.org"),
)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Joan.Anderson@Example.COM", "joan.anderson@example.com"),
        ("  joan@example.com ", "joan@example.com"),
        ("joan+news@example.com", "joan+news@example.com"),
        ("joan@büro.example", "joan@xn--bro-hoa.example"),
        ("joan@XN--BRO-HOA.example", "joan@xn--bro-hoa.example"),
        ("JOSE\u0301@example.com", "josé@example.com"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("иван@почта.example", "иван@xn--80a1acny.example"),
        ("田中taro@example.jp", "田中taro@example.jp"),
        ("joan@mail.test", "joan@mail.test"),
    ],
)
def test_P4_the_canonical_form_folds_case_and_unicode_form_only(typed, canonical):
    assert parse_email(typed).canonical == canonical


def test_the_typed_form_is_kept_without_outer_spaces():
    address = parse_email(" Joan@Example.com ")

    assert (address.typed, address.domain) == ("Joan@Example.com", "example.com")


@pytest.mark.parametrize(
    ("rules", "canonical"),
    [
        (EmailRules(), "j.anderson+x@gmail.com"),
        (EmailRules(plus_tags=True), "j.anderson@gmail.com"),
        (EmailRules(gmail_dots=True), "janderson+x@gmail.com"),
        (EmailRules(plus_tags=True, gmail_dots=True), "janderson@gmail.com"),
    ],
)
def test_P4_plus_tags_and_gmail_dots_are_settings(rules, canonical):
    assert parse_email("J.Anderson+x@Gmail.com", rules).canonical == canonical


def test_P4_dots_count_outside_gmail_and_a_local_part_never_vanishes():
    both = EmailRules(plus_tags=True, gmail_dots=True)

    assert parse_email("j.anderson@example.com", both).canonical == "j.anderson@example.com"
    assert parse_email("+tag@example.com", both).canonical == "+tag@example.com"


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "No email"),
        ("   ", "No email"),
        ("j" * 250 + "@example.com", "longer than 254"),
        ("joan@exam\x00ple.com", "invisible"),
        ("joan@example.com\n", "invisible"),
        ("jo\u200ban@example.com", "invisible"),
        ("jo\u202ean@example.com", "invisible"),
        ("jo\ufe0fan@example.com", "invisible"),
        ("jo\ud800an@example.com", "invisible"),
        ("joan @example.com", "space"),
        ("jo\u00a0an@example.com", "space"),
        ("joan@example.com.", "ends with a dot"),
        ("joan@example.com。", "ends with a dot"),
        ("joan@example.com,dan@example.com", "more than one @"),
        ("joan@gmail,com", "comma"),
        ("joan@gmail..com", "doubled dot"),
        ("joan@gmail", "ending"),
        ("joan", "not complete"),
        ("@example.com", "not complete"),
        ("joan@", "not complete"),
        (".joan@example.com", "mail can be sent to"),
        ("joan@-example.com", "mail can be sent to"),
        ("joan@example.123", "mail can be sent to"),
        ("joan@printer.local", "mail can be sent to"),
        ('"joan"@[127.0.0.1]', "mail can be sent to"),
    ],
)
def test_each_mistake_has_its_own_sentence(typed, word):
    with pytest.raises(Malformed) as refusal:
        parse_email(typed, field="new_email")

    assert word in refusal.value.sentence
    assert refusal.value.field == "new_email"


@pytest.mark.parametrize(
    "typed",
    [
        "jоan@example.com",  # Cyrillic о among Latin letters
        "joan@exаmple.com",  # Cyrillic а in the domain
        "joan@xn--exmple-4nf.com",  # the same, as it travels
        "νορα@example.com",  # wholly Greek, reads as vopa
        "аре@example.com",  # wholly Cyrillic, reads as ape
        "joan@аре.com",
        "ВОВ@example.com",  # capitals only
        "joan@gmaıl.com",  # dotless i
        "ｊｏａｎ@example.com",  # full width
        "𝐣𝐨𝐚𝐧@example.com",  # mathematical bold
        "joan‐anderson@example.com",  # U+2010 for the hyphen
        "oʼbrien@example.com",  # a letter for the apostrophe
        "joan😀@example.com",
    ],
)
def test_A31_look_alike_addresses_are_refused(typed):
    with pytest.raises(Malformed, match="look"):
        parse_email(typed)


def test_A31_case_and_unicode_form_make_no_second_address():
    assert parse_email("JOSE\u0301@EXAMPLE.com").canonical == parse_email("jos\u00e9@example.COM").canonical


def test_a_refusal_does_not_repeat_what_was_typed():
    with pytest.raises(Malformed) as refusal:
        parse_email("\x1b]0;owned\x07joan@example.com")

    assert "owned" not in refusal.value.sentence


def test_tails_begin_after_each_separator():
    assert email_tails("joan.anderson@x.org") == ("anderson@x.org", "x.org")
    assert email_tails("j_p-van+news@x.org") == ("p-van+news@x.org", "van+news@x.org", "news@x.org", "x.org")


def test_what_is_no_address_has_no_tails():
    assert email_tails("joan") == ()
    assert email_tails("." * 65536 + "@x.org") == ()


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("janderson@gmail.com", "ja•••••••@g••••.com"),
        ("joan@mail.example.co.uk", "jo•••••••@m••••.uk"),
        ("jo@x.org", "j•••••••@x••••.org"),
        ("nonsense", "•••••••"),
        ("", "•••••••"),
    ],
)
def test_a_masked_address_shows_its_beginnings_only(address, masked):
    assert mask_email(address) == masked


def accepted(text):
    try:
        return parse_email(text)
    except Malformed:
        return None


@UNHURRIED
@given(HOSTILE)
def test_any_text_is_accepted_or_malformed(text):
    mask_email(text)
    email_tails(text)
    address = accepted(text)

    assert address is None or len(address.canonical.encode().decode()) <= 254


@UNHURRIED
@given(HOSTILE)
def test_a_canonical_address_is_its_own_canonical_form(text):
    address = accepted(text)

    assert address is None or parse_email(address.canonical).canonical == address.canonical


@pytest.mark.parametrize("unit", ["a", "@", ".", " ", "\x00", "\ud800", "😀", "ﷺ", "a@", "xn--"])
def test_A13_sixty_four_kilobytes_are_answered_at_once(unit):
    text = unit * (65536 // len(unit))
    begun = process_time()
    with pytest.raises(Malformed):
        parse_email(text)
    mask_email(text)
    email_tails(text)

    assert process_time() - begun < 0.05
