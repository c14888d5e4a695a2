"""A connection to a mail server that another thread can end at any moment, connecting included."""

import contextlib
import errno
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable


class Line:
    """Holds the client that talks just now, so that `cut` reaches it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._client: AbortableClient | None = None
        self._is_cut = False

    def hold(self, client: "AbortableClient | None") -> None:
        """Take a client, or none once it is done."""
        with self._lock:
            self._client, self._is_cut = client, False

    def cut(self) -> None:
        """Shut the socket down: whatever waits for it wakes with an error."""
        with self._lock:
            self._is_cut = True
            sock = None if self._client is None else self._client.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def refuse_if_cut(self) -> None:
        """Raise where the line was cut: no further address is tried."""
        if self._is_cut:
            raise ConnectionAbortedError(errno.ECONNABORTED, "it was given up")


class AbortableClient(smtplib.SMTP):
    """smtplib's client, whose socket is known before it connects; with `context`, TLS from the start."""

    def __init__(
        self, host: str, port: int, *, timeout: float, line: Line, context: ssl.SSLContext | None
    ) -> None:
        self.sock: socket.socket | None = None
        self._tls_context, self._line = context, line
        line.hold(self)
        super().__init__(host, port, timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connected(self._offer, self._tls_context, host, port, timeout)

    def _offer(self, sock: socket.socket) -> None:
        self.sock = sock
        self._line.refuse_if_cut()

    def leave(self) -> None:
        """Say goodbye without waiting for the answer."""
        with contextlib.suppress(OSError):
            self.putcmd("QUIT")
        self.close()


def connected(
    offer: Callable[[socket.socket], None],
    context: ssl.SSLContext | None,
    host: str,
    port: int,
    timeout: float,
) -> socket.socket:
    """Connect to the first address that answers, offering each socket before it connects."""
    problem = OSError("the name has no address")
    for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        raw = socket.socket(family, kind, protocol)
        sock = raw if context is None else context.wrap_socket(raw, server_hostname=host)
        try:
            offer(sock)
            sock.settimeout(timeout)
            sock.connect(address)
        except OSError as error:
            sock.close()
            problem = error
        else:
            return sock
    raise problem
