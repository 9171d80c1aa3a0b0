"""A server that answers each connection with the next prepared response."""

import json
import socket
import threading
from dataclasses import dataclass
from unittest import mock

import httpx

from convosphere import AsyncClient, Client
from convosphere.http import BlockingHttp

# A connection that is closed without a response.
NOTHING = ""
# Before a response after which the connection stays open until the client closes it.
OPEN = "open "


def response(status, body="", **headers):
    """A complete response; underscores in the names of headers become dashes."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body.encode())}", "Connection: close"]
    return f"HTTP/1.1 {status}\r\n" + "\r\n".join(lines) + f"\r\n\r\n{body}"


def ok(body):
    return response("200 OK", body if isinstance(body, str) else json.dumps(body))


def events(frames):
    """An event stream that ends with its connection."""
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{frames}"


def problem(status, **headers):
    number, _, title = status.partition(" ")
    body = {
        "type": "urn:convosphere:problem:invalid",
        "title": title,
        "status": int(number),
        "detail": "the name is too long",
        "instance": "/",
        "code": "invalid",
        "request_id": "r1",
        "errors": [{"pointer": "/name", "code": "too_long", "detail": "at most 40 characters"}],
    }
    return response(status, json.dumps(body), **headers)


def user(name="Ada"):
    id = "01934b9e-0000-7000-8000-000000000001"
    return {"id": id, "version": 1, "role": "user", "display_name": name, "email": "ada@example.org",
            "suspended": False, "created_at": "2026-11-30T09:41:00Z"}  # fmt: skip


@dataclass
class Request:
    method: str
    target: str
    headers: dict
    body: str


class Server:
    """Used as a context manager."""

    def __init__(self, *responses):
        self.requests = []
        # Whether the client has closed a connection that stayed open.
        self.closed = False
        self._responses = responses
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        # Pauses are recorded instead of waited for.
        self.pauses = []
        self._sleep = mock.patch.object(BlockingHttp, "sleep", side_effect=self.pauses.append)
        self._sleep.start()
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._sleep.stop()
        # Wakes the thread if it still waits for a connection.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def client(self, **settings):
        settings = settings if "email" in settings else {"token": "secret", **settings}
        return Client(self.url, http=httpx.Client(trust_env=False), **settings)

    def async_client(self, **settings):
        return AsyncClient(self.url, token="secret", http=httpx.AsyncClient(trust_env=False), **settings)

    def _serve(self):
        for prepared in self._responses:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as reader:
                self.requests.append(read_request(reader))
                connection.sendall(prepared.removeprefix(OPEN).encode())
                if prepared.startswith(OPEN):
                    connection.settimeout(5)
                    self.closed = reader.read(1) == b""


def read_request(reader):
    method, target, _ = reader.readline().decode().split(" ")
    headers = {}
    while line := reader.readline().decode().strip():
        name, _, value = line.partition(": ")
        headers[name.lower()] = value
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(reader.readline(), 16):
            body += reader.read(size)
            reader.readline()
        reader.readline()
    else:
        body = reader.read(int(headers.get("content-length", 0)))
    return Request(method, target, headers, body.decode())
