"""One-time codes: how long, how often, and how many guesses (R17–R19, A25); the key beside the database."""

from pathlib import Path

import pytest

from db.codes import hash_code, load_key, new_code, plain_code
from db.engine import Database
from db.errors import Unavailable
from db.models import AuthenticationProfile, CustomerSession, OneTimeCode
from db.signin import CustomerDoor, Need
from db.steps import NOT_SIGNED_IN
from tests.conftest import Clock
from tests.factories import actor
from tests.operations.acting import do, messages, rows
from tests.signin.conftest import PASSWORD, joan_with, sign_in
from tests.signin.post import KEY, Post


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_R17_a_code_lives_ten_minutes(base: Database, door: CustomerDoor, post: Post, clock: Clock) -> None:
    joan_with(base)
    token = door.enter_password(door.begin("janderson").token, PASSWORD).token
    code = post.deliver().code
    clock.advance(minutes=10)
    step = door.enter_code(token, code)
    assert (step.needs, step.sentence) == (Need.CODE, NOT_SIGNED_IN)


def test_R17_a_code_is_used_once(base: Database, door: CustomerDoor, post: Post) -> None:
    joan = joan_with(base)
    token = door.enter_password(door.begin("janderson").token, PASSWORD).token
    code = post.deliver().code
    assert door.enter_code(token, code).needs is Need.NOTHING
    assert door.enter_code(token, code).needs is Need.IDENTIFIER
    assert len(rows(base, CustomerSession, joan)) == 1


def test_R17_after_its_tries_the_right_code_is_wrong_too(
    base: Database, door: CustomerDoor, post: Post
) -> None:
    joan = joan_with(base)
    do(base, "change-setting", actor("admin"), key="code_tries", value="3")
    token = door.enter_password(door.begin("janderson").token, PASSWORD).token
    code = post.deliver().code
    for _ in range(3):
        assert door.enter_code(token, other_than(code)).needs is Need.CODE
    assert door.enter_code(token, code).has_failed
    (row,) = rows(base, OneTimeCode, joan)
    assert (row.tries, row.void_reason) == (3, "too many wrong entries")


def test_a_code_is_for_its_own_attempt(base: Database, door: CustomerDoor, post: Post) -> None:
    joan_with(base)
    door.enter_password(door.begin("janderson").token, PASSWORD)
    other = door.enter_password(door.begin("janderson").token, PASSWORD)
    assert door.enter_code(other.token, post.deliver().code).has_failed


def test_a_code_that_was_not_delivered_yet_cannot_be_answered(base: Database, door: CustomerDoor) -> None:
    joan = joan_with(base)
    token = door.enter_password(door.begin("janderson").token, PASSWORD).token
    assert door.enter_code(token, "").has_failed
    assert rows(base, OneTimeCode, joan)[0].code_hash is None


def test_A25_guessing_over_twenty_codes_ends_in_a_lock(
    base: Database, door: CustomerDoor, post: Post, clock: Clock
) -> None:
    joan = joan_with(base)
    guesses = 0
    for _ in range(20):
        token = door.enter_password(door.begin("janderson").token, PASSWORD).token
        wrong = other_than(post.deliver().code)
        for _ in range(5):
            assert rows(base, AuthenticationProfile, joan)[0].state.value == "active"
            assert door.enter_code(token, wrong).has_failed
            guesses += 1
        clock.advance(minutes=15)
    (profile,) = rows(base, AuthenticationProfile, joan)
    assert (guesses, profile.state.value, profile.code_failures) == (100, "locked", 100)
    assert len(rows(base, OneTimeCode, joan)) == 20
    assert sign_in(door, post, "janderson").has_failed
    assert messages(base, joan)[-1] == ("notice-security", "joan@example.org")


def test_R17_a_right_code_and_nothing_else_ends_the_count(
    base: Database, door: CustomerDoor, post: Post, clock: Clock
) -> None:
    joan = joan_with(base)
    token = door.enter_password(door.begin("janderson").token, PASSWORD).token
    door.enter_code(token, other_than(post.deliver().code))
    clock.advance(minutes=1)
    door.resend(token)
    assert rows(base, AuthenticationProfile, joan)[0].code_failures == 1
    assert door.enter_code(token, post.deliver().code).needs is Need.NOTHING
    assert rows(base, AuthenticationProfile, joan)[0].code_failures == 0


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        ("change-email", {"email": "new@example.org"}),
        ("change-phone", {"phone": "+1 202 555 0150"}),
        ("lock-sign-in", {}),
        ("suspend-customer", {}),
    ],
)
def test_R18_a_change_voids_the_code_that_is_on_its_way(
    base: Database, door: CustomerDoor, post: Post, operation: str, values: dict[str, str]
) -> None:
    joan = joan_with(base)
    token = door.enter_password(door.begin("janderson").token, PASSWORD).token
    delivered = operation == "change-email"
    if delivered:
        post.deliver()
    do(base, operation, actor(), customer=joan, **values)
    (code,) = rows(base, OneTimeCode, joan)
    assert code.voided_at is not None
    step = door.enter_code(token, post.code)
    assert (step.needs, step.has_failed, step.session) == (Need.CODE, True, "")
    post.deliver()
    assert "code" not in [kind for kind, _ in post.kinds[delivered:]], "and its message does not leave"


def test_R31_no_code_goes_to_a_number_under_cool_down(base: Database, door: CustomerDoor) -> None:
    joan = joan_with(base)
    do(base, "change-phone", actor(), customer=joan, phone="+1 202 555 0150")
    door.enter_password(door.begin("janderson").token, PASSWORD)
    assert ("code", "joan@example.org") in messages(base, joan)
    assert ("code", "+12025550150") not in messages(base, joan)


def test_R19_a_code_is_kept_keyed_and_bound_to_its_row() -> None:
    assert hash_code(KEY, 1, "123456") != hash_code(KEY, 2, "123456")
    assert hash_code(KEY, 1, "123456") != hash_code(bytes(32), 1, "123456")


@pytest.mark.parametrize("digits", [6, 7, 8])
def test_R17_a_code_has_its_digits_zeros_in_front_too(digits: int) -> None:
    codes = {new_code(digits) for _ in range(200)}
    assert all(len(code) == digits and code.isdecimal() and code.isascii() for code in codes)
    assert len(codes) > 150


@pytest.mark.parametrize("typed", ["123 456", " 123-456 ", "123456\n", "１２３４５６"])
def test_a_code_may_be_typed_as_people_write_it(typed: str) -> None:
    assert plain_code(typed) == "123456"


def test_R19_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "code.key"
    key = load_key(path)
    assert len(key) == 32
    assert load_key(path) == key
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert list(path.parent.iterdir()) == [path]


def test_R19_a_key_that_others_may_read_or_of_another_length_or_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "code.key"
    load_key(path)
    path.chmod(0o640)
    with pytest.raises(Unavailable, match="0600"):
        load_key(path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(Unavailable, match="32 bytes"):
        load_key(path)
    other = tmp_path / "link.key"
    other.symlink_to(path)
    with pytest.raises(Unavailable, match="cannot be read"):
        load_key(other)
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be read"):
        load_key(tmp_path / "file" / "code.key")
