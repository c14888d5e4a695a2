"""Who may do what: the shipped role table, as data.

A right is what an operation asks for; the table says which roles hold it alone and which may
only ask for it by a change request. Admins edit the table within the bounds of `check_table`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an operator is; an auditor only reads."""

    SUPPORT = "support"
    LEAD = "lead"
    ADMIN = "admin"
    AUDITOR = "auditor"


SERVICE = "service"
"""The role in audit events of the product's own workers; no operator can have it."""


class Right(StrEnum):
    """A kind of act that the role table speaks about."""

    READ = "read"
    AUDIT = "audit"
    EXPORT = "export"
    NOTE = "note"
    ADD_CUSTOMER = "add-customer"
    FIRST_CONTACT = "first-contact"
    CORRECT_TYPO = "correct-typo"
    USERNAME_TO_EMAIL = "username-to-email"
    SEND = "send"
    INTERACT = "interact"
    IDENTITY = "identity"
    REPLACE_CONTACT = "replace-contact"
    MARK_CONTACT = "mark-contact"
    AUTHENTICATION_PROFILE = "authentication-profile"
    UNLOCK = "unlock"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    REPRESENTATION = "representation"
    JUDGE_DUPLICATE = "judge-duplicate"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SHORTEN_COOL_DOWN = "shorten-cool-down"
    DEDUP_MODE = "dedup-mode"
    SETTINGS = "settings"
    OPERATORS = "operators"
    SERVICE = "service"


@dataclass(frozen=True)
class Grant:
    """The lowest standing that holds a right: `alone` at once, `by_request` after approval."""

    label: str
    alone: frozenset[Role]
    by_request: frozenset[Role] = frozenset()


_EVERY_OPERATOR = frozenset(Role)
_ALL = frozenset({Role.SUPPORT, Role.LEAD, Role.ADMIN})
_LEADS = frozenset({Role.LEAD, Role.ADMIN})
_ADMINS = frozenset({Role.ADMIN})
_SUPPORT = frozenset({Role.SUPPORT})

RoleTable = Mapping[Right, Grant]

SHIPPED: RoleTable = {
    Right.READ: Grant("search and read", _EVERY_OPERATOR),
    Right.AUDIT: Grant("read the audit log", _EVERY_OPERATOR),
    Right.EXPORT: Grant("export", frozenset({Role.AUDITOR}), _LEADS),
    Right.NOTE: Grant("write notes", _ALL),
    Right.INTERACT: Grant("start and close interactions", _ALL),
    Right.ADD_CUSTOMER: Grant("add customers", _ALL),
    Right.FIRST_CONTACT: Grant("give a first email or phone", _ALL),
    Right.CORRECT_TYPO: Grant("correct typos by the typo table", _ALL),
    Right.USERNAME_TO_EMAIL: Grant("make the email the username", _ALL),
    Right.SEND: Grant("send reset and activation mails", _ALL),
    Right.IDENTITY: Grant("change name, birth date and address", _LEADS, _SUPPORT),
    Right.REPLACE_CONTACT: Grant("replace an email or phone", _LEADS, _SUPPORT),
    Right.MARK_CONTACT: Grant("mark addresses verified or bouncing", _LEADS, _SUPPORT),
    Right.AUTHENTICATION_PROFILE: Grant("change sign-ins", _LEADS, _SUPPORT),
    Right.UNLOCK: Grant("unlock sign-ins", _LEADS, _SUPPORT),
    Right.SUSPEND: Grant("suspend", _LEADS, _SUPPORT),
    Right.REACTIVATE: Grant("reactivate", _LEADS, _SUPPORT),
    Right.REPRESENTATION: Grant("change contracts and who may speak", _LEADS, _SUPPORT),
    Right.JUDGE_DUPLICATE: Grant("judge and scan for duplicates", _LEADS, _SUPPORT),
    Right.MERGE: Grant("merge customers", _LEADS, _SUPPORT),
    Right.UNMERGE: Grant("undo merges", _LEADS),
    Right.SHORTEN_COOL_DOWN: Grant("shorten another's cool-down", _LEADS),
    Right.DEDUP_MODE: Grant("change the duplicate detection", _ADMINS),
    Right.SETTINGS: Grant("change settings", _ADMINS),
    Right.OPERATORS: Grant("add and disable operators", _ADMINS),
    Right.SERVICE: Grant("work done by the product itself", frozenset()),
}

_FIXED = {Right.READ, Right.AUDIT, Right.DEDUP_MODE, Right.SETTINGS, Right.OPERATORS, Right.SERVICE}
ROLE_LABELS = {
    Role.SUPPORT: "support",
    Role.LEAD: "team lead",
    Role.ADMIN: "admin",
    Role.AUDITOR: "auditor",
}


class Standing(StrEnum):
    """What the table says to one role about one right."""

    ALONE = "alone"
    BY_REQUEST = "by-request"
    NEVER = "never"


def standing(table: RoleTable, role: str, right: Right) -> Standing:
    """Say whether `role` holds `right`; the product's own workers hold only the service right."""
    if role == SERVICE:
        return Standing.ALONE if right is Right.SERVICE else Standing.NEVER
    grant = table[right]
    if role in grant.alone:
        return Standing.ALONE
    return Standing.BY_REQUEST if role in grant.by_request else Standing.NEVER


def who_may(table: RoleTable, right: Right) -> str:
    """Name the roles that hold a right alone, for a sentence: "a team lead or an admin"."""
    article = {Role.ADMIN: "an admin", Role.AUDITOR: "an auditor", Role.LEAD: "a team lead"}
    names = [article.get(role, "support") for role in Role if role in table[right].alone]
    if not names:
        return "nobody alone"
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def check_table(table: RoleTable) -> str | None:
    """Return what is wrong with an edited table, or None.

    Bounds: an auditor never changes anything, an admin keeps every right that the shipped table
    gives, and the rights that guard the product itself stay as shipped.
    """
    for right, grant in table.items():
        shipped = SHIPPED[right]
        if right in _FIXED and (grant.alone, grant.by_request) != (shipped.alone, shipped.by_request):
            return f"Who may {shipped.label} cannot be edited."
        auditor_gains = Role.AUDITOR in (grant.alone | grant.by_request) - shipped.alone
        if auditor_gains:
            return f"An auditor only reads, so cannot be let {shipped.label}."
        if Role.ADMIN in shipped.alone and Role.ADMIN not in grant.alone:
            return f"An admin must stay able to {shipped.label}."
    return None
