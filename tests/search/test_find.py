"""What the search box finds, in which order, and what it says about why (R25)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db import runner
from db.engine import Database
from db.models import AuthenticationProfile, Customer, CustomerStatus
from db.operations import REGISTRY
from db.operations.change_email import ChangeEmail
from db.queries.viewer import Viewer
from db.search import Hit, SearchPage, find
from tests.factories import BORN, actor, add_customer, add_operators, building

KIM = Viewer("kim")


def search(database: Database, query: str, *, viewer: Viewer = KIM, limit: int = 50) -> SearchPage:
    with database.reading() as connection:
        return find(connection, query, viewer=viewer, limit=limit)


def hits(database: Database, query: str) -> tuple[Hit, ...]:
    return search(database, query).hits


def found(database: Database, query: str) -> list[int]:
    return [hit.customer_id for hit in hits(database, query)]


def sign_in(database: Database, customer: int, *, days_ago: int) -> None:
    with building(database) as session:
        row = session.query(AuthenticationProfile).filter_by(customer_id=customer).one()
        row.last_sign_in_at = BORN - timedelta(days=days_ago)


@pytest.fixture
def joan(database: Database) -> int:
    return add_customer(
        database,
        emails=["joan.anderson@example.org"],
        phones=["(415) 555-0142"],
        sign_ins=["joanie"],
        passes=["PK40-2217-9301"],
        address=("1 Main St", "Reno", "NV", "89501"),
    )


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("anders", "name anders…"),
        ("ANDERSON", "name anderson"),
        ("joan.anderson@example.org", "email joan.anderson@example.org"),
        ("joan.and", "name joan and…"),
        ("anderson@ex", "email …anderson@ex…"),
        ("415 555 0142", "phone 415 555 0142"),
        ("+1 (415) 555-0142", "phone +1 (415) 555-0142"),
        ("0142", "phone …0142"),
        ("1415", "phone 1415…"),
        ("joani", "username joani…"),
        ("PK40 2217 9301", "pass PK40 2217 9301"),
        ("pk40-22", "pass pk40-22…"),
        ("pass:9301", "pass …9301"),
    ],
)
def test_a_row_says_why_it_matched(database: Database, joan: int, query: str, why: str) -> None:
    assert [(hit.customer_id, hit.why) for hit in hits(database, query)] == [(joan, (why,))]


@pytest.mark.parametrize("query", ["C-{}", "c {}", "id:{}", "{}", "c{}"])
def test_the_customer_number_finds_one_customer(database: Database, joan: int, query: str) -> None:
    assert hits(database, query.format(joan))[0].why == (f"number C-{joan}",)


def numbered(database: Database, *numbers: int) -> None:
    with building(database) as session:
        for number in numbers:
            session.add(
                Customer(
                    id=number,
                    given_name="Joan",
                    family_name="Anderson",
                    status=CustomerStatus.ACTIVE,
                    takeover_flag=False,
                    created_at=BORN,
                )
            )


@pytest.mark.parametrize("query", ["C-10", "c 10", "c10", "id:10", "id:C-10"])
def test_the_beginning_of_a_customer_number_finds_all_who_have_it(database: Database, query: str) -> None:
    numbered(database, 1001, 1042, 10_777, 1100, 2010)
    assert found(database, query) == [1001, 1042, 10_777]
    assert hits(database, query)[0].why == ("number C-10…",)


def test_the_whole_customer_number_comes_before_longer_ones(database: Database) -> None:
    numbered(database, 2001, 2000, 200, 20_000)
    assert found(database, "C-200") == [200, 2000, 2001, 20_000]


def test_digits_alone_begin_no_customer_number(database: Database) -> None:
    numbered(database, 1042)
    assert found(database, "10") == []
    assert found(database, "1042") == [1042]


def test_last_digits_with_a_leading_zero_are_no_customer_number(database: Database) -> None:
    first = add_customer(database)
    assert found(database, f"{first:04}") == []


def test_every_word_must_match(database: Database, joan: int) -> None:
    other = add_customer(database, given_name="Daniel", phones=["(775) 555-0142"])
    assert set(found(database, "anders 0142")) == {joan, other}
    assert hits(database, "anders 775555")[0].why == ("name anders…", "phone 775555…")
    assert found(database, "anders 0143") == []


def test_names_are_found_in_any_order_without_accents(database: Database) -> None:
    asa = add_customer(database, given_name="Åsa", family_name="O'Brien")
    for query in ("asa obrien", "o'brien asa", "OBRIEN, ÅSA", "bri as"):
        assert found(database, query) == [asa], query


def test_a_number_as_written_within_its_country_is_found(database: Database) -> None:
    london = add_customer(database, phones=["+44 20 7946 0958"])
    assert found(database, "020 7946 0958") == [london]


def test_the_best_reason_comes_first(database: Database) -> None:
    part = add_customer(database, given_name="Rita", family_name="Berg", emails=["anders@example.org"])
    start = add_customer(database, given_name="Zoe", family_name="Anderson")
    word = add_customer(database, given_name="Zoe", family_name="Anders")
    full = add_customer(database, given_name="Anders", family_name="")
    whole = add_customer(database, given_name="Zoe", family_name="Zorn", sign_ins=["anders"])
    assert found(database, "anders") == [whole, full, word, start, part]


def test_the_full_name_comes_before_beginnings_of_both(database: Database) -> None:
    longer = add_customer(database, given_name="Joanna", family_name="Anders", sign_ins=["joanna"])
    exact = add_customer(database, given_name="Joan", family_name="Anders")
    sign_in(database, longer, days_ago=0)
    assert found(database, "anders joan") == [exact, longer]


def test_live_comes_before_suspended_and_merged_then_who_signed_in_last(database: Database) -> None:
    never = add_customer(database)
    add_customer(database, status="merged", merged_into_id=never)
    suspended = add_customer(database, status="suspended", sign_ins=["b"])
    long_ago = add_customer(database, sign_ins=["c"])
    lately = add_customer(database, sign_ins=["d"], status="inactive")
    sign_in(database, suspended, days_ago=0)
    sign_in(database, long_ago, days_ago=90)
    sign_in(database, lately, days_ago=2)
    assert found(database, "joan anderson")[:4] == [lately, long_ago, never, suspended]


def test_a_merged_customer_is_found_and_names_the_survivor(database: Database, joan: int) -> None:
    merged = add_customer(database, given_name="Joanne", status="merged", merged_into_id=joan)
    (hit,) = hits(database, f"C-{merged}")
    assert (hit.merged_into, hit.state_words) == (joan, (f"merged → C-{joan}",))


def test_namesakes_are_told_apart(database: Database, joan: int) -> None:
    other = add_customer(
        database, emails=["joan.anderson@example.org"], address=("2 Elm St", "Sparks", "NV", "89431")
    )
    rows = {hit.customer_id: hit for hit in hits(database, "joan anderson")}
    assert (rows[joan].city, rows[other].city) == ("Reno", "Sparks")
    assert rows[joan].state_words == ("active", f"shares email with C-{other}")


def test_a_page_is_honest_about_what_follows(database: Database) -> None:
    customers = [add_customer(database) for _ in range(5)]
    first = search(database, "anderson", limit=3)
    assert (len(first.hits), first.more, first.total_at_least) == (3, True, 5)
    with database.reading() as connection:
        last = first.hits[-1].customer_id
        second = find(connection, "anderson", viewer=KIM, limit=3, offset_after=last)
    assert ([hit.customer_id for hit in second.hits], second.more) == (customers[3:], False)


def test_an_edit_is_found_at_once_and_the_old_value_no_more(database: Database, joan: int) -> None:
    add_operators(database)
    request = runner.Request(
        actor=actor("lead"),
        operation=REGISTRY["change-email"],
        params=ChangeEmail(customer=joan, email="new.person@example.com"),
        reason="asked",
    )
    runner.preview(database, request)
    assert found(database, "email:joan.anderson@") == [joan]
    runner.run(database, replace(request, version=None))
    assert found(database, "email:person@example.com") == [joan]
    assert found(database, "email:joan.anderson@") == []
    assert found(database, "email:anderson@") == []


@pytest.mark.parametrize(
    "query",
    ["%", "_", "%%%%", "'; DROP TABLE customer; --", '"', "\\", "\0", "\ud800", "😀", "e\u0301", "[/x]",
     "name:%", "email:%@%", "phone:%%%%", "id:99999999999999999999", "C-999999999999999999", "email:", ":",
     "user:'", "\u202eabc", "a" * 1000, "9" * 1000, "x " * 500, "pass:\0\0\0\0", "٣٣٣٣٣"],
)  # fmt: skip
def test_hostile_queries_find_nobody_and_harm_nothing(database: Database, joan: int, query: str) -> None:
    assert found(database, query) == []
    assert found(database, "anderson") == [joan]


def test_a_pasted_file_is_answered_with_a_sentence(database: Database, joan: int) -> None:
    page = search(database, "anderson " * 8000)
    assert page.hits == ()
    assert page.notice == "This is longer than 1000 characters. Type a few words of it."


@pytest.mark.parametrize("query", ["", "   ", "&", "😀"])
def test_an_empty_query_says_what_can_be_typed(database: Database, query: str) -> None:
    assert "Type a name" in (search(database, query).notice or "")


def test_R25_fewer_than_four_digits_are_no_phone_search(database: Database, joan: int) -> None:
    assert found(database, "142") == []
    assert search(database, "phone:142").notice == "phone: takes at least 4 digits."


def test_R25_on_masked_values_only_whole_addresses_are_searched(database: Database, joan: int) -> None:
    masked = Viewer("kim", is_masked=True)
    assert search(database, "email:joan.anderson@example.org", viewer=masked).hits
    assert search(database, "0142 anderson", viewer=masked).hits
    assert not search(database, "anderson@", viewer=masked).hits
    assert not search(database, "user:joani", viewer=masked).hits
    notice = search(database, "email:joan", viewer=masked).notice
    assert notice == "Personal values are masked here: type a whole email address or username."
