"""The words of diagnosing and inspecting: a verdict, its evidence and its fixes as lines for the screen."""

import shlex
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content

from db.diagnosis import Nearest
from db.rules.cases import Case
from db.rules.identifiers import format_customer_number
from db.rules.roles import Standing
from tui import catalogue
from tui.text import safe
from tui.widgets.diff import Line, Tone
from tui.widgets.fixes import Remedy

if TYPE_CHECKING:
    from db.diagnosis import AccountEvidence, Diagnosis, Failure, Fix, Question, SignInEvidence, WayEvidence
    from db.inspection import Inspection

DIAGNOSE: Final = "Diagnose"
INSPECT: Final = "Inspect"
EVIDENCE: Final = "Evidence"
FIXES: Final = "Fixes, best first"
NEAREST: Final = "Nearest on file"
WHO_MAY: Final = "who may"
YOU: Final = "you"
ANYBODY: Final = "anybody"
"""Beside a fix that changes nothing: it opens a customer, or is said to the caller."""
READ_ONLY: Final = "read-only"
NOTHING_TO_DO: Final = "No fix opens from here; the sentence above says what to do. esc goes back."
NO_ACCOUNT: Final = "No account is meant, so there is none to open."
NOBODY_MEANT: Final = "No account is meant. What is near to it on file can be tried instead."
NOBODY_NEAR: Final = "No account is meant, and nothing on file is near to it."
SEARCH: Final = Nearest("/", label="Search by name, address or contract")
"""The way on where nothing matches: the last line of what can be tried."""
TYPED_TITLE: Final = "What the customer typed to sign in, letter by letter"
CLAIM_TITLE: Final = "or what they filled in to claim an account"
GIVE_ONE: Final = "Give what the customer typed, or what they filled in below."
GIVE_ONLY_ONE: Final = "Give what the customer typed, or what they filled in, not both. Empty one of them."
CLAIM_NEEDS: Final = (
    "A claim is matched by name with birth date or postcode, by email, or by phone. Give one of these."
)
MAIL_TITLE: Final = (
    "Paste the mail that the customer forwarded: as text, as raw source, or just its reference"
    " (LK-…).\nNothing of it is kept, and nothing in it is opened. ctrl+s inspects it."
)
PASTE_FIRST: Final = "Paste the mail first, or type its reference."
NO_CUSTOMER: Final = "This mail leads to no customer, so there is none to open."
ASK_AGAIN: Final = "Nothing of the mail was kept: esc goes back to it, ctrl+s inspects it again."
FAILURES_SHOWN: Final = 3
ROUTES: Final = {"email": "an email", "username": "a username", "pass": "a pass id"}
_LABELS: Final = {"sms": "phone", "email": "email"}


def is_good(case: Case) -> bool:
    """Whether the case is the finish line."""
    return case is Case.CAN_SIGN_IN


def turned(before: str | None, found: "Diagnosis") -> str:
    """Say how a verdict has changed; empty where there was none before, or all was well and is."""
    now = found.heading
    if before is None or (before == now and is_good(found.case)):
        return ""
    return f"It is still {now}." if before == now else f"Was {before}, now {now}."


def headline(found: "Diagnosis", before: str | None) -> Content:
    """Return the verdict in P1's own name with its sentence, then what else is wrong."""
    first, *more = found.verdicts
    good = is_good(first.case)
    tone = "bold $text-success" if good else "bold $text-error"
    was = f"  was {before}" if before not in (None, first.heading) else ""
    lines = [
        Content.assemble(
            (f"{'✓' if good else '✗'} {first.heading}", tone),
            (was, "$text-muted"),
            ("  ", ""),
            first.sentence,
        )
    ]
    lines += [
        Content.assemble((f"  also {each.heading}", "bold $text-warning"), ("  ", ""), each.sentence)
        for each in more
    ]
    return Content("\n").join(lines)


def as_text(found: "Diagnosis") -> str:
    """Return the verdict for a clipboard."""
    first, *more = (f"{each.heading}: {each.sentence}" for each in found.verdicts)
    causes = (first, *(f"also {cause}" for cause in more))
    accounts = ", ".join(f"{each.number} {each.name} ({each.status})" for each in found.accounts)
    return " ".join(filter(None, (f"{found.question} ·", *causes, accounts and f"Accounts: {accounts}.")))


def command_line(question: "Question") -> str:
    """Return the question as it is typed in a shell; a claim without what was filled in."""
    if question.customer_id is not None:
        return f"latchkey diagnose --customer {question}"
    if question.claim is not None:
        return "latchkey diagnose --claim --name NAME --birth-date DATE"
    return f"latchkey diagnose {shlex.quote(safe(question.identifier, limit=200))}"


def taken_for(found: "Diagnosis") -> str:
    """Say what was typed was taken for; empty where it matched nothing, or was no identifier."""
    return "" if found.route is None else f"taken for {ROUTES.get(found.route, found.route)}"


def evidence(found: "Diagnosis", now: datetime, *, is_dense: bool) -> tuple[Line, ...]:
    """Return what the verdict rests on, account by account; `is_dense` leaves out what is well."""
    lines: list[Line] = []
    for account in found.accounts:
        lines += [Line("", after="")] if lines and not is_dense else []
        lines += _account(account, found, now, is_dense=is_dense)
    nobody = NOBODY_MEANT if found.nearest else NOBODY_NEAR
    return tuple(lines) or (Line("", after=nobody, tone=Tone.QUIET),)


def _account(
    account: "AccountEvidence", found: "Diagnosis", now: datetime, *, is_dense: bool
) -> Iterator[Line]:
    is_best = found.best is not None and found.best.customer_id == account.customer_id
    about = [account.name, f"{catalogue.glyph(account.status)} {account.status}", account.city]
    if account.merged_into is not None:
        about.append(f"→ {format_customer_number(account.merged_into)}")
    about += _holds(account)
    number = f"{'★ ' if is_best else ''}{account.number}"
    yield Line(number, after=" · ".join(filter(None, about)), tone=Tone.PLAIN)
    if is_best and found.best is not None:
        yield Line("best account", after=", ".join(found.best.reasons), tone=Tone.GOOD)
    if account.takeover_flag:
        yield Line("⚠ takeover", after="flagged: only the leads' queue may go on", tone=Tone.DANGER)
    for sign_in in account.sign_ins:
        yield _sign_in(sign_in, now)
    if not account.sign_ins:
        yield Line("sign-in", after="✗ none", tone=Tone.WARNING)
    for way in account.ways:
        yield from _way(way, now, is_dense=is_dense)
    if not account.ways:
        yield Line("contact", after="✗ no email and no phone", tone=Tone.WARNING)
    yield from _failures(account.failures, now)


def _holds(account: "AccountEvidence") -> Iterator[str]:
    if account.passes:
        shut = [state for _, state in account.passes if state != "active"]
        yield _counted(len(account.passes), "pass", "passes") + (f" ({', '.join(shut)})" if shut else "")
    if account.contracts:
        yield _counted(account.contracts, "contract")


def _sign_in(sign_in: "SignInEvidence", now: datetime) -> Line:
    told = [
        str(sign_in.username),
        f"{catalogue.glyph(sign_in.state)} {sign_in.state}",
        catalogue.ago(sign_in.last_sign_in_at, now),
        _counted(sign_in.failed_count, "failure") if sign_in.failed_count else "",
    ]
    tone = Tone.PLAIN if sign_in.state == "active" else Tone.WARNING
    return Line("sign-in", after=" · ".join(filter(None, told)), tone=tone)


def _way(way: "WayEvidence", now: datetime, *, is_dense: bool) -> Iterator[Line]:
    until = "" if way.until is None or way.is_open else f" until {catalogue.when(way.until, now)}"
    arrives = "✓ a code can arrive" if way.is_open else f"✗ nothing arrives: {way.why_not}{until}"
    is_well = way.is_open and not way.mistyped_for
    if way.mistyped_for:
        typo = f"✗ probably a typing error for {way.mistyped_for}"
        arrives = typo if way.is_open else f"{typo} · {arrives}"
    told = [str(way.address), arrives, way.state, "primary" if way.is_primary and not is_dense else ""]
    tone = Tone.PLAIN if is_well else Tone.WARNING
    yield Line(_LABELS.get(way.channel, way.channel), after=" · ".join(filter(None, told)), tone=tone)
    if way.reference is not None and not (is_dense and way.is_open):
        words = f": {way.reply}" if way.reply else ""
        yield Line("", after=f"{way.reference} {way.message_state}{words}", tone=Tone.QUIET)


def _failures(failures: "tuple[Failure, ...]", now: datetime) -> Iterator[Line]:
    for at, failure in enumerate(failures[:FAILURES_SHOWN]):
        told = f"{catalogue.when(failure.at, now)} · by {failure.identifier_kind} · {failure.case}"
        yield Line("" if at else "failed", after=told, tone=Tone.QUIET)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def after(fix: "Fix") -> str:
    """Say which fixes must come before one; empty where none must."""
    return f"after {', '.join(map(str, fix.after))}" if fix.after else ""


def choices(found: "Diagnosis") -> "tuple[Fix | Nearest, ...]":
    """Return what can be chosen, in its order; where no account is meant, the search is the last of it."""
    return (*found.fixes, *found.nearest, *(() if found.accounts else (SEARCH,)))


def first_do(fix: "Fix", found: "Diagnosis") -> str:
    """Say what must be done before a fix, by the labels of what is offered."""
    first = found.fixes[fix.after[0] - 1]
    return f"{fix.after[0]} comes first: {first.label}. Then this one can be done."


def heading(found: "Diagnosis") -> tuple[str, str]:
    """Return what stands above the list, and above its last column."""
    return (FIXES, WHO_MAY) if found.fixes else (NEAREST, "")


def remedies(found: "Diagnosis", *, is_read_only: bool) -> tuple[Remedy, ...]:
    """Return the lines of the list."""
    return tuple(remedy(each, is_read_only=is_read_only) for each in choices(found))


def remedy(choice: "Fix | Nearest", *, is_read_only: bool) -> Remedy:
    """Return a fix, or what is near on file, as a line of the list, with who may do it."""
    if isinstance(choice, Nearest):
        if choice is SEARCH:
            return Remedy(key=choice.label, label=choice.label, who=choice.why)
        return Remedy(key=f"{choice.identifier}:{choice.customer_id}", label=f"{choice.label} · {choice.why}")
    is_shut = is_read_only and choice.operation is not None
    is_allowed = choice.standing is Standing.ALONE and not is_shut
    mine = ANYBODY if choice.operation is None else after(choice) or YOU
    who = mine if is_allowed else READ_ONLY if is_shut else choice.who
    key = f"{choice.operation}:{choice.customer_id}:{choice.opens}:{choice.label}"
    return Remedy(key=key, label=choice.label, who=who, is_allowed=is_allowed)


def verdict_of_mail(found: "Inspection") -> Content:
    """Return what a mail is, in one word and its sentence."""
    tone = {"ours": "$text-success", "by-reference": "$text-warning", "earlier-attempt": "$text-warning"}
    mark = {"ours": "✓", "by-reference": "·", "earlier-attempt": "·"}.get(found.verdict.value, "✗")
    style = f"bold {tone.get(found.verdict.value, '$text-error')}"
    return Content.assemble((f"{mark} {found.verdict.value}", style), ("  ", ""), found.sentence)


def facts_of_mail(found: "Inspection") -> tuple[Line, ...]:
    """Return the reasons, and what became of the message and of what it carried."""
    lines = [Line("facts" if at == 0 else "", after=fact) for at, fact in enumerate(found.facts)]
    if found.superseded_by is not None:
        lines.append(Line("newer mail", after=found.superseded_by))
    if found.hosts:
        lines.append(Line("⚠ leads to", after=", ".join(found.hosts), tone=Tone.WARNING))
    if found.message is not None:
        number = format_customer_number(found.message.customer_id)
        lines.append(Line("customer", after=f"{number} · ⏎ opens"))
    return tuple(lines)
