"""Passwords at the door: the same work whoever it is, the lock, and what never opens (R14, R15, R24)."""

from typing import Any

import pytest
from sqlalchemy import select

from db import hashing
from db.engine import Database
from db.models import AuthenticationProfile, CustomerSession, SignInAttempt
from db.signin import CustomerDoor, Need
from db.steps import NOT_SIGNED_IN
from tests.conftest import Clock
from tests.dump import ordered_dump
from tests.factories import actor, building
from tests.operations.acting import do, messages, rows
from tests.signin.conftest import PASSWORD, joan_with, password_hash, sign_in
from tests.signin.post import Post

WEAKER = "$argon2id$v=19$m=1024,t=1,p=1$"


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every use of the hash library: what was done, with which parameters."""
    done: list[tuple[str, str]] = []
    real = hashing._context()

    class Counting:
        def verify(self, octets: bytes, hashed: str) -> bool:
            done.append(("verify", hashed.rsplit("$", 2)[0]))
            return bool(real.verify(octets, hashed))

        def hash(self, octets: bytes) -> str:
            done.append(("hash", ""))
            return str(real.hash(octets))

        def needs_update(self, hashed: str) -> bool:
            return bool(real.needs_update(hashed))

    monkeypatch.setattr(hashing, "_context", lambda: Counting())
    return done


def test_R15_A26_unknown_placeholder_locked_and_wrong_do_the_same_hash_work(
    base: Database, door: CustomerDoor, work: list[tuple[str, str]]
) -> None:
    joan_with(base)
    joan_with(base, emails=["b@example.org"], phones=[], sign_ins=[("waiting", "placeholder")])
    joan_with(base, emails=["c@example.org"], phones=[], sign_ins=[("shut", "locked")])
    password_hash()
    seen = {}
    for identifier in ("nobody", "waiting", "shut", "janderson"):
        token = door.begin(identifier).token
        work.clear()
        step = door.enter_password(token, "not the password")
        seen[identifier] = (list(work), step.needs, step.sentence, step.has_failed)
    assert len(set(map(repr, seen.values()))) == 1, seen
    assert seen["nobody"][0] == [("verify", "$argon2id$v=19$m=19456,t=2,p=1")]
    assert seen["nobody"][1:] == (Need.PASSWORD, NOT_SIGNED_IN, True)


def test_A26_a_password_of_any_length_is_one_check(
    base: Database, door: CustomerDoor, work: list[tuple[str, str]]
) -> None:
    joan_with(base)
    token = door.begin("janderson").token
    work.clear()
    assert door.enter_password(token, "x" * 1_000_000).has_failed
    assert [what for what, _ in work] == ["verify"]


@pytest.mark.parametrize("password", ["", "!", "None", "\x00", "\ud800", "own hash", PASSWORD])
def test_A27_nothing_opens_a_placeholder(base: Database, door: CustomerDoor, password: str) -> None:
    joan = joan_with(base, sign_ins=[("janderson", "placeholder")])
    placeholder = hashing.placeholder_hash()
    if password != PASSWORD:  # with that one even the hash would fit, and the state alone keeps them out
        set_hash(base, placeholder)
    step = door.enter_password(
        door.begin("janderson").token, placeholder if password == "own hash" else password
    )
    assert (step.needs, step.sentence) == (Need.PASSWORD, NOT_SIGNED_IN)
    assert rows(base, CustomerSession, joan) == []
    assert messages(base, joan) == []


def set_hash(base: Database, hashed: str) -> None:
    with building(base) as session:
        session.scalars(select(AuthenticationProfile)).one().password_hash = hashed


def test_P1_8_wrong_passwords_in_a_row_lock_the_sign_in(
    base: Database, door: CustomerDoor, post: Post
) -> None:
    joan = joan_with(base)
    do(base, "change-setting", actor("admin"), key="sign_in_failures", value="4")
    for _ in range(3):
        assert door.enter_password(door.begin("janderson").token, "wrong").needs is Need.PASSWORD
    assert sign_in(door, post, "janderson").needs is Need.NOTHING, "a right one starts the count again"
    for _ in range(4):
        step = door.enter_password(door.begin("janderson").token, "wrong")
    (profile,) = rows(base, AuthenticationProfile, joan)
    assert (profile.state.value, profile.state_before_lock, profile.failed_count) == ("locked", "active", 4)
    assert step.sentence == NOT_SIGNED_IN
    assert sign_in(door, post, "janderson").has_failed
    assert messages(base, joan)[-1] == ("notice-security", "joan@example.org")


def test_P1_8_once_unlocked_the_counts_start_again(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base)
    do(base, "change-setting", actor("admin"), key="sign_in_failures", value="3")
    for _ in range(3):
        door.enter_password(door.begin("janderson").token, "wrong")
    do(base, "unlock-sign-in", actor(), customer=joan)
    (profile,) = rows(base, AuthenticationProfile, joan)
    assert (profile.failed_count, profile.code_failures) == (0, 0)
    assert sign_in(door, post, "janderson").needs is Need.NOTHING


def test_an_attempt_ends_after_five_failures_whoever_it_is(base: Database, door: CustomerDoor) -> None:
    joan_with(base)
    for identifier in ("janderson", "nobody"):
        token = door.begin(identifier).token
        needs = [door.enter_password(token, "wrong").needs for _ in range(5)]
        assert needs == [Need.PASSWORD] * 4 + [Need.IDENTIFIER]
        assert door.enter_password(token, PASSWORD).needs is Need.IDENTIFIER


def test_of_an_unknown_identifier_only_its_kind_is_kept(base: Database, door: CustomerDoor) -> None:
    door.begin("my secret word typed into the wrong box")
    with base.reading() as connection:
        kept = connection.execute(select(SignInAttempt.identifier_kind, SignInAttempt.case)).one()
    assert kept == ("unknown", "no-match")
    assert "secret word" not in repr(ordered_dump(base))


def test_R24_a_hash_with_old_parameters_is_renewed_when_the_password_was_right(
    base: Database, door: CustomerDoor, post: Post
) -> None:
    from passlib.hash import argon2

    joan = joan_with(base)
    weaker = argon2.using(type="ID", memory_cost=1024, time_cost=1, parallelism=1).hash(PASSWORD)
    assert weaker.startswith(WEAKER)
    set_hash(base, weaker)
    door.enter_password(door.begin("janderson").token, "wrong")
    assert rows(base, AuthenticationProfile, joan)[0].password_hash == weaker
    assert sign_in(door, post, "janderson").needs is Need.NOTHING
    renewed = rows(base, AuthenticationProfile, joan)[0]
    assert not hashing.needs_rehash(renewed.password_hash)
    assert hashing.verify_password(PASSWORD, renewed.password_hash)
    assert renewed.credential_version == 1


def test_R12_no_secret_reaches_the_log_a_repr_or_the_tables(
    base: Database, door: CustomerDoor, post: Post, caplog: Any, clock: Clock
) -> None:
    joan_with(base)
    begun = door.begin("janderson")
    middle = door.enter_password(begun.token, PASSWORD)
    post.deliver()
    wrong = "135790" if post.code != "135790" else "135791"
    door.enter_code(middle.token, wrong)
    done = door.enter_code(middle.token, post.code)
    clock.advance(minutes=2)
    assert done.needs is Need.NOTHING
    secrets = {PASSWORD, begun.token, done.session, post.code, wrong}
    told = "\n".join([repr(ordered_dump(base)), repr([begun, middle, done]), caplog.text])
    assert not [secret for secret in secrets if secret in told]


def test_R15_neither_a_lock_nor_what_ends_with_it_shows_that_an_identifier_is_somebodys(
    base: Database, door: CustomerDoor
) -> None:
    joan = joan_with(base)
    asked: dict[str, list[Need]] = {"janderson": [], "nobody": []}
    for identifier, needs in asked.items():
        for _ in range(4):
            token = door.begin(identifier).token
            needs += [door.enter_password(token, "wrong one").needs for _ in range(3)]
    assert asked["janderson"] == asked["nobody"]
    assert rows(base, AuthenticationProfile, joan)[0].state.value == "locked"


def test_A13_a_password_that_grows_beyond_the_library_is_a_wrong_one(
    base: Database, door: CustomerDoor
) -> None:
    joan = joan_with(base)
    step = door.enter_password(door.begin("janderson").token, "\ufdfa" * 512)
    assert (step.needs, step.has_failed) == (Need.PASSWORD, True)
    assert rows(base, AuthenticationProfile, joan)[0].failed_count == 1
