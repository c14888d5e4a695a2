"""The customer's own door: signing in, links, claiming an account and sessions, for a portal to call.

Everything that decides is asked of `db.gate`, and everything that changes goes through the one door of
`db.runner`. Whatever fails, the customer reads one sentence, so that nobody learns who has an account.
How a portal calls this: docs/portal.md.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from db import gate, hashing, runner
from db.actor import service
from db.applied import Applied
from db.codes import hash_code, plain_code
from db.delivery.links import hash_secret, new_secret
from db.engine import Database
from db.errors import Clash, Invalid, Refused, Unknown
from db.gate.links import LiveLink, live_link
from db.models import Channel, LinkPurpose
from db.operation import Params
from db.operations import REGISTRY
from db.operations.begin_sign_in import BeginSignIn
from db.operations.check_code import CheckCode
from db.operations.check_password import CheckPassword
from db.operations.claim_account import ClaimAccount
from db.operations.confirm_address import ConfirmAddress
from db.operations.end_session import EndSession
from db.operations.open_link import OpenLink
from db.operations.redeem_link import RedeemLink
from db.operations.send_code import SendCode
from db.queries.signing_in import (
    AttemptStanding,
    SignedIn,
    attempt_standing,
    credentials_of,
    guessable,
    signed_in,
)
from db.rules import Malformed
from db.rules.passwords import check_password
from db.rules.policy import Policy
from db.settings import load_policy
from db.steps import (
    CLAIMED,
    CONFIRMED,
    LINK_OVER,
    PASSWORD_SET,
    Answer,
    Need,
    Step,
    first_step,
    next_step,
    not_sent,
)

__all__ = ["Answer", "CustomerDoor", "Need", "SignedIn", "Step"]

_FAILURES = (Invalid, Unknown, Refused, Clash)
_MAX_CANDIDATE = 512
"""Characters of a password that are checked; a longer one cannot be right, and costs the same."""


class CustomerDoor:
    """What a portal calls, one call for each thing a customer does; any thread may call.

    `code_key` is what one-time codes are kept under (`db.codes.load_key`). Every method raises
    `Unavailable` where the database fails, and `ReadOnly` on a read-only one; nothing else. `pause` lets
    seconds pass, until an answer has taken as long as the policy says.
    """

    def __init__(
        self,
        database: Database,
        code_key: bytes,
        *,
        name: str = "portal",
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._database, self._key, self._pause = database, code_key, pause
        self._actor = service(name)
        self._nobodys_hash = hashing.placeholder_hash()

    def begin(self, identifier: str) -> Step:
        """Take an email, a username or a pass id; an unknown one begins like any other."""
        token = new_secret()
        with self._evenly() as (policy, now):
            with self._database.reading() as connection:
                judged = gate.judge(connection, identifier, policy, now)
                if judged.account is None:
                    gate.judge_nobody(connection, policy, now)
            route = None if judged.resolution is None else judged.resolution.route
            params = BeginSignIn(
                kind="unknown" if route is None else route.value,
                case=judged.case,
                customer=None if judged.account is None else judged.account.customer_id,
                sign_in=judged.sign_in.id if judged.lets_in and judged.sign_in is not None else None,
                token_hash=_digest(token),
            )
            self._tried("begin-sign-in", params)
        return first_step(policy.sign_in_order, token)

    def enter_password(self, token: str, password: str) -> Step:
        """Check the password by exactly one hash, whoever it is (R15); then a code is on its way."""
        with self._evenly() as (policy, _):
            with self._database.reading() as connection:
                found = credentials_of(connection, _digest(token))
            hashed = self._nobodys_hash if found is None else found.password_hash
            fits = len(password) <= _MAX_CANDIDATE
            is_right = (
                hashing.verify_password(password if fits else "", hashed) and fits and found is not None
            )
            session = new_secret()
            params = CheckPassword(
                token_hash=_digest(token),
                is_right=is_right,
                credential_version=0 if found is None else found.version,
                session_hash=_digest(session),
                new_hash=hashing.hash_password(password)
                if is_right and hashing.needs_rehash(hashed)
                else None,
            )
            return self._went_on("check-password", params, "password_right_at", token, session, policy)

    def resend(self, token: str) -> Step:
        """Send another code the way the last one went; the one before stops working."""
        with self._evenly() as (policy, _):
            standing = self._standing(token)
            return self._send(token, None if standing is None else standing.channel, policy)

    def use_email_instead(self, token: str) -> Step:
        """Send another code by mail (P3); the one before stops working."""
        with self._evenly() as (policy, _):
            return self._send(token, Channel.EMAIL, policy)

    def enter_code(self, token: str, code: str) -> Step:
        """Check the code that was sent last in this attempt."""
        with self._evenly() as (policy, _):
            standing, session = self._standing(token), new_secret()
            code_id = 0 if standing is None else standing.code_id or 0
            params = CheckCode(
                token_hash=_digest(token),
                code=code_id,
                code_hash=hash_code(self._key, code_id, plain_code(code)),
                session_hash=_digest(session),
            )
            return self._went_on("check-code", params, "code_right_at", token, session, policy)

    def open_link(self, secret: str, purpose: LinkPurpose) -> Answer:
        """Say whether a link works, and write down that it was opened; that does not use it up."""
        live = self._live(secret, purpose)
        if live is None:
            return Answer(False, LINK_OVER)
        if not live.is_opened:
            self._tried("open-link", OpenLink(secret_hash=_digest(secret)))
        return Answer(True)

    def set_password(self, secret: str, purpose: LinkPurpose, password: str) -> Answer:
        """Use a reset or activation link up; a password against the rules leaves it as it was (R24).

        Nobody is signed in by it (R21).
        """
        live = self._live(secret, purpose)
        if live is None or live.purpose is LinkPurpose.CONFIRM:
            return Answer(False, LINK_OVER)
        with self._database.reading() as connection:
            context = guessable(connection, live.customer_id)
        try:
            accepted = check_password(password, context=context)
        except Malformed as error:
            return Answer(False, error.sentence)
        params = RedeemLink(secret_hash=_digest(secret), password_hash=hashing.hash_password(accepted))
        if self._tried("redeem-link", params) is None:
            return Answer(False, LINK_OVER)
        return Answer(True, PASSWORD_SET)

    def confirm(self, secret: str) -> Answer:
        """Use a confirmation link up."""
        if self._tried("confirm-address", ConfirmAddress(secret_hash=_digest(secret))) is None:
            return Answer(False, LINK_OVER)
        return Answer(True, CONFIRMED)

    def claim(self, claim: gate.Claim) -> Answer:
        """Look for the account that somebody says is theirs; the answer never says whether there is one."""
        with self._evenly() as (policy, now):
            with self._database.reading() as connection:
                judged = gate.judge_claim(connection, claim, policy, now)
                if judged.account is None:
                    gate.judge_nobody(connection, policy, now)
            params = ClaimAccount(
                case=judged.case,
                customer=None if judged.account is None else judged.account.customer_id,
                placeholder_hash=hashing.placeholder_hash(),  # made each time: its time tells nothing
            )
            self._tried("claim-account", params)
        return Answer(True, CLAIMED)

    def session(self, token: str) -> SignedIn | None:
        """Return whose session it is; None once it is over, or its customer may not be in any more."""
        with self._database.reading() as connection:
            return signed_in(connection, _digest(token), self._database.clock(connection))

    def sign_out(self, token: str) -> None:
        """End a session; one that is over already stays so."""
        self._tried("end-session", EndSession(session_hash=_digest(token)))

    @contextmanager
    def _evenly(self) -> Iterator[tuple[Policy, datetime]]:
        """Give policy and time, and let an answer take as long as any other (A26).

        What it does differs with what it finds, down to the rows that it writes; so all answers come as
        late as the slowest usually does.
        """
        start = time.monotonic()
        with self._database.reading() as connection:
            policy, now = load_policy(connection), self._database.clock(connection)
        try:
            yield policy, now
        finally:
            self._pause(max(0.0, start + policy.answer_milliseconds / 1000 - time.monotonic()))

    def _send(self, token: str, channel: Channel | None, policy: Policy) -> Step:
        applied = self._tried("send-code", SendCode(token_hash=_digest(token), channel=channel))
        step = self._now_at(token, policy, has_failed=False)
        return step if applied is not None else not_sent(step)

    def _went_on(
        self, operation: str, params: Params, proof: str, token: str, session: str, policy: Policy
    ) -> Step:
        """Return where the attempt stands after a step; `proof` is the field that a right answer fills."""
        applied = self._tried(operation, params)
        changed = set() if applied is None else {change.field for change in applied.changes}
        if "customer_session.created_at" in changed:
            return Step(Need.NOTHING, session=session)
        return self._now_at(token, policy, has_failed=f"sign_in_attempt.{proof}" not in changed)

    def _now_at(self, token: str, policy: Policy, *, has_failed: bool) -> Step:
        return next_step(self._standing(token), policy.sign_in_order, token, has_failed=has_failed)

    def _standing(self, token: str) -> AttemptStanding | None:
        with self._database.reading() as connection:
            return attempt_standing(connection, _digest(token), self._database.clock(connection))

    def _live(self, secret: str, purpose: LinkPurpose) -> LiveLink | None:
        with self._database.reading() as connection:
            live = live_link(connection, _digest(secret), self._database.clock(connection))
        return live if live is not None and live.purpose is purpose else None

    def _tried(self, operation: str, params: Params) -> Applied | None:
        """Run an operation; None where the rules say no, for reasons that are not the customer's."""
        request = runner.Request(
            actor=self._actor, operation=REGISTRY[operation], params=params, reason="by the customer"
        )
        try:
            return runner.run(self._database, request)
        except _FAILURES:
            return None


def _digest(secret: str) -> str:
    """Return what the database knows a token or the end of a link by; anything may have been sent."""
    return hash_secret(secret if secret.isascii() else "")
