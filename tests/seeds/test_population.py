"""The practice population: the same every time, lifelike, with P1–P5 in their places."""

import random
from collections import Counter, defaultdict
from itertools import combinations

import phonenumbers
import pytest
from email_validator import validate_email

from seeds.people import PHASES, Population
from seeds.planted import PLANTED, PLANTED_PEOPLE
from seeds.population import population
from tests.seeds.people import dialled

ZIP_PREFIXES = {
    "NV": (889, 898), "CA": (900, 961), "AZ": (850, 865), "UT": (840, 847), "ID": (832, 838),
    "OR": (970, 979), "WA": (980, 994), "CO": (800, 816), "NM": (870, 884), "TX": (750, 799),
}  # fmt: skip
"""First three digits of each state's postcodes, by the United States Postal Service."""


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
