"""The practice population: the same every time, lifelike, with P1–P5 in their places."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import combinations

import phonenumbers
import pytest
from email_validator import validate_email

from seeds.people import PHASES, Person, Population
from seeds.planted import HOSTILE_NAMES, PLANTED, PLANTED_PEOPLE, PURPOSES
from seeds.population import population

ZIP_PREFIXES = {
    "NV": (889, 898), "CA": (900, 961), "AZ": (850, 865), "UT": (840, 847), "ID": (832, 838),
    "OR": (970, 979), "WA": (980, 994), "CO": (800, 816), "NM": (870, 884), "TX": (750, 799),
}  # fmt: skip
"""First three digits of each state's postcodes, by the United States Postal Service."""


@pytest.fixture(scope="module")
def everybody() -> Population:
    return population()


@pytest.fixture(scope="module")
def planted(everybody: Population) -> dict[str, Person]:
    by_number = {person.number: person for person in everybody.people}
    return {key: by_number[number] for key, number in PLANTED.items()}


def dialled(number: str) -> str:
    parsed = phonenumbers.parse(number, "US")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def email_of(person: Person) -> str:
    return person.emails[0].address.lower()


def phone_of(person: Person) -> str:
    return dialled(person.phones[0].number)


def may_share(everybody: Population) -> set[tuple[int, int]]:
    """Pairs of customers who live together or are one person twice, also over a third record."""
    groups = [set(home) for home in everybody.households]
    for original, again in everybody.duplicates:
        home = next((group for group in groups if original in group), None)
        if home is None:
            groups.append({original, again})
        else:
            home.add(again)
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def test_same_arguments_give_the_same_people() -> None:
    random.seed(1)
    first = population(count=300, seed=7)
    random.seed(2)
    assert population(count=300, seed=7) == first


def test_another_seed_gives_other_people() -> None:
    assert population(count=300, seed=7).people != population(count=300, seed=8).people


def test_it_has_as_many_people_as_asked_numbered_without_gaps(everybody: Population) -> None:
    assert [person.number for person in everybody.people] == list(range(1001, 3001))
    assert population(count=len(PLANTED_PEOPLE)).people == PLANTED_PEOPLE


def test_fewer_than_the_planted_are_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        population(count=len(PLANTED_PEOPLE) - 1)


def test_no_two_live_holders_share_an_email_but_joan_and_daniel(everybody: Population) -> None:
    holders = defaultdict(list)
    for person in everybody.people:
        for email in person.emails:
            if person.is_holding:
                holders[email.address.lower()].append(person.number)
    shared = {address: numbers for address, numbers in holders.items() if len(numbers) > 1}
    assert shared == {"janderson@gmail.com": [PLANTED["joan"], PLANTED["daniel"]]}


def test_a_phone_is_shared_only_at_home_or_by_a_duplicate(everybody: Population) -> None:
    holders = defaultdict(set)
    for person in everybody.people:
        for phone in person.phones:
            if person.is_holding:
                holders[dialled(phone.number)].add(person.number)
    pairs = {pair for numbers in holders.values() for pair in combinations(sorted(numbers), 2)}
    assert pairs <= may_share(everybody)
    assert len(pairs) > 100


def test_nobody_holds_one_contact_twice(everybody: Population) -> None:
    for person in everybody.people:
        assert len({dialled(phone.number) for phone in person.phones}) == len(person.phones)
        assert len({email.address.lower() for email in person.emails}) == len(person.emails)


def test_usernames_pass_ids_and_contract_numbers_are_unique(everybody: Population) -> None:
    people = everybody.people
    for identifiers in (
        [sign_in.username.lower() for person in people for sign_in in person.sign_ins],
        [card.pass_id for person in people for card in person.passes],
        [job.number for person in people for job in person.contracts],
    ):
        assert len(set(identifiers)) == len(identifiers) > 150


def test_a_username_that_is_an_email_is_the_customers_own(everybody: Population) -> None:
    for person in everybody.people:
        for sign_in in person.sign_ins:
            own = {email.address.lower() for email in person.emails}
            assert "@" not in sign_in.username or sign_in.username in own


def test_every_phone_is_valid_and_kept_for_fiction(everybody: Population) -> None:
    office = [organisation.phone for organisation in everybody.organisations]
    office += [one[3] for organisation in everybody.organisations for one in organisation.representatives]
    for number in office + [phone.number for person in everybody.people for phone in person.phones]:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number, "US")), number
        e164 = dialled(number)
        assert e164.startswith("+442079460") or e164[-7:-2] == "55501", number


def test_phones_are_typed_in_many_formats(everybody: Population) -> None:
    shapes = {
        "".join("9" if c.isdigit() else c for c in phone.number)
        for person in everybody.people
        for phone in person.phones
    }
    assert len(shapes) >= 12


def test_every_email_is_well_formed_and_on_an_example_domain_or_planted(everybody: Population) -> None:
    for person in everybody.people:
        for email in person.emails:
            domain = validate_email(email.address, check_deliverability=False).domain
            is_example = domain.split(".")[-2] == "example"
            assert is_example or person.number in PLANTED.values(), email


def test_contacts_have_exactly_one_primary(everybody: Population) -> None:
    for person in everybody.people:
        for contacts in (person.emails, person.phones):
            assert sum(contact.primary for contact in contacts) == bool(contacts), person


def test_postcodes_belong_to_their_state(everybody: Population) -> None:
    addresses = [person.address for person in everybody.people if person.address]
    addresses += [job.address for person in everybody.people for job in person.contracts]
    for address in addresses:
        if address.country == "US":
            low, high = ZIP_PREFIXES[address.state]
            assert low <= int(address.postcode[:3]) <= high, address
            assert len(address.postcode) == 5, address


def test_dates_are_sane(everybody: Population) -> None:
    for person in everybody.people:
        assert person.birth_date is None or 1930 <= person.birth_date.year <= 2007
        assert 0 < person.created_days_ago <= 2600
        for sign_in in person.sign_ins:
            last = sign_in.last_sign_in_days_ago
            assert last is None or 0 <= last <= person.created_days_ago
            assert sign_in.state != "placeholder" or last is None


def test_an_inactive_customer_never_signed_in(everybody: Population) -> None:
    inactive = [person for person in everybody.people if person.status == "inactive"]
    assert {s.state for person in inactive for s in person.sign_ins} == {"placeholder"}


def test_merged_customers_name_a_live_survivor(everybody: Population) -> None:
    by_number = {person.number: person for person in everybody.people}
    for person in everybody.people:
        assert (person.merged_into is not None) == (person.status == "merged")
        if person.merged_into:
            assert by_number[person.merged_into].status != "merged"
            assert (person.merged_into, person.number) in everybody.duplicates


def test_contracts_name_organisations_phases_and_representatives_that_exist(everybody: Population) -> None:
    for job in (job for person in everybody.people for job in person.contracts):
        assert tuple(name for name, _ in job.phases) == PHASES
        for grant in job.grants:
            assert grant.representative < len(everybody.organisations[job.organisation].representatives)
            assert set(grant.phases) <= set(PHASES)


def test_names_are_skewed_and_of_many_scripts(everybody: Population) -> None:
    families = Counter(person.family_name for person in everybody.people)
    assert 0.2 < sum(n for _, n in families.most_common(40)) / 2000 < 0.45
    assert len(families) > 300
    text = "".join(person.family_name + person.given_name for person in everybody.people)
    for sign in "王佐김ИñøßłÅ'-’حΝ":
        assert sign in text, sign


def test_about_eight_in_a_hundred_are_accidental_duplicates(everybody: Population) -> None:
    assert 120 <= len(everybody.duplicates) <= 200


def test_households_share_an_address_and_hold_juniors(everybody: Population) -> None:
    by_number = {person.number: person for person in everybody.people}
    juniors = 0
    for home in everybody.households:
        people = [by_number[number] for number in home]
        assert len({person.address for person in people if person.address}) <= 1
        names = [(person.given_name, person.family_name) for person in people]
        juniors += len(set(names)) < len(names)
    assert len(everybody.households) > 250
    assert juniors >= 10


def test_R36_two_operators_are_customers_and_ids_are_well_formed(everybody: Population) -> None:
    names = {person.number: f"{person.given_name} {person.family_name}" for person in everybody.people}
    own = [operator for operator in everybody.operators if operator.customer_number]
    assert [operator.display_name for operator in own] == [
        names[operator.customer_number or 0] for operator in own
    ]
    assert len(own) == 2
    assert Counter(operator.role for operator in everybody.operators) == {
        "support": 1,
        "lead": 2,
        "admin": 1,
        "auditor": 1,
    }
    assert all(operator.id.isascii() and operator.id.islower() for operator in everybody.operators)


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
