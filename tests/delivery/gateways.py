"""An SMS gateway on this machine: a real HTTP server that answers as it was told."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "canary-token-77"


class Gateway:
    """What a gateway got, and what it answers: a status, `hang` or `drop`."""

    def __init__(self, act: int | str = 200, body: bytes = b'{"id": "SM1"}') -> None:
        self.act, self.body = act, body
        self.leads_to: str | None = None
        self.got: list[dict[str, Any]] = []
        self.reached, self.released = threading.Event(), threading.Event()


@contextmanager
def gateway_server(gateway: Gateway) -> Iterator[str]:
    """Run the server and yield its address for the configuration."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.got.append({"path": self.path, **json.loads(content)})
            gateway.reached.set()
            if gateway.act == "hang":
                gateway.released.wait(20)
            if isinstance(gateway.act, str):
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(gateway.act)
            if gateway.leads_to is not None:
                self.send_header("Location", gateway.leads_to)
            self.end_headers()
            self.wfile.write(gateway.body)

        def do_GET(self) -> None:
            gateway.got.append({"path": self.path})
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"json://latchkey:{TOKEN}@127.0.0.1:{server.server_port}/sms/{{phone}}?rto=5"
    finally:
        gateway.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
