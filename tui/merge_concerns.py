"""What to know before a merge: what stands in the way, with its key, and how far each pair agrees and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from db.duplicates.levels import Field
from db.duplicates.score import FIELDS
from db.merging.blocker import Blocker, BlockerKind
from db.rules.identifiers import format_customer_number
from tui.merge_words import in_words, number_list
from tui.widgets.diff import Line, Tone

if TYPE_CHECKING:
    from db.duplicates.score import Part, Score
    from tui.merging import MergeStart, PairScore

BAR: Final = 10
FULL_BITS: Final = 20.0
_ENDS_LINKS: Final = "⏎ let it end"
_ASKS: Final = ": allow that, or wait until it was used."
_STANDS: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Concern:
    """A line above the choices: a blocker, a warning, or the score of a pair; `key` says what ⏎ does."""

    id: str
    sentence: str
    tone: Tone
    key: str = ""
    blocker: Blocker | None = None
    pair: tuple[int, int] | None = None


def concerns(start: "MergeStart", blockers: Sequence[Blocker], *, ends_links: bool) -> tuple[Concern, ...]:
    """Return what stops, what to mind, and how far each pair agrees."""
    found = [
        Concern(
            id=f"{each.kind.value}-{'-'.join(map(str, each.customers))}-{place}",
            sentence=_allowed(_without_parameters(each.sentence), ends_links=ends_links),
            tone=Tone.DANGER if each.stops else Tone.WARNING,
            key=_key_of(each, len(start.proposal.accounts), ends_links=ends_links),
            blocker=each,
        )
        for place, each in enumerate(blockers)
    ]
    sure = [each for each in start.scores if each.is_likely and not _is_of_household(each.score)]
    doubtful = [each for each in start.scores if each not in sure]
    likely = [_of_likely(sure, start.threshold)] if sure else []
    return (*found, *(_of_pair(each, start.threshold) for each in doubtful), *likely)


def _allowed(sentence: str, *, ends_links: bool) -> str:
    """What was allowed is not asked for any more."""
    return sentence.replace(_ASKS, ", as you allow.") if ends_links else sentence


def _without_parameters(sentence: str) -> str:
    """The command line's names of parameters mean nothing here: the key beside it does the same."""
    for name in ("sign_in", "end_links", "left_emails", "left_phones", "suspend-pass", "send-confirmation",
                 "reactivate-customer", "reactivate-pass", "unlock-sign-in"):  # fmt: skip
        sentence = sentence.replace(f" ({name})", "")
    return sentence


def _key_of(blocker: Blocker, people: int, *, ends_links: bool) -> str:
    kind = blocker.kind
    if kind is BlockerKind.OPEN_LINK:
        return "⏎ not yet" if ends_links else _ENDS_LINKS
    if kind is BlockerKind.CONTACT_HELD:
        return "⏎ leave it behind · m merge them too"
    if kind is BlockerKind.ALREADY_MERGED:
        return "⏎ take the survivor"
    if kind in (BlockerKind.ERASED, BlockerKind.OWN_RECORD) and people > 2:
        return "⏎ leave them out"
    named = {
        BlockerKind.TWO_SIGN_INS: "⏎ choose below",
        BlockerKind.SAME_PASS_TWICE: "⏎ suspend one",
        BlockerKind.ONE_CARD_EACH: "⏎ suspend one",
        BlockerKind.TAKEOVER_FLAG: "⏎ open them",
        BlockerKind.OPEN_INTERACTION: "⏎ open them",
    }
    return named.get(kind, "")


def _of_pair(pair: "PairScore", threshold: float) -> Concern:
    rating = pair.score
    one, other = format_customer_number(pair.survivor), format_customer_number(pair.other)
    sentence = (
        f"{_doubt(rating)} {one} and {other} score {signed(rating.weight)}, likely from {threshold:.0f} on."
    )
    return Concern(
        id=f"pair-{pair.other}",
        sentence=sentence,
        tone=Tone.WARNING,
        key="w why · . two people",
        pair=(pair.survivor, pair.other),
    )


_SHARED: Final = {Field.PHONE: "phone", Field.EMAIL: "email", Field.ADDRESS: "address"}


def _of_likely(pairs: Sequence["PairScore"], threshold: float) -> Concern:
    """Say in one line of all who look like one person with the survivor."""
    numbers = number_list((pairs[0].survivor, *(each.other for each in pairs)))
    weights = sorted(each.score.weight for each in pairs)
    span = signed(weights[0]) if len(weights) == 1 else f"{signed(weights[0])} to {signed(weights[-1])}"
    sentence = f"{numbers} look like one person: score {span}, likely from {threshold:.0f} on."
    only = (pairs[0].survivor, pairs[0].other) if len(pairs) == 1 else None
    return Concern(id="likely", sentence=sentence, tone=Tone.QUIET, key="w why", pair=only)


def _is_of_household(rating: "Score") -> bool:
    return _doubt(rating).startswith("Other")


def _doubt(rating: "Score") -> str:
    """Name what looks like a household: another given name, and something that is shared at home."""
    by_field = {FIELDS[part.label]: part for part in rating.parts if part.label in FIELDS}
    given = by_field.get(Field.GIVEN)
    shared = [word for field, word in _SHARED.items() if field in by_field and by_field[field].bits > 0]
    if given is not None and given.bits < 0 and shared:
        return f"Other given name, same {in_words(shared)}: a household, not a duplicate?"
    return "Too little agrees: are they one person?"


def why_lines(start: "MergeStart", names: "dict[int, str]") -> tuple[Line, ...]:
    """Return each pair's score field by field, with a bar each."""
    lines: list[Line] = []
    for pair in start.scores:
        lines += [Line("", after="")] if lines else []
        verdict = "likely one person" if pair.is_likely else "not likely one person"
        one, other = names.get(pair.survivor, ""), names.get(pair.other, "")
        title = f"{signed(pair.score.weight)} bits, {verdict} (from {start.threshold:.0f} on)"
        numbers = (
            f"{format_customer_number(pair.survivor)} {one} ~ {format_customer_number(pair.other)} {other}"
        )
        tone = Tone.GOOD if pair.is_likely else Tone.WARNING
        lines += [Line("pair", after=numbers), Line("score", after=title, tone=tone)]
        lines += [_part(part) for part in pair.score.parts if abs(part.bits) >= _STANDS or part.what]
    return tuple(lines)


def _part(part: "Part") -> Line:
    told = f"{signed(part.bits):>6} {bar(part.bits)} {part.what or 'rule'}"
    return Line(part.label, after=told, tone=_tone(part.bits))


def _tone(bits: float) -> Tone:
    return Tone.GOOD if bits > _STANDS else Tone.WARNING if bits < -_STANDS else Tone.QUIET


def signed(bits: float) -> str:
    """Return bits of evidence with their sign."""
    return f"{'−' if bits < 0 else '+'}{abs(bits):.1f}"


def bar(bits: float) -> str:
    """Return a bar as long as the evidence; that against is hollow."""
    length = min(round(abs(bits) / FULL_BITS * BAR), BAR)
    return ("▓" if bits > 0 else "░") * length + " " * (BAR - length)
