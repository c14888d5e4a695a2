"""Playbooks, walks and typo edits in which every text is an attack."""

import hashlib

import msgspec

from db.ledger import LedgerSession
from db.models import Interaction, Playbook, Setting, Walk, WalkStep
from tests.tui.hostile import MADE, NASTY

KIM_S, OWN_CALL = 1, 3
KIM_S_WALK, OWN_WALK = 1, 2


def _toml(text: str) -> str:
    return '"' + "".join(f"\\U{ord(letter):08X}" for letter in text) + '"'


SOURCE = f"""
id = "hostile"
title = {_toml(NASTY)}
procedure = {_toml(NASTY)}
about = {_toml(NASTY)}

[[steps]]
id = "ask"
kind = "ask"
text = {_toml(NASTY)}
hint = {_toml(NASTY)}

[[steps]]
id = "note"
kind = "do"
text = {_toml(NASTY)}
operation = "add-note"
fills = {{ text = "ask" }}

[[steps]]
id = "outcome"
kind = "decide"
text = {_toml(NASTY)}
answers = [
  {{ value = {_toml(NASTY)}, label = {_toml(NASTY)}, end = {_toml(NASTY)} }},
  {{ value = "b", label = {_toml(NASTY)} }},
]
"""


def add_walks(session: LedgerSession) -> None:
    """Put in a playbook, kim's walk of it, an own interaction of the admin's with another, and typo edits."""
    edits = {"added": {"misspelt-domain": {NASTY: NASTY}}}
    session.add(Setting(key="typo_table", value=msgspec.json.encode(edits).decode()))
    session.add(Playbook(id="hostile", source=SOURCE, is_active=True, version=1))
    session.add(
        Interaction(
            id=OWN_CALL, operator_id="ada", customer_id=1, channel="phone", direction="inbound",
            inbound_identifier=NASTY, ticket=NASTY, opened_at=MADE,
        )
    )  # fmt: skip
    session.flush()
    fingerprint = hashlib.sha256(SOURCE.encode()).hexdigest()
    for number, interaction, operator in ((KIM_S_WALK, KIM_S, "kim"), (OWN_WALK, OWN_CALL, "ada")):
        session.add(
            Walk(
                id=number, interaction_id=interaction, customer_id=1, playbook_id="hostile",
                fingerprint=fingerprint, outcome=NASTY[:60] if operator == "kim" else None, started_at=MADE,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            WalkStep(
                walk_id=number, step="ask", operator_id=operator, answer=NASTY, finding=NASTY, at=MADE
            )
        )  # fmt: skip
    session.flush()
