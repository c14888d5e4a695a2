"""A database in which every text is an attack, and a driver that keeps what would reach the terminal."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec
from textual.drivers.headless_driver import HeadlessDriver

from db.actor import Actor
from db.audit.event import Detail
from db.engine import Database
from db.ledger import LedgerSession
from db.models import (
    Address,
    AuthenticationProfile,
    AuthorisedPerson,
    Channel,
    ContactState,
    Contract,
    Customer,
    CustomerStatus,
    EmailProfile,
    Interaction,
    Message,
    MessageAttempt,
    MessageKind,
    MessageState,
    Note,
    Operator,
    Organisation,
    Pass,
    PassState,
    Phase,
    PhaseGrant,
    PhaseState,
    PhoneProfile,
    Representative,
    Setting,
    SignInState,
)
from db.rules.roles import Role
from db.witness import observe
from tests.factories import BORN, NO_HASH, OPERATORS, add_operators, building
from tui.text import HOSTILE

ATTACKS: Final = (
    "[/x][@click=app.quit]x[/][bold",
    "\x1b]52;c;cm0gLXJmIC8=\x07",  # the clipboard
    "\x1b]0;owned\x07",  # the window's title
    "\x1b[2J\x1b[H",
    "\x1b]8;;http://x.example\x1b\\here",  # a link
    "\x9b31m\x90q\x9c",  # C1
    "\u202egpj.exe\u2066",  # other directions
    "\u200b\u200d\ufeff\u00ad\U000e0041",  # no width
    "one\r\ntwo\x0bthree\u2028four\tfive",
    "\x00\x7f\u3164",
)
NASTY: Final = "Zz" + "".join(ATTACKS)
"""All of them in one value; the markup stands first, so that it is seen where a value is cut."""
SEEN: Final = "Zz[/x]"
"""What is left of `NASTY` on a screen, however little room there is."""
WIDE: Final = "Ωé漢字漢字" + "e\u0301\u0302\u0323" * 40 + "🧑🏽" + "漢" * 3000
"""Wide characters, combining marks, and far more than a line."""
MADE: Final = datetime(2026, 3, 2, 13, 40, tzinfo=UTC)
LATER: Final = datetime(2099, 1, 1, tzinfo=UTC)


def hostile_actor(role: str = "lead") -> Actor:
    """An operator whose client said hostile things about itself."""
    return Actor(OPERATORS[Role(role)], session=NASTY, source=NASTY)


def fill(database: Database, mailbox: Path) -> None:
    """Put in customers 1 and 2, who share an address, with hostile texts everywhere, and a hostile mail."""
    from tests.tui.hostile_walks import add_walks  # which takes its texts from here

    add_operators(database)
    with building(database) as session:
        _settings(session)
        session.add(Operator(id="eve", display_name=NASTY, role=Role.LEAD, os_user=NASTY, created_at=BORN))
        _organisation(session)
        for number, text in ((1, NASTY), (2, WIDE)):
            _customer(session, number, text)
        add_walks(session)
    for operation, customer in (("open-customer", 1), (NASTY, 2), ("search", None)):
        details = (Detail(NASTY, before=NASTY, after=NASTY), Detail("email_profile.address", after=NASTY))
        observe(database, hostile_actor(), operation, customer_id=customer, details=details)
    mailbox.mkdir(parents=True)
    (mailbox / "LK-7F3K-2M91-x.eml").write_bytes(_mail())


def _settings(session: LedgerSession) -> None:
    for key in ("support_address", "mail_signature"):
        session.add(Setting(key=key, value=msgspec.json.encode(NASTY).decode()))
    session.add(Setting(key="dedup_mode", value='"by-email"'))


def _organisation(session: LedgerSession) -> None:
    session.add(Organisation(id=1, name=NASTY, email_domain=NASTY, phone=NASTY))
    session.add(
        Representative(
            id=1, organisation_id=1, given_name=NASTY, family_name=WIDE, email=NASTY,
            email_canonical="rep@example.net", phone=NASTY, phone_canonical="+17755550188",
        )
    )  # fmt: skip
    session.flush()


def _customer(session: LedgerSession, number: int, text: str) -> None:
    session.add(
        Customer(
            id=number, given_name=text, family_name=text, birth_date=None, created_at=BORN,
            status=CustomerStatus.ACTIVE,
        )
    )  # fmt: skip
    session.flush()
    for part in (*_contacts(number, text), *_papers(number, text), *_work(number, text)):
        session.add(part)
        session.flush()


def _contacts(number: int, text: str) -> tuple[Any, ...]:
    times = {"customer_id": number, "created_at": BORN}
    contact = times | {"is_primary": True, "state": ContactState.UNVERIFIED, "changed_at": BORN}
    return (
        Address(customer_id=number, street=text, city=text, state=text, postcode=text, country=text),
        EmailProfile(address=text, canonical="zz@example.net", **contact),
        EmailProfile(address=text, canonical=NASTY, **contact | {"is_primary": False}),
        PhoneProfile(
            number=text, kind=text, canonical="+17755550142", reversed="24105555771+", **contact
        ),
        AuthenticationProfile(
            username=text, canonical=f"zz{number}", password_hash=NO_HASH, state=SignInState.ACTIVE, **times
        ),
        Pass(pass_id=text, canonical=f"P{number}", reversed=f"{number}P", state=PassState.ACTIVE, **times),
    )  # fmt: skip


def _papers(number: int, text: str) -> tuple[Any, ...]:
    return (
        AuthorisedPerson(customer_id=number, given_name=text, family_name=text, relation=text),
        Contract(
            id=number, customer_id=number, organisation_id=1, number=text, canonical=f"K{number}",
            reversed=f"{number}K", street=text, city=text, state=text, postcode=text, created_at=BORN,
        ),
        Phase(id=number, contract_id=number, position=1, name=text, state=PhaseState.CURRENT),
        PhaseGrant(phase_id=number, representative_id=1),
    )  # fmt: skip


def _work(number: int, text: str) -> tuple[Any, ...]:
    return (
        Interaction(
            id=number, operator_id="kim", customer_id=number, channel="phone", direction="inbound",
            inbound_identifier=text, ticket=text, opened_at=MADE,
        ),
        Note(customer_id=number, operator_id="kim", text=text, created_at=MADE),
        Message(
            id=number, reference=f"{SEEN}{number}", idempotency_key=f"key-{number}", customer_id=number,
            channel=Channel.EMAIL, kind=MessageKind.RESET, recipient=text, state=MessageState.FAILED,
            attempts=1, reply=text, next_attempt_at=LATER, created_at=MADE,
        ),
        MessageAttempt(message_id=number, at=MADE, outcome=text, reply=text),
    )  # fmt: skip


def _mail() -> bytes:
    one_line = NASTY.replace("\r\n", "").replace("\n", "").encode()
    head = b'From: "%s" <zz@example.net>\r\nTo: %s\r\nSubject: %s\r\n' % (one_line, one_line, one_line)
    kind = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    return head + kind + NASTY.encode() + b"\r\nhttps://x.example/" + one_line + b"\r\n"


class Recorder(HeadlessDriver):
    """Takes part in everything that a real terminal driver does, and keeps what would be written."""

    written: ClassVar[list[str]] = []

    @property
    def is_headless(self) -> bool:
        """No: the app draws."""
        return False

    def write(self, data: str) -> None:
        """Keep it."""
        self.written.append(data)

    @classmethod
    def taken(cls) -> str:
        """Return what was written since the last look."""
        found = "".join(cls.written)
        cls.written.clear()
        return found


_OURS: Final = re.compile(
    r"\x1b\[[0-9;]*m"  # colours
    r"|\x1b\[[0-9]+;[0-9]+H"  # the cursor's place
    r"|\x1b\[\?2026[hl]"  # a frame begins, ends
    r"|\x1b\]22;[a-z]*\x07|\x1b\[\?25[hl]"  # the pointer's shape, the cursor
    r"|\n"
)
"""All that the console itself has reason to send while it draws."""


def foreign(written: str) -> list[str]:
    """Return what acts on a terminal and is none of the console's own doing, with what stands around it."""
    rest = _OURS.sub("", written)
    return [rest[max(found.start() - 20, 0) : found.end() + 20] for found in HOSTILE.finditer(rest)]
