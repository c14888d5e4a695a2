"""What an operator has on the desk."""

from db.engine import Database
from db.operations import REGISTRY
from db.params import build
from db.queries.desk import Desk, read_desk
from db.runner import Request, run
from tests.factories import actor, add_operators
from tests.tui.office import furnish


def do(database: Database, operation: str, role: str = "support", **values: object) -> int:
    found = REGISTRY[operation]
    request = Request(actor=actor(role), operation=found, params=build(found.params, values), reason="test")
    return int(run(database, request).changes[0].row)


def desk(database: Database, role: str = "support") -> Desk:
    with database.reading() as connection:
        return read_desk(connection, actor(role).operator_id)


def test_an_empty_desk_is_empty(database: Database) -> None:
    add_operators(database)
    assert desk(database) == Desk((), (), 0, None)


def test_only_ones_own_open_interactions_lie_on_it_newest_first(database: Database) -> None:
    add_operators(database)
    first, second = (do(database, "start-interaction", channel="phone") for _ in range(2))
    do(database, "start-interaction", "lead", channel="chat")
    assert [row.id for row in desk(database).interactions] == [second, first]
    do(database, "close-interaction", interaction=second)
    assert [row.id for row in desk(database).interactions] == [first]


def test_a_walk_lies_there_with_its_step(database: Database) -> None:
    add_operators(database)
    call = do(database, "start-interaction", channel="phone")
    do(database, "start-walk", playbook="p5-cannot-get-in", interaction=call)
    (walk,) = desk(database).walks
    assert (walk.interaction_id, walk.step) == (call, 1)


def test_mails_that_wait_are_counted_and_sent_ones_are_not(database: Database) -> None:
    furnish(database)
    found = desk(database)
    assert found.waiting == 1
    assert found.oldest is not None
