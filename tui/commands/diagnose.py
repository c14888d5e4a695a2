"""Says why somebody cannot sign in, what that rests on, and what to do."""

from datetime import date, datetime

import click

from db import runner
from db.diagnosis import AccountEvidence, Diagnosis, Fix, Question, WayEvidence, diagnose
from db.errors import Invalid
from db.gate import Claim
from db.queries.viewer import Viewer
from db.rules.identifiers import format_customer_number
from db.rules.roles import Standing
from db.rules.wording import counted
from tui import output
from tui.commands.setup import Setup, pass_setup
from tui.commands.values import customer_number


@click.command("diagnose")
@click.argument("identifier", required=False)
@click.option("--customer", metavar="CUSTOMER", help="Ask about a customer, whatever they typed.")
@click.option("--claim", "is_claim", is_flag=True, help="Ask about somebody who claims an account.")
@click.option("--name", metavar="TEXT", help="With --claim: given and family name.")
@click.option("--birth-date", metavar="DATE", help="With --claim: year-month-day.")
@click.option("--postcode", metavar="TEXT", help="With --claim.")
@click.option("--email", metavar="TEXT", help="With --claim.")
@click.option("--phone", metavar="TEXT", help="With --claim.")
@output.json_option
@pass_setup
def command(
    setup: Setup,
    identifier: str | None,
    customer: str | None,
    is_claim: bool,
    name: str | None,
    birth_date: str | None,
    postcode: str | None,
    email: str | None,
    phone: str | None,
    as_json: bool,
) -> None:
    """Say why nobody can sign in with IDENTIFIER: what the customer typed, letter by letter."""
    claim = None
    if is_claim:
        claim = _claim(name, birth_date, postcode, email, phone)
    elif any((name, birth_date, postcode, email, phone)):
        raise click.UsageError("--name, --birth-date, --postcode, --email and --phone go with --claim.")
    if sum((identifier is not None, customer is not None, is_claim)) != 1:
        raise click.UsageError("Give one of: what the customer typed, --customer, or --claim.")
    question = Question(
        identifier=identifier,
        customer_id=None if customer is None else customer_number(customer),
        claim=claim,
    )
    with setup.database() as database:
        actor = setup.actor(database)
        with database.reading() as connection:
            found = diagnose(connection, question, Viewer(actor.operator_id), database.clock(connection))
        for account in found.accounts:
            runner.observe(database, actor, "open-customer", customer_id=account.customer_id)
    if as_json:
        output.print_json({"case": found.case, **output.plain(found)})
        return
    _print(found)


def _claim(
    name: str | None, birth_date: str | None, postcode: str | None, email: str | None, phone: str | None
) -> Claim:
    given, _, family = (name or "").strip().rpartition(" ")
    return Claim(
        given_name=given,
        family_name=family,
        birth_date=_date(birth_date),
        postcode=postcode or "",
        email=email or "",
        phone=phone or "",
    )


def _date(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a birth date has no zone
    except ValueError:
        raise Invalid("A birth date is year-month-day, like 1980-12-31.", field="birth_date") from None


def _print(found: Diagnosis) -> None:
    for number, verdict in enumerate(found.verdicts):
        mark = "✓" if verdict.case == "can-sign-in" else "✗"
        about = " ".join(format_customer_number(customer) for customer in verdict.customers)
        label = verdict.heading if number == 0 else f"also {verdict.heading}"
        output.line(f"{mark} {label}{f' · {about}' if about else ''}")
        output.line(f"  {verdict.sentence}")
    for account in found.accounts:
        _print_account(account, found)
    if found.nearest:
        output.heading("Nearest on file")
        output.table(("What", "Why"), [(near.label, near.why) for near in found.nearest])
    if found.fixes:
        output.heading("Fixes")
        rows = [(number, fix.label, _who(fix), _typed(fix)) for number, fix in enumerate(found.fixes, 1)]
        output.table(("", "Fix", "Who may", "On the command line"), rows)


def _print_account(account: AccountEvidence, found: Diagnosis) -> None:
    best = ""
    if found.best is not None and found.best.customer_id == account.customer_id:
        best = f" · best account: {', '.join(found.best.reasons)}"
    flag = " · takeover flag" if account.takeover_flag else ""
    output.heading(f"{account.number} {account.name} · {account.status}{flag}{best}")
    rows: list[tuple[object, object, object]] = [
        ("sign-in", str(sign_in.username), f"{sign_in.state}, {counted(sign_in.failed_count, 'failure')}")
        for sign_in in account.sign_ins
    ]
    rows += [(way.channel, str(way.address), _way(way)) for way in account.ways]
    rows += [
        ("failed", failure.at, f"{failure.identifier_kind}: {failure.case}") for failure in account.failures
    ]
    output.table(("", "", ""), rows or [("", "no sign-in and no contact", "")])


def _way(way: WayEvidence) -> str:
    arrives = "a code can arrive" if way.is_open else f"nothing arrives: {way.why_not}"
    if way.mistyped_for:
        typo = f"probably a typing error for {way.mistyped_for}"
        arrives = typo if way.is_open else f"{typo} · {arrives}"
    told = [way.state, arrives, way.reference, way.message_state, way.reply]
    return " · ".join(part for part in told if part)


def _who(fix: Fix) -> str:
    if fix.operation is None:
        return "anybody"  # it opens a customer, or is said to the caller
    who = "you" if fix.standing is Standing.ALONE else f"ask {fix.who}"
    return f"{who}, after {', '.join(map(str, fix.after))}" if fix.after else who


def _typed(fix: Fix) -> str:
    if fix.operation is None:
        return "" if fix.opens is None else f"latchkey show {format_customer_number(fix.opens)}"
    options = "".join(f" --{name.replace('_', '-')} {value}" for name, value in fix.values.items())
    customer = "" if fix.customer_id is None else f" --customer {format_customer_number(fix.customer_id)}"
    return f"latchkey do {fix.operation}{customer}{options}"
