"""Shows everything about one customer; opening a customer is an audit event (R2)."""

from collections.abc import Iterator, Sequence

import click

from db import runner
from db.queries.customer import CustomerView, read_customer
from db.queries.viewer import Viewer
from db.rules.identifiers import format_customer_number
from tui import output
from tui.commands.setup import Setup, pass_setup
from tui.commands.values import customer_number

Section = tuple[str, Sequence[str], list[output.Row]]


@click.command("show")
@click.argument("customer")
@output.json_option
@pass_setup
def command(setup: Setup, customer: str, as_json: bool) -> None:
    """Show everything about CUSTOMER, a number like C-1042 or 1042."""
    customer_id = customer_number(customer)
    with setup.database() as database:
        actor = setup.actor(database)
        with database.reading() as connection:
            view = read_customer(connection, customer_id, Viewer(actor.operator_id))
        runner.observe(database, actor, "open-customer", customer_id=customer_id)
    if as_json:
        output.print_json(view)
        return
    output.line(f"{view.number}  {view.name}  {view.status}")
    if view.merged_into is not None:
        output.line(f"Merged into {format_customer_number(view.merged_into)}.")
    if view.absorbed:
        output.line(f"Merged into this one: {_shared(view.absorbed)}.")
    if view.takeover_flag:
        output.line("Flagged for a possible account takeover.")
    output.line(f"Born {view.birth_date or 'unknown'} · version {view.version}")
    for title, columns, rows in (*_contacts(view), *_access(view), *_work(view)):
        if rows:
            output.heading(title)
            output.table(columns, rows)


def _shared(customers: tuple[int, ...]) -> str:
    return " ".join(format_customer_number(number) for number in customers)


def _contacts(view: CustomerView) -> Iterator[Section]:
    yield (
        "Addresses",
        ("Street", "City", "State", "Postcode", "Country"),
        [(item.street, item.city, item.state, item.postcode, item.country) for item in view.addresses],
    )
    columns = ("Id", "Address", "State", "Primary", "Cool-down until", "Also on")
    yield (
        "Email",
        columns,
        [
            (
                item.id,
                item.address,
                item.state,
                item.is_primary,
                item.cool_down_until,
                _shared(item.shared_with),
            )
            for item in view.emails
        ],
    )
    yield (
        "Phone",
        ("Id", "Number", "Kind", "State", "Primary", "Also on"),
        [
            (item.id, item.number, item.kind, item.state, item.is_primary, _shared(item.shared_with))
            for item in view.phones
        ],
    )


def _access(view: CustomerView) -> Iterator[Section]:
    yield (
        "Sign-in",
        ("Id", "Username", "State", "Last sign-in", "Failures"),
        [
            (item.id, item.username, item.state, item.last_sign_in_at or "never", item.failed_count)
            for item in view.sign_ins
        ],
    )
    yield "Passes", ("Id", "Pass", "State"), [(item.id, item.pass_id, item.state) for item in view.passes]
    yield (
        "Contracts",
        ("Id", "Number", "Organisation", "Phases"),
        [
            (
                item.id,
                item.number,
                item.organisation,
                [f"{phase.name}: {phase.state}" for phase in item.phases],
            )
            for item in view.contracts
        ],
    )
    yield (
        "May speak for the customer",
        ("Id", "Name", "Relation"),
        [(item.id, item.name, item.relation) for item in view.authorised],
    )


def _work(view: CustomerView) -> Iterator[Section]:
    yield (
        "Messages",
        ("Reference", "Kind", "To", "State", "Made", "The server said"),
        [
            (item.reference, item.kind, item.recipient, item.state, item.created_at, item.reply or "")
            for item in view.messages
        ],
    )
    yield (
        "Notes",
        ("Written", "By", "Text"),
        [(item.created_at, item.operator_id, item.text) for item in view.notes],
    )
    yield (
        "History",
        ("Event", "At", "Operator", "Role", "Operation", "Outcome"),
        [
            (item.seq, item.at, item.operator_id, item.role, item.operation, item.outcome)
            for item in view.history
        ],
    )
