"""Mails: what they say, where they lead, and that nothing can be injected into them (R16, R23, A11)."""

import pytest
from msgspec.structs import replace

from db.delivery.links import checked_host
from db.delivery.rendering import CannotRender, greeting_name, in_words, render
from db.errors import Invalid
from db.models import LinkPurpose, MessageKind
from db.rules.policy import Policy
from tests.delivery.builders import HOST, SECRET, html_of, parcel, text_of

LINKED = {kind: LinkPurpose(kind) for kind in ("reset", "activation", "confirm")}


def rendered(**given):
    return render(parcel(**given), secret=SECRET, host=HOST).message


@pytest.mark.parametrize("kind", list(MessageKind))
def test_each_kind_has_a_mail_with_text_and_html_and_its_reference_in_the_subject(kind: MessageKind) -> None:
    mail = rendered(kind=kind, purpose=LINKED.get(kind.value))
    assert mail["Subject"].endswith("[LK-7F3K-2M9Q]")
    assert "Hello Joan," in text_of(mail)
    assert "Hello Joan," in html_of(mail)
    assert (f"{HOST}/{kind.value}/{SECRET}" in text_of(mail)) == (kind.value in LINKED)


def test_a_reset_says_how_long_its_link_lives_and_whom_to_ask() -> None:
    text = text_of(rendered())
    assert "1 hour" in text
    assert "Your support team\nsupport@example.com" in text


def test_headers_tell_machines_that_a_machine_wrote_it() -> None:
    mail = rendered()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == "<0123456789abcdef@example.com>"
    assert mail["From"] == "Customer Support <support@example.com>"
    assert mail["References"] is None


@pytest.mark.parametrize(
    "name",
    ["Joan\r\nBcc: all@example.org", "\x1b]52;c;aGk=\x07Joan", "Joan\u202eevil", "\u2028Joan"],
)
def test_A11_a_hostile_name_stays_one_line_without_controls(name: str) -> None:
    mail = rendered(given_name=name)
    assert mail["Bcc"] is None
    first = text_of(mail).splitlines()[0]
    assert first.startswith("Hello")
    assert first.isprintable()


@pytest.mark.parametrize("name", ["Win at https://evil.example", "www", "evil.example", "a@b", "x" * 61])
def test_a_name_that_reads_like_a_link_is_not_repeated_to_anybody(name: str) -> None:
    assert greeting_name(name) == ""
    assert text_of(rendered(given_name=name)).startswith("Hello,\n")


def test_markup_in_a_name_is_text_in_the_html() -> None:
    html = html_of(rendered(kind=MessageKind.NOTICE_SECURITY, purpose=None, values={"what": "<b>{{ 7*7 }}"}))
    assert "&lt;b&gt;{{ 7*7 }}" in html


@pytest.mark.parametrize("address", ["joan@example.org\r\nBcc: x@example.org", "joan", "a b@example.org", ""])
def test_an_address_that_cannot_be_used_never_becomes_a_mail(address: str) -> None:
    with pytest.raises(CannotRender):
        rendered(recipient=address)


def test_the_sender_in_the_settings_cannot_add_a_header() -> None:
    policy = replace(Policy(), mail_from="Support\r\nBcc: x@example.org <support@example.com>")
    try:
        mail = rendered(policy=policy)
    except CannotRender:
        return
    assert mail["Bcc"] is None


def test_a_domain_of_another_script_is_written_in_ascii() -> None:
    assert rendered(recipient="joan@bücher.example")["To"] == "joan@xn--bcher-kva.example"


def test_a_name_before_the_at_of_another_script_is_kept() -> None:
    envelope = render(parcel(recipient="用户@example.org"), secret=SECRET, host=HOST)
    assert envelope.recipient == "用户@example.org"


@pytest.mark.parametrize(
    "host", ["http://a.example", "https://a.example/x?", "https://a.example\n", "javascript:x", "https://"]
)
def test_R23_a_link_leads_to_an_https_host_or_nowhere(host: str) -> None:
    with pytest.raises(Invalid):
        checked_host(host)
    with pytest.raises(Invalid):
        render(parcel(), secret=SECRET, host=host)


@pytest.mark.parametrize(
    ("minutes", "words"), [(60, "1 hour"), (1440, "24 hours"), (90, "90 minutes"), (5, "5 minutes")]
)
def test_a_lifetime_in_words(minutes: int, words: str) -> None:
    assert in_words(minutes) == words
