"""The customer's own door as the practice screen calls it: the real module, in a thread (P1).

Nothing typed there is kept here: a password goes through to the door, and tokens stay with the screen.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from db.delivery.links import link_address
from db.errors import Invalid, Unavailable
from db.gate import Claim
from db.models import LinkPurpose
from db.settings import load_policy
from db.signin import Answer, CustomerDoor, SignedIn, Step

if TYPE_CHECKING:
    from tui.bridge import Bridge

Found = TypeVar("Found")
NO_KEY: Final = "One-time codes have no key here, so nobody can sign in. Open the practice database again."
_PURPOSES: Final = frozenset(LinkPurpose)


def link_among(links: Iterable[str]) -> str | None:
    """Return the first link of a mail that leads to a page of the portal, whoever's portal it is."""
    return next((link for link in links if _purpose(link) is not None), None)


def _purpose(link: str) -> LinkPurpose | None:
    try:
        _, first, rest = f"{urlsplit(link).path}//".split("/", 2)
    except ValueError:  # such as a host in brackets that is no address
        return None
    return LinkPurpose(first) if first in _PURPOSES and rest.strip("/") else None


class Portal:
    """Asks through a bridge; its methods raise `Unavailable`, or `ReadOnly` where one only looks."""

    def __init__(self, bridge: "Bridge") -> None:
        self._bridge = bridge
        self._door: CustomerDoor | None = None

    async def host(self) -> str:
        """Return where the links in our mails lead."""
        return self._bridge.link_host or (await self._bridge.read(load_policy)).link_host

    async def read_link(self, link: str) -> tuple[LinkPurpose, str] | None:
        """Return what a link is for and its secret; None where it leads to another host than ours."""
        host = await self.host()
        try:
            begins = {purpose: link_address(host, purpose, "") for purpose in LinkPurpose}
        except Invalid:
            return None
        found = (purpose for purpose, begin in begins.items() if link.startswith(begin))
        return next(((purpose, link.removeprefix(begins[purpose])) for purpose in found), None)

    async def begin(self, identifier: str) -> Step:
        """Take an email, a username or a pass id."""
        return await self._ask(lambda door: door.begin(identifier))

    async def enter_password(self, token: str, password: str) -> Step:
        """Check the password, which takes some 60 ms whoever it is."""
        return await self._ask(lambda door: door.enter_password(token, password))

    async def enter_code(self, token: str, code: str) -> Step:
        """Check a one-time code."""
        return await self._ask(lambda door: door.enter_code(token, code))

    async def resend(self, token: str) -> Step:
        """Send another code the same way."""
        return await self._ask(lambda door: door.resend(token))

    async def use_email_instead(self, token: str) -> Step:
        """Send another code by mail."""
        return await self._ask(lambda door: door.use_email_instead(token))

    async def open_link(self, secret: str, purpose: LinkPurpose) -> Answer:
        """Say whether a link works; that does not use it up."""
        return await self._ask(lambda door: door.open_link(secret, purpose))

    async def set_password(self, secret: str, purpose: LinkPurpose, password: str) -> Answer:
        """Use a reset or activation link up."""
        return await self._ask(lambda door: door.set_password(secret, purpose, password))

    async def confirm(self, secret: str) -> Answer:
        """Use a confirmation link up."""
        return await self._ask(lambda door: door.confirm(secret))

    async def claim(self, claim: Claim) -> Answer:
        """Look for the account that somebody says is theirs."""
        return await self._ask(lambda door: door.claim(claim))

    async def session(self, token: str) -> SignedIn | None:
        """Return whose session it is; None once it is over."""
        return await self._ask(lambda door: door.session(token))

    async def sign_out(self, token: str) -> None:
        """End a session."""
        await self._ask(lambda door: door.sign_out(token))

    async def _ask(self, question: Callable[[CustomerDoor], Found]) -> Found:
        return await self._bridge.call(lambda: question(self._opened()))

    def _opened(self) -> CustomerDoor:
        """Return the door; runs in the thread, for the key is a file, and a door begins with a hash."""
        if self._door is None:
            if self._bridge.code_key is None:
                raise Unavailable(NO_KEY, code="code-key")
            self._door = CustomerDoor(self._bridge.open(), self._bridge.code_key())
        return self._door
