"""Which corrections of an email address the typo table allows, and that it allows no others."""

from time import process_time

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.rules.email import parse_email
from db.rules.typo import SHIPPED, Correction, TypoTable, permits, propose

# The machine may be busy: what must be fast is measured in processor time below.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HOSTILE = st.one_of(
    st.text(st.characters(), max_size=100),
    st.text("jo@gmail.,c \"'“\x00\ud800日", max_size=40),
    st.sampled_from([*SHIPPED.misspelt, *SHIPPED.bare, *SHIPPED.swapped]).flatmap(
        lambda domain: st.text(max_size=10).map(lambda local: f"{local}@{domain}")
    ),
)


@pytest.mark.parametrize(
    ("typed", "rule", "after"),
    [
        ("joan@gmial.com", "misspelt-domain", "joan@gmail.com"),
        ("joan@gmail.con", "misspelt-domain", "joan@gmail.com"),
        ("joan@hotmial.com", "misspelt-domain", "joan@hotmail.com"),
        ("joan@yaho.com", "misspelt-domain", "joan@yahoo.com"),
        ("joan@comcast.nte", "misspelt-domain", "joan@comcast.net"),
        ("Joan.A@GMIAL.COM", "misspelt-domain", "Joan.A@gmail.com"),
        ("joan@gmail,com", "dots", "joan@gmail.com"),
        ("joan@gmail..com", "dots", "joan@gmail.com"),
        ("joan@gmailcom", "dots", "joan@gmail.com"),
        ("joan@mail..example,org", "dots", "joan@mail.example.org"),
        ("joan@gmail", "missing-ending", "joan@gmail.com"),
        ("joan @gmail.com.", "stray-characters", "joan@gmail.com"),
        ('"joan"@gmail.com', "stray-characters", "joan@gmail.com"),
        ("'joan@gmail.com'", "stray-characters", "joan@gmail.com"),
        ("'o'brien'@example.com,", "stray-characters", "o'brien@example.com"),
        ("joan@yahoo.co", "swapped-ending", "joan@yahoo.com"),
    ],
)
def test_R30_each_rule_proposes_its_correction(typed, rule, after):
    assert propose(typed) == [Correction(rule=rule, before=typed, after=after)]
    assert permits(typed, after) == Correction(rule=rule, before=typed, after=after)


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.id)
def test_P3_each_rule_keeps_the_promise_of_its_example(rule):
    before, after = rule.example

    assert Correction(rule=rule.id, before=before, after=after) in propose(before)


@pytest.mark.parametrize(
    "typed",
    [
        "joan@gmail.com",
        "o'brien@example.com",
        "joan@yahoo.co.uk",
        "joan@gmx.net",
        "joan@smallfirm.co",
        "joan.@gmail.com",
        "joan@example",
        "joan@gmail.com,dan@gmail.com",
        "gmial.com",
        "",
    ],
)
def test_R30_what_no_rule_covers_gets_no_proposal(typed):
    assert propose(typed) == []


@pytest.mark.parametrize("typed", ["joan@gmial,com", "joan @gmail", "joan@gmail,con"])
def test_R30_an_address_that_needs_two_rules_is_a_replacement(typed):
    assert all(found.after != "joan@gmail.com" for found in propose(typed))
    assert permits(typed, "joan@gmail.com") is None


@pytest.mark.parametrize(
    "after",
    [
        "jane@gmail.com",
        "Joan@gmail.com",
        "joan@yahoo.com",
        "joan@gmial.com",
        "joan@gmail.com.",
        "",
        "\ud800@\x00",
    ],
)
def test_R30_any_other_edit_is_not_permitted(after):
    assert permits("joan@gmial.com", after) is None


def test_R30_the_case_of_the_domain_is_forgiven():
    assert permits("joan@gmial.com", " joan@GMAIL.com ") is not None


def test_A31_a_correction_never_makes_a_look_alike():
    assert propose("jоan@gmial.com") == []  # Cyrillic о


def test_P3_an_admin_can_take_a_rule_out_and_add_a_domain():
    table = msgspec.structs.replace(SHIPPED, rules=SHIPPED.rules[:1])
    wider = msgspec.structs.replace(SHIPPED, misspelt={**SHIPPED.misspelt, "exmaple.org": "example.org"})

    assert propose("joan@gmial.com", table) == []
    assert propose("joan@exmaple.org", wider)[0].after == "joan@example.org"


def test_P3_a_table_with_an_unusable_domain_or_rule_proposes_nothing():
    broken = msgspec.structs.replace(
        SHIPPED,
        rules=(*SHIPPED.rules, msgspec.structs.replace(SHIPPED.rules[0], id="unheard-of")),
        misspelt={"gmial.com": "gmail\x00"},
    )

    assert propose("joan@gmial.com", broken) == []


def test_P3_the_table_survives_being_stored_as_json():
    assert msgspec.json.decode(msgspec.json.encode(SHIPPED), type=TypoTable) == SHIPPED


def test_P3_the_shipped_table_never_corrects_a_known_domain():
    assert not set(SHIPPED.domains) & {*SHIPPED.misspelt, *SHIPPED.swapped}
    assert {*SHIPPED.misspelt.values(), *SHIPPED.swapped.values(), *SHIPPED.bare.values()} <= set(
        SHIPPED.domains
    )


@UNHURRIED
@given(HOSTILE)
def test_R30_any_proposal_is_valid_permitted_and_keeps_the_letters_of_the_local_part(text):
    for found in propose(text):
        parse_email(found.after)
        assert permits(text, found.after) is not None
        local = found.after.partition("@")[0]
        kept = iter(text.partition("@")[0])
        assert all(char in kept for char in local)
        assert [c for c in local if c.isalnum()] == [c for c in text.partition("@")[0] if c.isalnum()]


@pytest.mark.parametrize("unit", ["a", "@", ".", ",", " ", "\x00", "\ud800", "😀", "'"])
def test_A13_sixty_four_kilobytes_are_answered_at_once(unit):
    text = f"joan@{unit * 65536}"
    begun = process_time()

    assert propose(text) == []
    assert permits(text, text) is None
    assert process_time() - begun < 0.05
