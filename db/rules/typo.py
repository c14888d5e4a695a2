"""Proposes the corrections of a mistyped email address that the typo table allows (P3, R30)."""

import re
from collections.abc import Callable, Mapping

import msgspec

from db.rules import Malformed
from db.rules.email import MAX_LENGTH, parse_email

_MAX_TYPED = MAX_LENGTH + 16
"""Characters worth looking at: an address and some strays around it."""


class TypoRule(msgspec.Struct, frozen=True):
    """One line of the typo table; taking the line out of a table switches the rule off."""

    id: str
    label: str
    example: tuple[str, str]


class TypoTable(msgspec.Struct, frozen=True):
    """The typo table as policy data: which rules apply, and the domains they know. Domains are in lower case.

    `misspelt` and `swapped` map a wrong domain to the right one, `bare` a provider's name to its domain;
    `misspelt_endings` are wrong endings of any of the known `domains`.
    """

    rules: tuple[TypoRule, ...]
    domains: tuple[str, ...]
    misspelt: dict[str, str]
    misspelt_endings: dict[str, str]
    bare: dict[str, str]
    swapped: dict[str, str]


class Correction(msgspec.Struct, frozen=True):
    """One allowed correction: the rule's id, and the whole address before and after."""

    rule: str
    before: str
    after: str


def _inverted(right_to_wrong: Mapping[str, str]) -> dict[str, str]:
    return {wrong: right for right, all_wrong in right_to_wrong.items() for wrong in all_wrong.split()}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_RULES = (
    TypoRule(
        "stray-characters", "Spaces, stray quotes, trailing punctuation", ("joan @x.org.", "joan@x.org")
    ),
    TypoRule("dots", "Missing or doubled dot, comma for dot in the domain", ("joan@x,org", "joan@x.org")),
    TypoRule("missing-ending", "Missing ending of a known provider", ("joan@gmail", "joan@gmail.com")),
    TypoRule("misspelt-domain", "Misspelt well-known domain", ("joan@gmial.com", "joan@gmail.com")),
    TypoRule("swapped-ending", "Swapped ending of a known provider", ("joan@yahoo.co", "joan@yahoo.com")),
)

_DOMAINS = _listed(
    """
    gmail.com googlemail.com hotmail.com hotmail.co.uk outlook.com live.com msn.com yahoo.com yahoo.co.uk
    ymail.com icloud.com me.com mac.com aol.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net
    cox.net charter.net earthlink.net protonmail.com proton.me gmx.com gmx.de gmx.net web.de
    """
)

_MISSPELT = _inverted(
    {
        "gmail.com": """
            gmial.com gmai.com gmal.com gmil.com gmali.com gmaill.com gmaul.com gmaol.com gnail.com gmaik.com
            gmsil.com gamil.com gamail.com ggmail.com gmmail.com gmaiil.com gmaail.com gimail.com gemail.com
            gmeil.com gmael.com gmaio.com gmaip.com gmwil.com gmqil.com gmauil.com gmaile.com gmails.com
            gmailc.om
        """,
        "googlemail.com": "googelmail.com gogglemail.com googlmail.com googlemial.com",
        "hotmail.com": """
            hotmial.com hotmal.com hotmil.com hotmai.com hotmali.com hotamil.com hotmaill.com hormail.com
            hotnail.com hotmsil.com homail.com htomail.com hotmaik.com hoymail.com hitmail.com hptmail.com
            hotmeil.com hotmaul.com hotmaol.com htmail.com hotail.com hottmail.com hotmmail.com hotmails.com
        """,
        "outlook.com": """
            outlok.com outloook.com oulook.com outllok.com outlokk.com outlool.com ouutlook.com otulook.com
            utlook.com putlook.com iutlook.com oultook.com outloo.com outtlook.com
        """,
        "yahoo.com": """
            yaho.com yhoo.com yahooo.com yaoo.com yhaoo.com yaho0.com yahho.com yahpo.com yajoo.com tahoo.com
            uahoo.com yahoi.com yahol.com ahoo.com yahhoo.com yaahoo.com yayoo.com yshoo.com
        """,
        "icloud.com": """
            iclod.com iclould.com icoud.com iclud.com icluod.com icolud.com iclooud.com icloudd.com icliud.com
            icloid.com ilcoud.com
        """,
        "aol.com": "aoll.com aoil.com aool.com",
        "comcast.net": "comcats.net comcat.net concast.net comast.net comcst.net comcasr.net",
        "verizon.net": "verizin.net verzion.net verison.net veriozn.net",
        "sbcglobal.net": "sbcgloabl.net sbcglobl.net sbglobal.net scbglobal.net",
        "protonmail.com": "protonmial.com protonmal.com protomail.com protonmai.com",
    }
)

_MISSPELT_ENDINGS = _inverted(
    {
        "com": "con cmo ocm cim vom xom comm coom cpm clm cmom copm ccom coml c0m",
        "net": "ner nte ent met bet nett",
    }
)

_BARE = _inverted(
    {
        f"{name}.{ending}": name
        for ending, names in {
            "com": "gmail googlemail hotmail outlook yahoo ymail icloud aol msn protonmail",
            "net": "comcast sbcglobal verizon",
        }.items()
        for name in names.split()
    }
)

# Only endings that belong to nobody's mail: yahoo.co.uk and gmx.net are as right as yahoo.com.
_SWAPPED = _inverted(
    {
        "gmail.com": "gmail.co gmail.cm gmail.om gmail.net gmail.org",
        "googlemail.com": "googlemail.co googlemail.net",
        "hotmail.com": "hotmail.co hotmail.cm hotmail.om hotmail.net hotmail.org",
        "outlook.com": "outlook.co outlook.cm outlook.om outlook.net outlook.org",
        "yahoo.com": "yahoo.co yahoo.cm yahoo.om yahoo.net yahoo.org",
        "icloud.com": "icloud.co icloud.cm icloud.om icloud.net icloud.org",
        "aol.com": "aol.co aol.cm aol.om aol.net",
        "comcast.net": "comcast.ne",
        "sbcglobal.net": "sbcglobal.com sbcglobal.ne",
        "verizon.net": "verizon.ne",
    }
)

SHIPPED = TypoTable(
    rules=_RULES,
    domains=_DOMAINS,
    misspelt=_MISSPELT,
    misspelt_endings=_MISSPELT_ENDINGS,
    bare=_BARE,
    swapped=_SWAPPED,
)

_Step = Callable[[str, TypoTable], str | None]

_DOTS_AND_COMMAS = re.compile(r"[.,]+")
_DOUBLE_QUOTES = re.compile('["“”„«»]')
_SINGLE_QUOTES = "'`‘’‚´"
_TRAILING = ".,;:!?)>]"


def propose(typed_address: str, table: TypoTable = SHIPPED) -> list[Correction]:
    """Every correction that one rule of the table alone allows, in the table's order.

    Each gives an acceptable address; whether somebody else holds it is for the caller to ask (R30). The local
    part is never altered, save for spaces and stray quotes. An address that needs two rules gets nothing:
    it is a replacement. An answer to a text that is no address at all is an empty list.
    """
    if len(typed_address) > _MAX_TYPED:
        return []
    corrections: list[Correction] = []
    for rule in table.rules:
        apply = _APPLY.get(rule.id)
        after = apply(typed_address, table) if apply else None
        if after and after != typed_address and _is_acceptable(after):
            corrections.append(Correction(rule=rule.id, before=typed_address, after=after))
    return corrections


def permits(before: str, after: str, table: TypoTable = SHIPPED) -> Correction | None:
    """The one correction that turns `before` into `after`, or None where that is a replacement.

    The case of the domain is forgiven, that of the local part is not.
    """
    wanted = _split(after.strip(" "))
    if wanted is None:
        return None
    return next((found for found in propose(before, table) if _split(found.after) == wanted), None)


def _split(address: str) -> tuple[str, str] | None:
    """Local part as it stands and domain in lower case; None unless there is exactly one @ between them."""
    local, _, domain = address.partition("@")
    return (local, domain.lower()) if local and domain and "@" not in domain else None


def _is_acceptable(address: str) -> bool:
    try:
        parse_email(address)
    except Malformed:
        return False
    return True


def _without_strays(address: str, table: TypoTable) -> str | None:
    text = _DOUBLE_QUOTES.sub("", "".join(address.split()))
    text = text.lstrip(_SINGLE_QUOTES).rstrip(_TRAILING + _SINGLE_QUOTES)
    local, at, domain = text.partition("@")
    if not at:
        return None
    # An apostrophe is a letter of a local part (o'brien), unless it closes what another one opened.
    if address.lstrip().startswith(tuple(_SINGLE_QUOTES)):
        local = local.rstrip(_SINGLE_QUOTES)
    return f"{local}@{domain}"


def _with_single_dots(address: str, table: TypoTable) -> str | None:
    parts = _split(address)
    if parts is None:
        return None
    local, domain = parts
    undotted = {known.replace(".", ""): known for known in table.domains}
    right = undotted.get(domain) or _DOTS_AND_COMMAS.sub(".", domain)
    return f"{local}@{right}" if right != domain else None


def _by_domain(right_domain: _Step) -> _Step:
    def apply(address: str, table: TypoTable) -> str | None:
        parts = _split(address)
        right = right_domain(parts[1], table) if parts else None
        return f"{parts[0]}@{right}" if parts and right else None

    return apply


def _spelt_right(domain: str, table: TypoTable) -> str | None:
    name, _, ending = domain.rpartition(".")
    candidate = f"{name}.{table.misspelt_endings.get(ending, '')}"
    return table.misspelt.get(domain) or (candidate if candidate in table.domains else None)


_APPLY: dict[str, _Step] = {
    "stray-characters": _without_strays,
    "dots": _with_single_dots,
    "missing-ending": _by_domain(lambda domain, table: table.bare.get(domain)),
    "misspelt-domain": _by_domain(_spelt_right),
    "swapped-ending": _by_domain(lambda domain, table: table.swapped.get(domain)),
}
