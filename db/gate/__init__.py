"""The gate: who an identifier means, and whether they may come in; it only reads.

Signing in and diagnosing both ask here, so there is no second copy of P1's rules.
"""

from db.gate.accounts import Account, SignIn
from db.gate.claim import Claim, judge_claim, judge_claimed
from db.gate.judge import NOBODY, Judgement, judge, judge_customer, judge_nobody, judge_sign_in
from db.gate.reach import Obstacle, Way, ways
from db.gate.resolve import Match, Resolution, Route, resolve

__all__ = [
    "NOBODY", "Account", "Claim", "Judgement", "Match", "Obstacle", "Resolution", "Route", "SignIn", "Way",
    "judge", "judge_claim", "judge_claimed", "judge_customer", "judge_nobody", "judge_sign_in", "resolve",
    "ways",
]  # fmt: skip
