"""Hashing passwords behind one adapter (R15, R24, R57)."""

import subprocess
import sys

import pytest

from db import hashing

WEAKER = "$argon2id$v=19$m=1024,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def test_R24_a_hash_is_argon2id_with_19_mib_two_passes_and_one_lane() -> None:
    assert hashing.hash_password("correct horse").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_password_behind_a_hash_verifies_and_no_other_does() -> None:
    hashed = hashing.hash_password("correct horse")
    assert hashing.verify_password("correct horse", hashed)
    assert not hashing.verify_password("correct horsE", hashed)


def test_R24_the_same_letters_in_another_unicode_form_are_the_same_password() -> None:
    assert hashing.verify_password("caf\u00e9 \uff11234", hashing.hash_password("cafe\u0301 1234"))


def test_R24_nothing_is_cut_off_a_long_password() -> None:
    hashed = hashing.hash_password("a" * 128)
    assert not hashing.verify_password("a" * 127, hashed)


def test_R15_a_placeholder_has_the_parameters_of_any_other_hash() -> None:
    placeholder, ordinary = hashing.placeholder_hash(), hashing.hash_password("correct horse")
    assert placeholder.rsplit("$", 2)[0] == ordinary.rsplit("$", 2)[0]
    assert not hashing.needs_rehash(placeholder)


@pytest.mark.parametrize("candidate", ["", "!", "None", "\x00", "\ud800"])
def test_A27_no_candidate_opens_a_placeholder(candidate: str) -> None:
    assert not hashing.verify_password(candidate, hashing.placeholder_hash())


def test_A27_a_placeholder_is_not_opened_by_its_own_hash() -> None:
    placeholder = hashing.placeholder_hash()
    assert not hashing.verify_password(placeholder, placeholder)


def test_R15_two_placeholders_are_never_alike() -> None:
    assert hashing.placeholder_hash() != hashing.placeholder_hash()


@pytest.mark.parametrize("broken", ["", "!", "$argon2id$v=19$m=1", "plain"])
def test_R15_a_hash_that_cannot_be_read_lets_nobody_in(broken: str) -> None:
    assert not hashing.verify_password(broken, broken)
    assert hashing.needs_rehash(broken)


def test_R24_a_hash_with_weaker_parameters_asks_for_a_new_one() -> None:
    assert hashing.needs_rehash(WEAKER)
    assert not hashing.needs_rehash(hashing.hash_password("correct horse"))


def test_R57_a_fresh_process_verifies_before_it_ever_hashed_under_error_warnings() -> None:
    hashed = hashing.hash_password("correct horse")
    program = (
        "import sys; from db.hashing import verify_password;"
        " sys.exit(0 if verify_password('correct horse', sys.argv[1]) else 1)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program, hashed], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
