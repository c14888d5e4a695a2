"""One example of each operation: what it needs in the database, and parameters that it accepts.

An operation without a line here fails `test_every_operation_has_an_example`. The database is fresh,
so the first row of each table has the id 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete

from db.engine import Database
from db.models import Operator
from db.operation import Params
from db.operations import (
    REGISTRY,
    add_authorised_person,
    add_contract,
    add_customer,
    add_email,
    add_first_admin,
    add_note,
    add_operator,
    add_phone,
    change_address,
    change_birth_date,
    change_dedup_mode,
    change_email,
    change_name,
    change_operator_role,
    change_phone,
    change_setting,
    change_typo_table,
    close_interaction,
    create_sign_in,
    disable_operator,
    grant_phase,
    judge_duplicate,
    lock_sign_in,
    merge_customers,
    reactivate_customer,
    reactivate_pass,
    record_bounce,
    record_delivery,
    record_step,
    remove_authorised_person,
    retry_message,
    revoke_phase,
    save_playbook,
    send_help_mail,
    send_sign_in_link,
    send_test_mail,
    set_username,
    shorten_cool_down,
    start_interaction,
    start_walk,
    suspend_customer,
    suspend_pass,
    take_message,
    unmerge_customers,
    username_to_email,
)
from db.operations.contact_states import ChosenEmail, ChosenPhone
from db.rules.dedup import DedupMode
from db.rules.roles import Right, Role
from db.rules.typo_edits import Part
from tests import factories
from tests.contract import planting
from tests.contract.planting import joan
from tests.contract.portal import PORTAL

FIRST, SECOND = 1, 2


@dataclass(frozen=True, kw_only=True)
class Example:
    """Valid parameters, and what is peculiar about the operation.

    `right`: what the parameters ask for where the operation decides by the data. `free`: text
    parameters that take any printable text and give it back unchanged. `names`: text parameters
    that name something which must be there. `is_own`: only the operator whose row it is may do it.
    """

    params: Params
    right: Right | None = None
    free: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    is_own: bool = False
    has_operators: bool = True


Plant = Callable[[Database], Example]


def _about_joan(kind: type[Params], values: dict[str, Any] | None = None, **more: Any) -> Plant:
    """An example about a customer that has everything; `more` is what it has instead."""
    options = {name: more.pop(name) for name in ("right", "free", "names") if name in more}

    def plant(base: Database) -> Example:
        return Example(params=kind(customer=joan(base, **more), **(values or {})), **options)

    return plant


def _alone(params: Params, **options: Any) -> Plant:
    """An example that needs nothing in the database but the operators."""
    return lambda _base: Example(params=params, **options)


def _after(
    prepare: Callable[[Database, int], object], params: Callable[[int], Params], **options: Any
) -> Plant:
    """An example about what `prepare` plants beside the customer."""

    def plant(base: Database) -> Example:
        customer = joan(base)
        prepare(base, customer)
        return Example(params=params(customer), **options)

    return plant


def _first_admin(base: Database) -> Example:
    with factories.building(base) as session:
        session.execute(delete(Operator))
    params = add_first_admin.AddFirstAdmin(id="olga", display_name="Olga", os_user="olga")
    return Example(params=params, free=frozenset({"display_name", "os_user"}), has_operators=False)


_NAME = frozenset({"given_name", "family_name"})
_PLACE = frozenset({"street", "city", "state", "postcode"})
_MAKES = {"street": "2 Oak Street", "city": "Springfield", "state": "Illinois", "postcode": "62702"}
_LEASE = "lease-0001"
PLAYBOOK = """
id = "lost-card"
title = "A lost card"
procedure = "P1"

[[steps]]
id = "card"
kind = "ask"
text = "Which card was lost?"
"""

EXAMPLES: dict[str, Plant] = {
    "add-authorised-person": _about_joan(
        add_authorised_person.AddAuthorisedPerson,
        {"given_name": "Ruth", "family_name": "Anderson", "relation": "daughter"},
        free=_NAME | {"relation"},
    ),
    "add-contract": _after(
        planting.organisation,
        lambda customer: add_contract.AddContract(
            customer=customer, organisation=FIRST, number="K-2001", **_MAKES
        ),
        free=_PLACE,
    ),
    "add-customer": _alone(
        add_customer.AddCustomer(
            given_name="Daniel",
            family_name="Okafor",
            birth_date=date(1975, 3, 9),
            email="daniel@example.org",
            phone="+1 202 555 0177",
            **_MAKES,
        ),
        free=_NAME | _PLACE,
    ),
    "add-email": _about_joan(
        add_email.AddEmail, {"email": "joan.third@example.org"}, right=Right.REPLACE_CONTACT
    ),
    "add-first-admin": _first_admin,
    "add-note": _about_joan(add_note.AddNote, {"text": "Calls from work."}, free=frozenset({"text"})),
    "add-operator": _alone(
        add_operator.AddOperator(id="olga", display_name="Olga", role=Role.SUPPORT, os_user="olga"),
        free=frozenset({"display_name", "os_user"}),
    ),
    "add-phone": _about_joan(
        add_phone.AddPhone, {"phone": "+1 202 555 0103"}, right=Right.FIRST_CONTACT, phones=()
    ),
    "change-address": _about_joan(change_address.ChangeAddress, _MAKES, free=_PLACE),
    "change-birth-date": _about_joan(change_birth_date.ChangeBirthDate, {"birth_date": date(1981, 5, 17)}),
    "change-dedup-mode": _alone(change_dedup_mode.ChangeDedupMode(mode=DedupMode.BY_EMAIL)),
    "change-email": _about_joan(
        change_email.ChangeEmail, {"email": "joan.new@example.org"}, right=Right.REPLACE_CONTACT
    ),
    "change-name": _about_joan(
        change_name.ChangeName, {"given_name": "Jo", "family_name": "Miller"}, free=_NAME
    ),
    "change-operator-role": _alone(
        change_operator_role.ChangeOperatorRole(operator="rosa", role=Role.SUPPORT),
        names=frozenset({"operator"}),
    ),
    "change-phone": _about_joan(change_phone.ChangePhone, {"phone": "+1 202 555 0104"}),
    "change-setting": _alone(change_setting.ChangeSetting(key="cool_down_hours", value="48")),
    "change-typo-table": _alone(
        change_typo_table.ChangeTypoTable(
            edit=change_typo_table.Edit.ADD, part=Part.MISSPELT_DOMAIN, wrong="gmwail.com", right="gmail.com"
        ),
        names=frozenset({"wrong", "right"}),
    ),
    "close-interaction": _after(
        planting.interaction, lambda _: close_interaction.CloseInteraction(interaction=FIRST), is_own=True
    ),
    "create-sign-in": _about_joan(create_sign_in.CreateSignIn, {"username": "joan.work"}),
    "disable-operator": _alone(
        disable_operator.DisableOperator(operator="noor"), names=frozenset({"operator"})
    ),
    "disable-sign-in": _about_joan(lock_sign_in.ChosenSignIn),
    "grant-phase": _after(
        planting.contract,
        lambda customer: grant_phase.GrantPhase(customer=customer, phase=SECOND, representative=FIRST),
    ),
    "judge-duplicate": _after(
        lambda base, _customer: factories.add_customer(base, given_name="Joanie"),
        lambda customer: judge_duplicate.JudgeDuplicate(
            customer=customer, other=customer + 1, judgement=judge_duplicate.Judgement.DISMISS
        ),
    ),
    "lock-sign-in": _about_joan(lock_sign_in.ChosenSignIn),
    "make-email-primary": _about_joan(ChosenEmail, {"profile": SECOND}),
    "make-phone-primary": _about_joan(ChosenPhone, {"profile": SECOND}),
    "mark-email-bouncing": _about_joan(ChosenEmail, {"profile": FIRST}),
    "mark-email-verified": _about_joan(
        ChosenEmail, {"profile": FIRST}, emails=[("joan@example.org", "unverified")]
    ),
    "mark-phone-bouncing": _about_joan(ChosenPhone, {"profile": FIRST}),
    "mark-phone-verified": _about_joan(
        ChosenPhone, {"profile": FIRST}, phones=[("+1 202 555 0101", "unverified")]
    ),
    "merge-customers": _after(
        planting.double,
        lambda customer: merge_customers.MergeCustomers(customer=customer, absorbed="C-2"),
        names=frozenset({"absorbed", "left_emails", "left_phones"}),
    ),
    "reactivate-customer": _about_joan(reactivate_customer.ReactivateCustomer, status="suspended"),
    "reactivate-pass": _about_joan(
        reactivate_pass.ReactivatePass, {"pass_row": FIRST}, passes=[("P-1001", "suspended")]
    ),
    "record-bounce": _after(
        lambda base, customer: planting.message(base, customer, "sent"),
        lambda _: record_bounce.RecordBounce(key=planting.KEY, action="failed", words="5.1.1 No such user"),
        free=frozenset({"words"}),
        names=frozenset({"key"}),
    ),
    "record-delivery": _after(
        lambda base, customer: planting.message(base, customer, "sending", lease=_LEASE),
        lambda _: record_delivery.RecordDelivery(
            message=FIRST, lease=_LEASE, outcome="deferred", reply="451 try later"
        ),
        free=frozenset({"reply"}),
        names=frozenset({"lease"}),
    ),
    "record-step": _after(
        planting.walk,
        lambda _: record_step.RecordStep(walk=FIRST, step="search", answer="Joan, her phone"),
        free=frozenset({"answer"}),
        names=frozenset({"step"}),
        is_own=True,
    ),
    "remove-authorised-person": _after(
        planting.authorised_person,
        lambda customer: remove_authorised_person.RemoveAuthorisedPerson(customer=customer, person=FIRST),
    ),
    "remove-email": _after(planting.posted, lambda who: ChosenEmail(customer=who, profile=FIRST)),
    "remove-phone": _after(planting.posted, lambda who: ChosenPhone(customer=who, profile=FIRST)),
    "retry-message": _after(
        lambda base, customer: planting.message(base, customer, "failed"),
        lambda customer: retry_message.RetryMessage(customer=customer, message=FIRST),
    ),
    "revoke-phase": _after(
        planting.contract, lambda customer: revoke_phase.RevokePhase(customer=customer, grant=FIRST)
    ),
    "save-playbook": _alone(
        save_playbook.SavePlaybook(source=PLAYBOOK, retired=True), names=frozenset({"source"})
    ),
    "send-confirmation": _about_joan(
        ChosenEmail, {"profile": FIRST}, emails=[("joan@example.org", "unverified")]
    ),
    "send-help-mail": _about_joan(
        send_help_mail.SendHelpMail, {"text": "Try another browser."}, free=frozenset({"text"})
    ),
    "send-sign-in-link": _about_joan(send_sign_in_link.SendSignInLink),
    "send-test-mail": _about_joan(send_test_mail.SendTestMail),
    "set-username": _about_joan(set_username.SetUsername, {"username": "joan.new"}),
    "shorten-cool-down": _after(
        lambda base, _customer: planting.cool_down(base, FIRST),
        lambda customer: shorten_cool_down.ShortenCoolDown(customer=customer, email_profile=FIRST, hours=2),
    ),
    "start-interaction": _about_joan(
        start_interaction.StartInteraction,
        {"channel": "phone", "inbound_identifier": "+1 202 555 0101", "ticket": "T-1"},
        free=frozenset({"inbound_identifier", "ticket"}),
    ),
    "start-walk": _after(
        planting.interaction,
        lambda customer: start_walk.StartWalk(
            playbook="p4-never-enrol-twice", interaction=FIRST, customer=customer
        ),
        names=frozenset({"playbook"}),
        is_own=True,
    ),
    "suspend-customer": _about_joan(suspend_customer.SuspendCustomer),
    "suspend-pass": _about_joan(suspend_pass.SuspendPass, {"pass_row": FIRST}),
    "take-message": _after(
        lambda base, customer: planting.message(base, customer, "queued"),
        lambda _: take_message.TakeMessage(message=FIRST, lease=_LEASE, secret_hash="ab" * 32),
    ),
    "unmerge-customers": _after(
        planting.merged,
        lambda customer: unmerge_customers.UnmergeCustomers(customer=customer),
        names=frozenset({"choices"}),
    ),
    "unlock-sign-in": _about_joan(lock_sign_in.ChosenSignIn, sign_ins=[("joan.anderson", "locked")]),
    "username-to-email": _about_joan(username_to_email.UsernameToEmail),
}
EXAMPLES |= {name: _after(prepare, params) for name, (prepare, params) in PORTAL.items()}

NAMES = sorted(EXAMPLES.keys() & REGISTRY.keys())
