"""The situations of P1 to P5 that are planted in the practice population."""

from collections.abc import Callable

import pytest

from seeds.people import Person, Population
from seeds.planted import HOSTILE_NAMES, PLANTED, PLANTED_PEOPLE, PURPOSES
from tests.seeds.people import email_of, phone_of


def test_every_planted_customer_says_what_it_is_for() -> None:
    assert len(set(PLANTED.values())) == len(PLANTED) == len(PLANTED_PEOPLE)
    assert PURPOSES.keys() == PLANTED.keys()
    assert all(PURPOSES.values())


def sign_in_state(person: Person) -> str:
    return person.sign_ins[0].state


def email_state(person: Person) -> str:
    return person.emails[0].state


def passes(person: Person) -> list[str]:
    return [card.state for card in person.passes]


CLAIMS: tuple[tuple[str, Callable[[Person], object], object], ...] = (
    ("can-sign-in", sign_in_state, "active"),
    ("can-sign-in", email_state, "verified"),
    ("username-without-email", lambda p: (sign_in_state(p), p.emails), ("active", ())),
    ("pass-without-email", lambda p: (passes(p), p.emails), (["active"], ())),
    ("claim-without-contact", lambda p: (p.status, p.emails, p.phones, p.sign_ins), ("active", (), (), ())),
    ("claim-without-contact", lambda p: bool(p.birth_date and p.address), True),
    ("claim-inactive", lambda p: (p.status, p.emails, p.phones, p.sign_ins), ("inactive", (), (), ())),
    ("inactive", lambda p: (p.status, bool(p.address), email_state(p)), ("inactive", True, "unverified")),
    ("inactive-without-email", lambda p: (p.status, p.emails), ("inactive", ())),
    ("pass-phone-clash", lambda p: (p.status, passes(p)), ("active", ["suspended"])),
    ("suspended", lambda p: p.status, "suspended"),
    ("merged-away", lambda p: p.merged_into, PLANTED["merge-survivor"]),
    ("locked", lambda p: (sign_in_state(p), p.sign_ins[0].failed_count), ("locked", 10)),
    ("code-bouncing", email_state, "bouncing"),
    ("typo-gmial", lambda p: (email_of(p), email_state(p)), ("joan@gmial.com", "unverified")),
    ("typo-yahoo", email_state, "unverified"),
    ("typo-con", lambda p: (p.status, email_state(p)), ("inactive", "unverified")),
    ("typo-onto-other", email_state, "unverified"),
    ("never-verified", lambda p: (sign_in_state(p), email_state(p)), ("active", "unverified")),
    ("never-verified-clash", lambda p: (email_of(p), p.is_holding), ("m.delgado@example.com", True)),
    ("reset-required", sign_in_state, "reset-required"),
    ("placeholder", sign_in_state, "placeholder"),
    ("disabled", sign_in_state, "disabled"),
    ("expired-pass", passes, ["expired"]),
    ("crowded", lambda p: (len(p.emails), len(p.passes)), (10, 6)),
    ("homeowner", lambda p: len(p.authorised), 1),
    ("homeowner", lambda p: [len(grant.phases) for grant in p.contracts[0].grants], [5, 2]),
    ("homeowner-without-grants", lambda p: p.contracts[0].grants, ()),
)


@pytest.mark.parametrize(
    ("key", "claim", "value"), CLAIMS, ids=[f"{key}-{at}" for at, (key, _, _) in enumerate(CLAIMS)]
)
def test_P1_to_P5_a_planted_customer_is_what_it_is_there_for(planted, key, claim, value) -> None:
    assert claim(planted[key]) == value


def test_P1_case_1_joan_and_daniel_share_an_email_and_a_home(planted: dict[str, Person]) -> None:
    joan, daniel = planted["joan"], planted["daniel"]
    assert email_of(joan) == email_of(daniel) == "janderson@gmail.com"
    assert (joan.address, phone_of(joan)) == (daniel.address, phone_of(daniel))
    assert (joan.sign_ins[0].username, daniel.sign_ins[0].username) == ("joan.a", "danderson")


def test_what_support_will_correct_an_identifier_to_is_held_by_nobody(everybody: Population) -> None:
    on_file = {email.address.lower() for person in everybody.people for email in person.emails}
    on_file |= {sign_in.username for person in everybody.people for sign_in in person.sign_ins}
    free = {"danderson@gmail.com", "maria.delgado@example.com", "joan@gmail.com", "devon.marsh.nv@gmail.com"}
    mistyped = {"thomas.okonkow@example.com", "t.okonkow"}
    assert not on_file & (free | mistyped)


@pytest.mark.parametrize(
    ("clash", "holder", "contact"),
    [
        ("suspended-phone-clash", "suspended-phone-holder", phone_of),
        ("pass-phone-clash", "pass-phone-holder", phone_of),
        ("suspended-email-clash", "suspended-email-holder", email_of),
    ],
)
def test_P4_a_suspended_contact_is_held_by_somebody_live(planted, clash, holder, contact) -> None:
    assert contact(planted[clash]) == contact(planted[holder])
    assert not planted[clash].is_holding
    assert planted[holder].is_holding


def test_A32_the_correction_of_one_typo_is_another_customers_address(planted: dict[str, Person]) -> None:
    assert email_of(planted["typo-onto-other"]).replace("gmial", "gmail") == email_of(planted["typo-victim"])


def test_duplicates_namesakes_and_juniors_are_told_apart(planted: dict[str, Person]) -> None:
    one, twin = planted["duplicate"], planted["duplicate-twin"]
    assert one.birth_date == twin.birth_date
    assert phone_of(one) == phone_of(twin)
    for a, b in (("namesake", "namesake-other"), ("senior", "junior")):
        assert (planted[a].given_name, planted[a].family_name) == (
            planted[b].given_name,
            planted[b].family_name,
        )
        assert planted[a].birth_date != planted[b].birth_date
    assert planted["senior"].address == planted["junior"].address
    assert planted["namesake"].address != planted["namesake-other"].address


def test_A11_A12_A13_hostile_names_are_planted_as_they_are(planted: dict[str, Person]) -> None:
    for at, (given, family, _) in enumerate(HOSTILE_NAMES):
        person = planted[f"hostile-{at}"]
        assert (person.given_name, person.family_name) == (given, family)
    text = "".join(given + family for given, family, _ in HOSTILE_NAMES)
    for trick in (
        "[/x]",
        "[bold",
        "[@click=app.quit]",
        "\x1b]52;",
        "\x9b",
        "\u202e",
        "\u200b",
        "'; DROP TABLE",
        "{{7*7}}",
    ):
        assert trick in text
    assert max(len(given) for given, _, _ in HOSTILE_NAMES) == 200
    assert "\0" not in text
