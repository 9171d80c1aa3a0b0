"""The clients and their settings."""

from collections.abc import AsyncGenerator, Generator
from uuid import UUID

import httpx
from typing_extensions import Self

from .call import Call
from .core import Core
from .http import AsyncHttp, BlockingHttp, Http, iterate, run
from .models import Job
from .operation import AsyncMethod, Method
from .operations import Operations
from .session import Session
from .stream import Frame
from .transport import Transport

TIMEOUT = 60.0
RETRIES = 4
PATIENCE = 120.0


class Client(Operations):
    """A client of the server at a URL such as `https://chat.example.org`. Threads can share it.

    token: An access token, or
    email, password: log in before the first request, and renew the token before it expires.
    timeout: How many seconds the server may be silent during a request.
    retries: How often a request is repeated after a transient failure.
    patience: How many seconds a stream that has lost its connection tries to reconnect.
    http: Replaces the HTTP client, such as one with proxies or certificates. The caller closes it.
    """

    _method = Method

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        email: str | None = None,
        password: str | None = None,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        patience: float = PATIENCE,
        http: httpx.Client | None = None,
    ):
        self._own = httpx.Client() if http is None else None
        session = create_session(token, email, password)
        self._core = create_core(BlockingHttp(http or self._own), base_url, session, timeout, retries, patience)  # type: ignore[arg-type]

    def wait_for_job(self, id: UUID) -> Job:
        """Waits until a job has ended, also over restarts of the server. Raises `JobError` unless it completed."""
        return run(self._core.wait_for_job(id))

    def close(self) -> None:
        """Closes all connections."""
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _follow(self, call: Call[None]) -> Generator[Frame, None, None]:
        return iterate(self._core.follow(call))


class AsyncClient(Operations):
    """`Client` for asyncio: the same methods and settings, to be awaited."""

    _method = AsyncMethod

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        email: str | None = None,
        password: str | None = None,
        timeout: float = TIMEOUT,
        retries: int = RETRIES,
        patience: float = PATIENCE,
        http: httpx.AsyncClient | None = None,
    ):
        self._own = httpx.AsyncClient() if http is None else None
        session = create_session(token, email, password)
        self._core = create_core(AsyncHttp(http or self._own), base_url, session, timeout, retries, patience)  # type: ignore[arg-type]

    async def wait_for_job(self, id: UUID) -> Job:
        """Waits until a job has ended, also over restarts of the server. Raises `JobError` unless it completed."""
        return await self._core.wait_for_job(id)

    async def close(self) -> None:
        """Closes all connections."""
        if self._own is not None:
            await self._own.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _follow(self, call: Call[None]) -> AsyncGenerator[Frame, None]:
        return self._core.follow(call)


def create_session(token: str | None, email: str | None, password: str | None) -> Session:
    if (email is None) != (password is None) or (token is not None and email is not None):
        raise ValueError("a client takes a token, or an email address and a password")
    return Session(token, email, password)


def create_core(http: Http, base_url: str, session: Session, timeout: float, retries: int, patience: float) -> Core:
    url = httpx.URL(base_url)
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"{base_url} is not the URL of a server, such as https://chat.example.org")
    return Core(Transport(http, base_url, retries, timeout), session, patience)
