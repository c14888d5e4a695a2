"""Why somebody cannot sign in: the verdict, what it rests on, and what to do, for the operator.

The verdict is the gate's, asked as signing in asks it; nothing here decides it a second time (P1).
"""

from db.diagnosis.beside import Beside
from db.diagnosis.best import Best
from db.diagnosis.diagnose import Diagnosis, Verdict, diagnose
from db.diagnosis.evidence import AccountEvidence, Failure, SignInEvidence, WayEvidence
from db.diagnosis.fix import Fix
from db.diagnosis.links import LinkEvidence
from db.diagnosis.nearest import Nearest
from db.gate.question import Judged, Question, judge_question

__all__ = [
    "AccountEvidence", "Beside", "Best", "Diagnosis", "Failure", "Fix", "Judged", "LinkEvidence", "Nearest",
    "Question", "SignInEvidence", "Verdict", "WayEvidence", "diagnose", "judge_question",
]  # fmt: skip
