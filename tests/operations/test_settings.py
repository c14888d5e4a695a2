"""Changing settings within their bounds, and what follows from them (P4)."""

import msgspec
import pytest
from sqlalchemy import select

from db.applied import Applied
from db.engine import Database
from db.errors import Invalid, Refused
from db.models import AuthenticationProfile, EmailProfile, PhoneProfile, SearchTerm
from db.operations import REGISTRY
from db.rules.policy import Policy
from db.search.index import terms_of
from db.search.kinds import TermKind
from db.settings import load_policy
from tests.dump import ordered_dump
from tests.factories import actor, add_customer, add_operators, building
from tests.operations.acting import do, fields_of, rows


@pytest.fixture
def base(database: Database) -> Database:
    add_operators(database)
    return database


def change(base: Database, key: str, value: str, *, role: str = "admin") -> Applied:
    return do(base, "change-setting", actor(role), key=key, value=value)


def policy(base: Database) -> Policy:
    with base.reading() as connection:
        return load_policy(connection)


def tails(base: Database, customer: int) -> set[tuple[int, str]]:
    with base.reading() as connection:
        found = connection.execute(
            select(SearchTerm.kind, SearchTerm.term).where(SearchTerm.customer_id == customer)
        )
        return {(kind, term) for kind, term in found if kind == TermKind.EMAIL_TAIL}


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("reset_minutes", "30", 30),
        ("one_card_each", "yes", True),
        ("one_card_each", "true", True),
        ("mail_signature", "Ana & team", "Ana & team"),
        ("mail_signature", '"Ana"', "Ana"),
        ("link_host", "https://login.example.org", "https://login.example.org"),
    ],
)
def test_a_value_is_plain_text_or_json(base: Database, key: str, typed: str, value: object) -> None:
    change(base, key, typed)
    assert getattr(policy(base), key) == value


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("reset_minutes", "1441"),
        ("reset_minutes", "soon"),
        ("one_card_each", "perhaps"),
        ("link_host", "http://login.example.org"),
        ("phone_region", "ZZ"),
        ("role_table", '{"fly": {"alone": ["admin"]}}'),
    ],
)
def test_a_value_out_of_bounds_is_refused(base: Database, key: str, typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        change(base, key, typed)
    assert caught.value.field == "value"
    assert policy(base) == Policy()


def test_an_unknown_setting_is_named(base: Database) -> None:
    with pytest.raises(Invalid) as caught:
        change(base, "colour", "blue")
    assert caught.value.field == "key"


def test_P4_duplicate_detection_has_an_operation_of_its_own(base: Database) -> None:
    with pytest.raises(Invalid, match="change-dedup-mode"):
        change(base, "dedup_mode", "off")


@pytest.mark.parametrize("role", ["support", "lead", "auditor"])
def test_settings_are_the_admins(base: Database, role: str) -> None:
    with pytest.raises(Refused):
        change(base, "reset_minutes", "30", role=role)


def test_the_event_says_before_and_after(base: Database) -> None:
    (changed,) = change(base, "reset_minutes", "30").changes
    assert (changed.key, changed.before, changed.after) == ("setting.value#reset_minutes", "60", "30")


def test_a_row_of_the_role_table_can_be_edited_within_its_bounds(base: Database) -> None:
    joan = add_customer(base, sign_ins=[("janderson", "locked")])
    change(base, "role_table", '{"unlock": {"alone": ["support", "lead", "admin"]}}')
    do(base, "unlock-sign-in", actor("support"), customer=joan)
    assert rows(base, AuthenticationProfile, joan)[0].state == "reset-required"


@pytest.mark.parametrize(
    "typed",
    [
        '{"operators": {"alone": ["admin", "lead"]}}',
        '{"note": {"alone": ["auditor", "admin"]}}',
        '{"suspend": {"alone": ["lead"]}}',
    ],
)
def test_the_role_table_has_bounds(base: Database, typed: str) -> None:
    with pytest.raises(Invalid):
        change(base, "role_table", typed)


def test_P4_stored_emails_are_compared_anew_and_found_by_their_new_form(base: Database) -> None:
    joan = add_customer(base, emails=["joan.anderson+shop@example.org"])
    change(base, "plus_tags", "yes")
    (row,) = rows(base, EmailProfile, joan)
    assert (row.address, row.canonical) == ("joan.anderson+shop@example.org", "joan.anderson@example.org")
    assert tails(base, joan) == terms_of("", "", ["joan.anderson@example.org"])


def test_P4_two_emails_of_one_customer_may_become_one_and_two_again(base: Database) -> None:
    typed = ["j.anderson+a@gmail.com", "j.anderson@gmail.com"]
    joan = add_customer(base, emails=typed)
    before = ordered_dump(base)
    change(base, "plus_tags", "yes")
    assert {row.canonical for row in rows(base, EmailProfile, joan)} == {"j.anderson@gmail.com"}
    assert tails(base, joan) == terms_of("", "", ["j.anderson@gmail.com"])
    change(base, "plus_tags", "no")
    after = ordered_dump(base)
    assert after["email_profile"] == before["email_profile"]
    assert after["search_term"] == before["search_term"]


def test_P4_gmail_dots_are_dropped_for_gmail_alone(base: Database) -> None:
    joan = add_customer(base, emails=["jo.an@gmail.com", "jo.an@example.org"])
    change(base, "gmail_dots", "on")
    assert [row.canonical for row in rows(base, EmailProfile, joan)] == [
        "joan@gmail.com",
        "jo.an@example.org",
    ]


def test_P4_what_now_collides_is_counted_in_a_warning(base: Database) -> None:
    do(base, "change-dedup-mode", actor("admin"), mode="by-email")
    add_customer(base, emails=["joan@gmail.com"])
    add_customer(base, given_name="Daniel", emails=["joan+x@gmail.com"])
    assert change(base, "plus_tags", "yes").warnings[0].startswith("2 customers in 1 group share")


def test_a_username_that_is_an_email_follows_the_rules_too(base: Database) -> None:
    joan = add_customer(base, sign_ins=["joan+x@example.org"])
    change(base, "plus_tags", "yes")
    assert rows(base, AuthenticationProfile, joan)[0].canonical == "joan@example.org"


def test_two_usernames_never_become_one(base: Database) -> None:
    joan = add_customer(base, sign_ins=["joan+x@example.org"])
    daniel = add_customer(base, given_name="Daniel", sign_ins=["joan@example.org"])
    with pytest.raises(Invalid, match=f"C-{joan} and C-{daniel}"):
        change(base, "plus_tags", "yes")
    assert not policy(base).plus_tags


def test_the_numbers_on_file_keep_their_country_whatever_the_region(base: Database) -> None:
    joan = add_customer(base, phones=["(415) 555-0142"])
    change(base, "phone_region", "DE")
    assert rows(base, PhoneProfile, joan)[0].canonical == "+14155550142"
    do(base, "add-phone", actor("lead"), customer=joan, phone="030 901820")
    assert rows(base, PhoneProfile, joan)[1].canonical == "+4930901820"


def test_every_setting_without_an_operation_of_its_own_can_be_set_to_what_is_shipped(base: Database) -> None:
    assert "change-setting" in REGISTRY
    shipped = Policy()
    for key in set(Policy.__struct_fields__) - {"dedup_mode", "typo_table"}:
        value = getattr(shipped, key)
        typed = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        with pytest.raises(Invalid) as caught:
            change(base, key, typed)
        assert caught.value.code == "no-change", key


def test_R30_the_typo_table_is_edited_only_by_the_operation_that_checks_each_line(base: Database) -> None:
    harmful = '{"added": {"misspelt-domain": {"gmail.com": "evil.example"}}}'
    with pytest.raises(Invalid, match="change-typo-table"):
        change(base, "typo_table", harmful)


def test_P3_a_correction_added_to_the_typo_table_is_support_s_from_then_on(base: Database) -> None:
    joan = add_customer(base, emails=[("joan@exmaple.org", "unverified")])
    with pytest.raises(Refused):
        do(base, "change-email", actor("support"), customer=joan, profile=1, email="joan@example.org")
    line = {"part": "misspelt-domain", "wrong": "exmaple.org", "right": "example.org"}
    do(base, "change-typo-table", actor("admin"), edit="add", **line)
    do(base, "change-email", actor("support"), customer=joan, profile=1, email="joan@example.org")


@pytest.mark.parametrize(
    ("address", "part", "wrong", "right"),
    [
        ("victim@example.org", "misspelt-domain", "Example.org", "evil.example"),
        ("victim@gmail.xom", "misspelt-ending", "xom", "com"),
    ],
)
def test_R31_a_domain_that_a_verified_address_is_on_is_no_misspelling(
    base: Database, address: str, part: str, wrong: str, right: str
) -> None:
    add_customer(base, emails=[address])
    before = ordered_dump(base)
    with pytest.raises(Invalid, match="right as it is") as caught:
        do(base, "change-typo-table", actor("admin"), edit="add", part=part, wrong=wrong, right=right)
    assert caught.value.field == "wrong"
    assert ordered_dump(base) == before


def test_P4_the_value_in_force_mends_what_is_compared_by_another_and_tells_each(base: Database) -> None:
    joan = add_customer(base, emails=["joan@example.org"])
    with building(base) as session:
        (profile,) = session.scalars(select(EmailProfile).where(EmailProfile.customer_id == joan))
        profile.canonical = "zoe@example.org"
    assert list(fields_of(change(base, "gmail_dots", "no"))) == [
        ("email_profile.canonical", "zoe@example.org", "joan@example.org")
    ]
    assert [row.canonical for row in rows(base, EmailProfile, joan)] == ["joan@example.org"]
    assert tails(base, joan) == terms_of("", "", ["joan@example.org"])


def test_P4_the_value_in_force_changes_nothing_where_all_is_compared_by_it(base: Database) -> None:
    add_customer(base, emails=["jo.an@gmail.com"], sign_ins=["jo.an@gmail.com"])
    with pytest.raises(Invalid, match="how it is already"):
        change(base, "gmail_dots", "no")
