"""Adds, disables and lists operators, and changes their role."""

import click

from db.actor import service
from db.applied import Applied
from db.engine import Database
from db.errors import Invalid
from db.queries.operators import list_operators
from db.rules.identifiers import format_customer_number
from tui import output
from tui.commands.do import print_applied, require_confirmation
from tui.commands.setup import ROLES, Setup, os_user, pass_setup
from tui.commands.values import customer_number
from tui.commands.work import Wish, operation, perform, perform_as


@click.group("operator")
def command() -> None:
    """Add, disable and list operators, change their role."""


@command.command("add")
@click.argument("operator_id", metavar="ID")
@click.option("--name", default="", metavar="TEXT", help="The person's name. [required]")
@click.option("--role", type=click.Choice(ROLES), help="What they may do; the first operator is an admin.")
@click.option("--os-user", "account", metavar="USER", help="The system account that signs them in.")
@click.option("--customer", metavar="CUSTOMER", help="Their own customer record, if there is one.")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept in the audit log.")
@output.json_option
@pass_setup
def add(
    setup: Setup,
    operator_id: str,
    name: str,
    role: str | None,
    account: str | None,
    customer: str | None,
    reason: str,
    as_json: bool,
) -> None:
    """Add operator ID: small letters, digits, _ and -.

    On a database without operators this makes you its first admin, bound to your system account.
    """
    record = None if customer is None else customer_number(customer)
    with setup.database() as database:
        with database.reading() as connection:
            is_first = not list_operators(connection)
        if is_first:
            _refuse_for_first(role=role, account=account, customer=record)
            applied = _add_first(setup, database, operator_id, name, reason)
        else:
            values = {
                "id": operator_id,
                "display_name": name,
                "role": role,
                "os_user": account,
                "customer": record,
            }
            wish = Wish(values=values, reason=reason)
            applied = perform_as(setup, database, setup.actor(database), operation("add-operator"), wish)
    print_applied(applied, as_json=as_json)


def _refuse_for_first(*, role: str | None, account: str | None, customer: int | None) -> None:
    if role not in (None, "admin"):
        raise Invalid("The first operator is an admin. Leave out --role, and add others then.", field="role")
    if account not in (None, os_user()):
        raise Invalid(
            "The first operator is you: bound to the account that runs this. Leave out --os-user.",
            field="os_user",
        )
    if customer is not None:
        raise Invalid(
            "The first operator has no customer record yet. Leave out --customer.", field="customer"
        )


def _add_first(setup: Setup, database: Database, operator_id: str, name: str, reason: str) -> Applied:
    """Let the product itself add the first admin: there is nobody else who could."""
    values = {"id": operator_id, "display_name": name, "os_user": os_user()}
    wish = Wish(values=values, reason=reason or "first admin")
    return perform_as(setup, database, service("bootstrap"), operation("add-first-admin"), wish)


@command.command("disable")
@click.argument("operator_id", metavar="ID")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept in the audit log.")
@output.json_option
@pass_setup
def disable(setup: Setup, operator_id: str, reason: str, as_json: bool) -> None:
    """Keep operator ID out, from their next action on."""
    wish = Wish(values={"operator": operator_id}, reason=reason)
    print_applied(perform(setup, operation("disable-operator"), wish), as_json=as_json)


@command.command("role")
@click.argument("operator_id", metavar="ID")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--reason", default="", metavar="TEXT", help="Why; kept in the audit log.")
@click.option("--confirm", metavar="ID", help="Repeat the operator's id.")
@output.json_option
@pass_setup
def change_role(
    setup: Setup, operator_id: str, role: str, reason: str, confirm: str | None, as_json: bool
) -> None:
    """Give operator ID another ROLE, from their next action on."""
    wish = Wish(
        values={"operator": operator_id, "role": role},
        reason=reason,
        check=lambda: require_confirmation(confirm, operator_id),
    )
    print_applied(perform(setup, operation("change-operator-role"), wish), as_json=as_json)


@command.command("list")
@output.json_option
@pass_setup
def list_all(setup: Setup, as_json: bool) -> None:
    """List all operators, disabled ones included."""
    with setup.database() as database:
        setup.actor(database)
        with database.reading() as connection:
            found = list_operators(connection)
    if as_json:
        output.print_list(found)
        return
    output.table(
        ("Operator", "Name", "Role", "Active", "System account", "Own record"),
        [
            (
                item.id,
                item.display_name,
                item.role,
                item.is_active,
                item.os_user,
                format_customer_number(item.customer_id) if item.customer_id else None,
            )
            for item in found
        ],
    )
