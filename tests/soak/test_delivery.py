"""A long outbox, several workers, one of them killed with a mail in its hands: none twice, none lost."""

import os
from pathlib import Path

import pytest

from db.audit.verify import verify
from db.engine import Database
from tests.delivery import fleet

pytestmark = pytest.mark.soak
MESSAGES = int(os.environ.get("LATCHKEY_SOAK_MESSAGES", "10000"))


@pytest.mark.parametrize("workers", [4])
def test_A1_A38_no_mail_is_sent_twice_and_none_is_lost_while_a_worker_is_killed(
    postgres_database: Database, tmp_path: Path, workers: int
) -> None:
    fleet.fill(postgres_database, MESSAGES)
    done = fleet.deliver_with(
        postgres_database, tmp_path, workers=workers, kill_at=MESSAGES // 3, patience=60 + MESSAGES / 5
    )
    assert done.killed is not None
    assert done.twice == 0
    assert len(done.accepted) == MESSAGES
    assert done.states == {"sent": MESSAGES}
    with postgres_database.reading() as connection:
        assert verify(connection).problem is None
