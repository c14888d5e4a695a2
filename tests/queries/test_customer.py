"""One customer with everything on file, as the customer screen shows it."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from db import runner
from db.engine import Database
from db.errors import Unknown
from db.models import (
    Channel,
    Contract,
    Interaction,
    Link,
    LinkPurpose,
    Message,
    MessageKind,
    MessageState,
    Note,
    Organisation,
    Phase,
    PhaseGrant,
    PhaseState,
    Representative,
)
from db.operations import REGISTRY
from db.operations.change_email import ChangeEmail
from db.queries.choices import choices
from db.queries.customer import CustomerView, read_customer
from db.queries.operators import find_operator, list_operators, operator_of_os_user
from db.queries.viewer import Viewer
from tests.factories import BORN, actor, add_customer, add_operators, building

KIM = Viewer("kim")


def read(database: Database, customer: int, viewer: Viewer = KIM) -> CustomerView:
    with database.reading() as connection:
        return read_customer(connection, customer, viewer, now=BORN + timedelta(hours=1))


def add_contract(database: Database, customer: int) -> None:
    with building(database) as session:
        firm = Organisation(name="Solar Vista", email_domain="example.com", phone="+14155550100")
        session.add(firm)
        session.flush()
        rep = Representative(
            organisation_id=firm.id, given_name="Max", family_name="Berg", email="max@example.com",
            email_canonical="max@example.com", phone="+14155550101", phone_canonical="+14155550101",
        )  # fmt: skip
        job = Contract(
            customer_id=customer, organisation_id=firm.id, number="SV-2024-00042", canonical="SV202400042",
            reversed="24000420242VS", street="1 Main St", city="Reno", state="NV", postcode="89501",
            created_at=BORN,
        )  # fmt: skip
        session.add_all([rep, job])
        session.flush()
        for position, name in enumerate(("design", "installation")):
            phase = Phase(contract_id=job.id, position=position, name=name, state=PhaseState.UPCOMING)
            session.add(phase)
            session.flush()
            if name == "design":
                session.add(PhaseGrant(phase_id=phase.id, representative_id=rep.id))


def add_message(database: Database, customer: int, reference: str, **of_link: object) -> None:
    with building(database) as session:
        link = Link(
            customer_id=customer, purpose=LinkPurpose.RESET, address="joan@example.org",
            credential_version=1, lifetime_minutes=60, created_at=BORN, **of_link,
        )  # fmt: skip
        session.add(link)
        session.flush()
        session.add(
            Message(
                reference=reference, idempotency_key=reference, customer_id=customer, link_id=link.id,
                channel=Channel.EMAIL, kind=MessageKind.RESET, recipient="joan@example.org",
                state=MessageState.SENT, attempts=1, next_attempt_at=BORN, created_at=BORN,
                reply="250 2.0.0 Ok",
            )
        )  # fmt: skip


@pytest.fixture
def joan(database: Database) -> int:
    add_operators(database)
    joan = add_customer(
        database,
        emails=["joan@example.org", ("joan.old@example.org", "bouncing")],
        phones=["(415) 555-0142"],
        sign_ins=["joanie"],
        passes=["PK40-2217-9301"],
        address=("1 Main St", "Reno", "NV", "89501"),
    )
    add_contract(database, joan)
    return joan


def test_a_customer_is_read_with_everything(database: Database, joan: int) -> None:
    with building(database) as session:
        session.add(Note(customer_id=joan, operator_id="kim", text="Called back.", created_at=BORN))
        session.add(
            Interaction(
                operator_id="kim", customer_id=joan, channel="phone", direction="inbound", opened_at=BORN
            )
        )
    view = read(database, joan)
    assert (view.number, view.name, view.status, view.version) == (f"C-{joan}", "Joan Anderson", "active", 1)
    assert str(view.birth_date) == "1980-05-17"
    assert str(view.addresses[0].line) == "1 Main St, Reno, NV 89501, US"
    assert [(str(email.address), email.state, email.is_primary) for email in view.emails] == [
        ("joan@example.org", "verified", True),
        ("joan.old@example.org", "bouncing", False),
    ]
    assert [(str(phone.number), phone.kind) for phone in view.phones] == [("(415) 555-0142", "mobile")]
    assert [(str(found.username), found.state) for found in view.sign_ins] == [("joanie", "active")]
    assert [(str(found.pass_id), found.state) for found in view.passes] == [("PK40-2217-9301", "active")]
    assert [str(found.text) for found in view.notes] == ["Called back."]
    assert [found.channel for found in view.interactions] == ["phone"]


def test_a_contract_has_its_phases_in_order_and_who_may_see_them(database: Database, joan: int) -> None:
    (contract,) = read(database, joan).contracts
    assert (contract.number, contract.organisation) == ("SV-2024-00042", "Solar Vista")
    assert contract.place == "1 Main St, Reno, NV 89501"
    assert [(phase.name, phase.representatives) for phase in contract.phases] == [
        ("design", ("Max Berg",)),
        ("installation", ()),
    ]


def test_an_email_says_which_other_customers_have_it(database: Database, joan: int) -> None:
    daniel = add_customer(database, given_name="Daniel", emails=["joan@example.org"])
    add_customer(database, emails=["joan@example.org"], status="merged", merged_into_id=joan)
    assert [email.shared_with for email in read(database, joan).emails] == [(daniel,), ()]


def test_a_message_says_what_became_of_its_link(database: Database, joan: int) -> None:
    add_message(database, joan, "LK-1", secret_hash="a", expires_at=BORN + timedelta(hours=2))
    add_message(database, joan, "LK-2", secret_hash="b", expires_at=BORN + timedelta(minutes=5))
    add_message(database, joan, "LK-3", secret_hash="c", used_at=BORN)
    add_message(database, joan, "LK-4", secret_hash="d", voided_at=BORN)
    add_message(database, joan, "LK-5")
    states = {message.reference: message.link_state for message in read(database, joan).messages}
    assert states == {"LK-1": "open", "LK-2": "expired", "LK-3": "used", "LK-4": "void", "LK-5": "waiting"}


def test_a_merged_customer_is_read_and_names_the_survivor(database: Database, joan: int) -> None:
    merged = add_customer(database, status="merged", merged_into_id=joan)
    assert read(database, merged).merged_into == joan


def test_an_unknown_customer_is_said_to_be_unknown(database: Database) -> None:
    with pytest.raises(Unknown, match="There is no customer C-99"):
        read(database, 99)


def test_the_history_shows_the_latest_changes(database: Database, joan: int) -> None:
    runner.run(
        database,
        runner.Request(
            actor=actor("lead"),
            operation=REGISTRY["change-email"],
            params=ChangeEmail(customer=joan, email="new@example.org"),
            reason="asked",
        ),
    )
    assert [row.operation for row in read(database, joan).history] == ["change-email"]


def test_R25_masked_values_show_nothing_but_what_lets_them_be_recognised(
    database: Database, joan: int
) -> None:
    view = read(database, joan, Viewer("kim", is_masked=True))
    clear = ("joan@example.org", "555-01", "joanie", "PK40", "1980", "Main St", "89501")
    for section in (view.emails, view.phones, view.sign_ins, view.passes, view.birth_date, view.addresses):
        assert not [value for value in clear if value in repr(section)]
    assert view.phones[0].number.is_masked
    assert view.addresses[0].city == "Reno"


def test_a_customer_is_read_in_few_statements(database: Database, joan: int) -> None:
    statements: list[str] = []
    event.listen(
        database.reader, "before_cursor_execute", lambda _c, _cur, statement, *_: statements.append(statement)
    )
    read(database, joan)
    selects = [statement for statement in statements if "SELECT" in statement]
    assert len(selects) <= 14


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("email_profile", ["joan@example.org · verified · primary", "joan.old@example.org · bouncing"]),
        ("phone_profile", ["(415) 555-0142 · mobile · verified · primary"]),
        ("address", ["1 Main St, Reno · primary"]),
        ("authentication_profile", ["joanie · active"]),
        ("pass", ["PK40-2217-9301 · active"]),
        ("authorised_person", []),
        ("contract", ["SV-2024-00042 · Solar Vista"]),
        ("phase", ["SV-2024-00042 · design · upcoming", "SV-2024-00042 · installation · upcoming"]),
        ("phase_grant", ["SV-2024-00042 · design · Max Berg"]),
        ("representative", ["Max Berg · Solar Vista"]),
        ("organisation", ["Solar Vista"]),
        ("email", []),
    ],
)
def test_a_field_offers_the_rows_that_fit(
    database: Database, joan: int, kind: str, labels: list[str]
) -> None:
    with database.reading() as connection:
        assert [choice.label for choice in choices(connection, kind, joan, KIM)] == labels


def test_fields_about_the_product_need_no_customer(database: Database, joan: int) -> None:
    with database.reading() as connection:
        operators = choices(connection, "operator", None, KIM)
        settings = choices(connection, "setting", None, KIM)
    assert "rosa · Rosa · team lead" in [choice.label for choice in operators]
    assert ("phone_region", "Phone region") in [(choice.value, choice.label) for choice in settings]


def test_operators_are_found_by_id_and_by_account(database: Database) -> None:
    add_operators(database)
    with database.reading() as connection:
        rosa = find_operator(connection, "rosa")
        assert rosa is not None
        assert (rosa.role, rosa.is_active, rosa.os_user) == ("lead", True, None)
        assert [operator.id for operator in list_operators(connection)] == ["ada", "kim", "noor", "rosa"]
        assert find_operator(connection, "nobody") is None
        assert operator_of_os_user(connection, "root") is None
