"""The tables, one family a file; nothing here writes."""

from db.models.audit import AuditDetail, AuditEvent, AuditHead
from db.models.base import Base
from db.models.contracts import Contract, Organisation, Phase, PhaseGrant, PhaseState, Representative
from db.models.customer import Address, AuthorisedPerson, Customer, CustomerStatus
from db.models.delivery import (
    Channel,
    Link,
    LinkPurpose,
    Message,
    MessageAttempt,
    MessageKind,
    MessageState,
)
from db.models.duplicates import DuplicatePair, DuplicateScan, PairState
from db.models.merge_policy import ChooseOne, KeepOne, MergePolicy, Move, Stay
from db.models.merging import CustomerMerge, MergeRow
from db.models.operators import Operator, OperatorKey, Setting
from db.models.playbooks import Playbook, Walk, WalkStep
from db.models.profiles import (
    AuthenticationProfile,
    ContactState,
    EmailProfile,
    Pass,
    PassState,
    PhoneProfile,
    SignInState,
)
from db.models.search import SearchKey, SearchRebuild, SearchTerm, SearchWord
from db.models.signin import AttemptState, CustomerSession, OneTimeCode, SignInAttempt
from db.models.work import Interaction, Note, RateHit

__all__ = [
    "Address", "AttemptState", "AuditDetail", "AuditEvent", "AuditHead", "AuthenticationProfile",
    "AuthorisedPerson", "Base", "Channel", "ChooseOne", "ContactState", "Contract", "Customer",
    "CustomerMerge", "CustomerSession", "CustomerStatus", "DuplicatePair", "DuplicateScan",
    "EmailProfile", "Interaction", "KeepOne", "Link", "LinkPurpose", "MergePolicy", "MergeRow", "Message",
    "MessageAttempt", "MessageKind", "MessageState", "Move", "Note", "OneTimeCode", "Operator",
    "OperatorKey", "Organisation", "PairState", "Pass", "PassState", "Phase", "PhaseGrant", "PhaseState",
    "PhoneProfile", "Playbook", "RateHit", "Representative", "SearchKey", "SearchRebuild", "SearchTerm",
    "SearchWord", "Setting", "SignInAttempt", "SignInState", "Stay", "Walk", "WalkStep",
]  # fmt: skip
