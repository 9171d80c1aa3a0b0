"""Blocking and asynchronous I/O behind one interface.

Everything above is written once, with `async`. With `BlockingHttp` it never waits for an event loop, so `run` can execute it
in one step.
"""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Generator
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

import httpx

T = TypeVar("T")


class Http(Protocol):
    """Sends requests; what it receives is read with the same object."""

    async def send(self, request: httpx.Request) -> httpx.Response: ...
    async def read(self, response: httpx.Response) -> bytes: ...
    def chunks(self, response: httpx.Response) -> AsyncIterator[bytes]: ...
    async def close(self, response: httpx.Response) -> None: ...
    async def sleep(self, seconds: float) -> None: ...
    def lock(self) -> Any: ...


class BlockingHttp:
    def __init__(self, client: httpx.Client):
        self.client = client
        self._lock = threading.Lock()

    async def send(self, request: httpx.Request) -> httpx.Response:
        return self.client.send(request, stream=True)

    async def read(self, response: httpx.Response) -> bytes:
        return response.read()

    async def chunks(self, response: httpx.Response) -> AsyncIterator[bytes]:
        for chunk in response.iter_bytes():
            yield chunk

    async def close(self, response: httpx.Response) -> None:
        response.close()

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        with self._lock:
            yield


class AsyncHttp:
    def __init__(self, client: httpx.AsyncClient):
        self.client = client
        self._lock = asyncio.Lock()

    async def send(self, request: httpx.Request) -> httpx.Response:
        return await self.client.send(request, stream=True)

    async def read(self, response: httpx.Response) -> bytes:
        return await response.aread()

    def chunks(self, response: httpx.Response) -> AsyncIterator[bytes]:
        return response.aiter_bytes()

    async def close(self, response: httpx.Response) -> None:
        await response.aclose()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def lock(self) -> asyncio.Lock:
        return self._lock


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Executes a coroutine that never waits for an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    raise RuntimeError("a blocking client waited for an event loop")


def iterate(generator: AsyncGenerator[T, None]) -> Generator[T, None, None]:
    """The values of a generator that never waits for an event loop."""
    try:
        while True:
            yield run(generator.__anext__())
    except StopAsyncIteration:
        pass
    finally:
        run(generator.aclose())
