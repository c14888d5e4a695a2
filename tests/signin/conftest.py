"""A portal in front of a database whose time the tests move, and customers who know their password."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select

from db import hashing
from db.engine import Database
from db.models import AuthenticationProfile
from db.signin import CustomerDoor, Step
from tests.conftest import Clock
from tests.factories import add_customer, add_operators, building
from tests.signin.post import KEY, Post

PASSWORD = "seven brass kettles"


@cache
def password_hash() -> str:
    """The one password of all customers here, hashed once: hashing is slow on purpose."""
    return hashing.hash_password(PASSWORD)


@pytest.fixture
def base(database: Database, clock: Clock) -> Database:
    add_operators(database)
    return replace(database, clock=clock)


def at_once(_seconds: float) -> None:
    """Let no time pass: how late answers come is seen in `test_even_answers`."""


@pytest.fixture
def door(base: Database) -> CustomerDoor:
    return CustomerDoor(base, KEY, pause=at_once)


@pytest.fixture
def post(base: Database) -> Post:
    return Post(base)


def customer_with(base: Database, **given: Any) -> int:
    """Add a customer whose sign-ins all have the same password."""
    number = add_customer(base, **given)
    with building(base) as session:
        query = select(AuthenticationProfile).where(AuthenticationProfile.customer_id == number)
        for sign_in in session.scalars(query):
            sign_in.password_hash = password_hash()
    return number


def joan_with(base: Database, **given: Any) -> int:
    """Joan, who can sign in unless something else is given."""
    usual = {"emails": ["joan@example.org"], "phones": ["+1 202 555 0101"], "sign_ins": ["janderson"]}
    return customer_with(base, **{**usual, **given})


def husband_with(base: Database, **given: Any) -> int:
    """Her husband, who holds Joan's email too unless something else is given."""
    usual = {
        "given_name": "Dan",
        "emails": ["joan@example.org"],
        "sign_ins": ["danderson"],
        "passes": ["P-2002"],
    }
    return customer_with(base, **{**usual, **given})


def sign_in(door: CustomerDoor, post: Post, identifier: str, password: str = PASSWORD) -> Step:
    """Go the whole way: identifier, password, the code that arrived."""
    step = door.enter_password(door.begin(identifier).token, password)
    if step.has_failed:
        return step
    post.code = ""
    post.deliver()
    return door.enter_code(step.token, post.code)
