"""How the tests of diagnosing ask."""

from db.diagnosis import Diagnosis, Question, diagnose
from db.engine import Database
from db.queries.viewer import Viewer


def ask(base: Database, identifier: str | None = None, *, by: str = "kim", **question: object) -> Diagnosis:
    with base.reading() as connection:
        asked = Question(identifier=identifier, **question)  # type: ignore[arg-type]  # customer_id or claim
        return diagnose(connection, asked, Viewer(by), base.clock(connection))


def offered(found: Diagnosis) -> list[tuple[str | None, int | None]]:
    return [(fix.operation, fix.customer_id) for fix in found.fixes]
