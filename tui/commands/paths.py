"""Prints which files and addresses are used, and where each choice came from."""

import click

from db.engine import parse_url
from db.errors import Unavailable
from tui import config, output
from tui.commands.setup import Setup, pass_setup


@click.command("paths")
@output.json_option
@pass_setup
def command(setup: Setup, as_json: bool) -> None:
    """Print which files and addresses are used. Passwords in addresses are hidden."""
    found = setup.config
    origins = found.origins
    rows = [
        ("configuration", str(found.file), "found" if found.file.exists() else "not there"),
        ("database", hidden(found.database_url), origins["database_url"]),
        ("link host", found.link_host or "as the setting says", origins.get("link_host", "setting")),
        ("mail server", hidden(found.smtp_url), origins.get("smtp_url", "default")),
        ("SMS gateway", services(found.sms_url), origins.get("sms_url", "default")),
        ("code key", str(found.code_key_file), origins["code_key_file"]),
        ("sandbox", str(config.sandbox_folder()), "practice database and mailbox"),
        ("incidents", str(config.incident_folder()), "accounts of unexpected errors"),
    ]
    if as_json:
        output.print_list([{"what": what, "value": value, "origin": origin} for what, value, origin in rows])
        return
    output.table(("What", "Where", "From"), rows)


def services(urls: str | None) -> str:
    """Return which services SMS gateways are; the rest of their addresses is accounts and tokens (R12)."""
    if urls is None:
        return "none"
    from db.delivery.gateway_address import parse_gateways

    try:
        return " ".join(f"{gateway.scheme}://…" for gateway in parse_gateways(urls))
    except Unavailable:
        return "an address that cannot be read"


def hidden(address: str | None) -> str:
    """Return an address without its password (R12); one that cannot be read is not shown at all."""
    if address is None:
        return "none"
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address) if address.startswith("smtp") else parse_url(address)
    except (ArgumentError, Unavailable, ValueError):
        return "an address that cannot be read"
    return url.set(query={}).render_as_string(hide_password=True)
