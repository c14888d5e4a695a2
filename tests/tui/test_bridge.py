"""The bridge: answers from threads, late ones dropped, failures as errors that a person can read."""

import asyncio

import pytest
from sqlalchemy import select

from db.errors import Invalid, Refused, Unavailable, Unknown
from db.models import Operator
from db.rules.roles import Role
from tests.factories import actor, building
from tests.tui.conftest import Practice
from tui.bridge import Bridge


@pytest.fixture
def bridge(practice: Practice):
    found = practice.bridge()
    yield found
    found.close()


async def test_a_search_that_was_asked_anew_is_dropped(bridge: Bridge):
    earlier, later = await asyncio.gather(bridge.find("jo"), bridge.find("joan"))
    assert earlier is None
    assert later is not None
    assert len(later.hits) == 1


async def test_an_unknown_customer_and_operation_are_errors_with_a_sentence(bridge: Bridge):
    with pytest.raises(Unknown):
        await bridge.customer(999_999)
    with pytest.raises(Unknown):
        await bridge.operation("fly-to-the-moon")


async def test_a_missing_value_names_its_field(bridge: Bridge, practice: Practice):
    with pytest.raises(Invalid) as caught:
        await bridge.preview("change-email", {"customer": practice.joan, "email": ""})
    assert caught.value.field == "email"


async def test_a_preview_changes_nothing_and_a_run_does(bridge: Bridge, practice: Practice):
    values = {"customer": practice.joan, "email": "joan@example.org"}
    assert (await bridge.preview("change-email", values)).outcome == "dry-run"
    assert str((await bridge.customer(practice.joan)).emails[0].address) == "janderson@example.com"
    await bridge.run("change-email", values, reason="new address", request_id="r1")
    assert str((await bridge.customer(practice.joan)).emails[0].address) == "joan@example.org"


async def test_the_same_request_twice_is_done_once(bridge: Bridge, practice: Practice):
    values = {"customer": practice.joan, "text": "called"}
    first = await bridge.run("add-note", values, reason="call", request_id="same")
    again = await bridge.run("add-note", values, reason="call", request_id="same")
    assert again.event == first.event
    assert len((await bridge.customer(practice.joan)).notes) == 1


async def test_who_lost_the_right_meanwhile_is_refused_and_not_asked_to_correct(
    bridge: Bridge, practice: Practice
):
    with building(practice.database) as session:
        for operator in session.scalars(select(Operator).where(Operator.id == bridge.actor.operator_id)):
            operator.role = Role.AUDITOR
    wrong = {"customer": practice.joan, "email": "not an address at all" * 40}
    with pytest.raises(Refused) as caught:
        await bridge.preview("change-email", wrong)
    assert "Your role may not" in caught.value.sentence
    assert practice.events("change-email") == []
    with pytest.raises(Refused):
        await bridge.run("change-email", wrong, reason="caller", request_id="r1")
    assert len(practice.events("change-email")) == 1


async def test_a_refusal_is_an_error_that_says_who_may(practice: Practice):
    bridge = practice.bridge("support")
    with pytest.raises(Refused):
        await bridge.run("suspend-customer", {"customer": practice.joan}, reason="asked", request_id="r1")
    infos = {info.name: info for info in await bridge.operations()}
    bridge.close()
    assert not infos["suspend-customer"].is_allowed
    assert infos["suspend-customer"].who_may == "a team lead or an admin"


async def test_what_only_the_product_itself_does_is_not_offered(bridge: Bridge):
    names = {info.name for info in await bridge.operations()}
    assert "add-customer" in names
    assert not names & {"take-message", "record-delivery", "add-first-admin"}


async def test_without_a_customer_only_what_needs_none_is_offered(bridge: Bridge):
    names = {info.name for info in await bridge.operations_for(None)}
    assert "add-customer" in names
    assert "change-email" not in names


async def test_a_database_that_cannot_be_opened_is_asked_again_next_time(practice: Practice):
    tries = []

    def opener():
        tries.append(1)
        if len(tries) == 1:
            raise Unavailable("The database is away.")
        return practice.database

    bridge = Bridge(opener, actor())
    with pytest.raises(Unavailable):
        await bridge.operator()
    assert (await bridge.operator()).role == "lead"
    bridge.close()


async def test_R2_a_search_is_recorded_only_as_a_hash(bridge: Bridge, practice: Practice):
    await bridge.observe_search("Joan Anderson", shown=1)
    page = await bridge.audit_page(operation="search")
    event = await bridge.event(page.rows[0].seq)
    notes = dict(event.notes)
    assert len(notes["terms"]) == 64
    assert "joan" not in str(event).casefold()
