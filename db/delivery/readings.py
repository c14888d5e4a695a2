"""Reads a pasted mail in every way in which people paste one: its text, its links, and what it names.

Raw source, quoted-printable and base64 parts, mails forwarded as attachments, quoted with "> ", and links
that another program has wrapped in its own. Nothing of it is kept, and a secret leaves here as a hash only.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message as Part
from email.policy import compat32
from urllib.parse import unquote, urlsplit

from db.delivery.links import hash_secret
from db.models import LinkPurpose
from db.rules.identifiers import find_references

MAX_CHARACTERS = 1_000_000
MAX_PARTS = 50
MAX_LINKS = 200
_PURPOSES = "|".join(purpose.value for purpose in LinkPurpose)
MAX_BOUNDARIES = 40
MAX_HEADER = 4_000
# An address that leads to one of our pages, on whatever host; a line break may stand inside its secret.
# It begins with fixed letters: a scheme of any letters would be sought anew from each letter of a long run.
_OURS = re.compile(
    rf"(https?://[^\s/?#<>\"']{{1,300}})/({_PURPOSES})/([A-Za-z0-9_-]{{8,128}})((?:=?\r?\n[A-Za-z0-9_-]{{1,128}})?)",
    re.IGNORECASE,
)
_ANY_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}", re.IGNORECASE)
_KEY = re.compile(r"<?\b([0-9a-f]{32})@[A-Za-z0-9.-]{1,253}")
_QUOTE_MARKS = re.compile(r"^(?:[ \t]*[>|])+ ?", re.MULTILINE)
_SOFT_BREAK = re.compile(r"=\r?\n")
_HEX = re.compile(r"=([0-9A-F]{2})")
_BOUNDARY = re.compile(r"boundary[\s*0-9]*=", re.IGNORECASE)
_CONTENT_HEADER = re.compile(r"^content-.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_LINE_END = re.compile(r"\r\n?")
_ENDLESS_ENTITY = re.compile(r"&#[0-9]{1000,};?")
_HEADER = re.compile(
    r"^(?:received|from|to|subject|date|mime-version|message-id|return-path|content-type|delivered-to):",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class PastedLink:
    """An address of one of our pages: the host that it leads to, and hashes of what may be its secret."""

    host: str
    purpose: str
    hashes: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What was found in a pasted mail; `hosts` are those of all its links, ours among them."""

    references: tuple[str, ...]
    keys: tuple[str, ...]
    links: tuple[PastedLink, ...]
    hosts: tuple[str, ...]


def read_pasted(text: str) -> Reading:
    """Read what was pasted, at most `MAX_CHARACTERS` of it; never raises for what stands in it."""
    texts = tuple(dict.fromkeys(_texts(text[:MAX_CHARACTERS])))
    links: dict[tuple[str, str], set[str]] = {}
    for one in texts:
        for found in _OURS.finditer(one):
            if len(links) < MAX_LINKS:
                known = links.setdefault((_host(found[1]), found[2].lower()), set())
                known.update(_hashes(found[3], found[4]))
    return Reading(
        references=tuple(dict.fromkeys(name for one in texts for name in find_references(one))),
        keys=tuple(dict.fromkeys(key for one in texts for key in _KEY.findall(one)))[:MAX_LINKS],
        links=tuple(PastedLink(*place, tuple(sorted(hashes))) for place, hashes in links.items()),
        hosts=tuple(dict.fromkeys(host for one in texts for host in _hosts(one)))[:MAX_LINKS],
    )


def may_be_parsed(source: str) -> bool:
    """Tell whether the standard parser reads this in time that grows with its length alone.

    It compares each line with the boundary of every multipart around it, and looks through a content header
    once more for each semicolon: at most `MAX_BOUNDARIES` of the one, `MAX_HEADER` characters of the other.
    """
    for place, _found in enumerate(_BOUNDARY.finditer(source)):
        if place >= MAX_BOUNDARIES:
            return False
    headers = _CONTENT_HEADER.finditer(_LINE_END.sub("\n", source))
    return all(found.end() - found.start() <= MAX_HEADER for found in headers)


def _hashes(secret: str, wrapped: str) -> Iterator[str]:
    """A line that was broken inside the secret is read both ways."""
    yield hash_secret(secret)
    if wrapped:
        yield hash_secret(secret + wrapped.lstrip("=\r\n"))


def _hosts(text: str) -> Iterator[str]:
    for found in _ANY_LINK.findall(text)[:MAX_LINKS]:
        yield _host(found)


def _host(address: str) -> str:
    """Scheme and host in small letters, as reached: `https://a.example@b.example` leads to the latter."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    return f"{parts.scheme.lower()}://{(parts.hostname or '').lower()}{port}"


def _texts(pasted: str) -> Iterator[str]:
    """Every way to read it, plainest first."""
    for text in (pasted, _QUOTE_MARKS.sub("", pasted)):
        yield text
        yield _decoded(text)
        yield from _parts(text)
    for text in (pasted, _decoded(_QUOTE_MARKS.sub("", pasted))):
        yield unquote(_unescaped(text))


def _decoded(text: str) -> str:
    """Quoted-printable, as far as links and references need it."""
    return _HEX.sub(lambda found: chr(int(found[1], 16)), _SOFT_BREAK.sub("", text))


def _unescaped(text: str) -> str:
    """HTML's entities as characters, but for numbers so long that Python refuses to read them."""
    return html.unescape(_ENDLESS_ENTITY.sub("\ufffd", text))


def _parts(text: str) -> Iterator[str]:
    """The decoded texts and the headers of raw source, mails attached to it among them."""
    start = _HEADER.search(text)
    if start is None or not may_be_parsed(text):
        return
    try:
        for place, part in enumerate(message_from_string(text[start.start() :], policy=compat32).walk()):
            if place >= MAX_PARTS:
                return
            yield "\n".join(str(value) for _name, value in part.items())
            yield from _content(part)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return  # the standard parser fails in all these ways on what is no mail


def _content(part: Part) -> Iterator[str]:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return
    try:
        text = payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        text = payload.decode("utf-8", "replace")
    yield text
    yield _unescaped(text)
    yield _QUOTE_MARKS.sub("", text)
