"""Operations as methods of the clients."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

import httpx

from .call import Call
from .core import Core, Page, Reply
from .http import iterate, run
from .stream import Frame

if TYPE_CHECKING:
    from .client import AsyncClient, Client

P = ParamSpec("P")
Item = TypeVar("Item")
T_co = TypeVar("T_co", covariant=True)


class Method(Generic[P, T_co]):
    """An operation of a blocking client. Calling it returns what the operation returns."""

    def __init__(self, core: Core, build: Callable[Concatenate[Any, P], Call[T_co]]):
        self._core = core
        self._build = build
        self.__doc__ = build.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T_co:
        return run(self._core.value(self._build(None, *args, **kwargs)))

    def reply(self, *args: P.args, **kwargs: P.kwargs) -> Reply[T_co]:
        """Returns the headers too."""
        return run(self._core.reply(self._build(None, *args, **kwargs)))

    def items(self: Method[P, Page[Item]], *args: P.args, **kwargs: P.kwargs) -> Iterator[Item]:
        """All items of a list; the next page is requested when its items are needed."""
        return iterate(self._core.items(self._build(None, *args, **kwargs)))

    def open(self: Method[P, bytes], *args: P.args, **kwargs: P.kwargs) -> AbstractContextManager[httpx.Response]:
        """A download that is read piece by piece, such as with `iter_bytes()`."""
        return self._open(self._build(None, *args, **kwargs))

    @contextmanager
    def _open(self, call: Call[bytes]) -> Iterator[httpx.Response]:
        response = run(self._core.open(call))
        try:
            yield response
        finally:
            response.close()


class AsyncMethod(Generic[P, T_co]):
    """An operation of an asynchronous client. Calling it returns what the operation returns."""

    def __init__(self, core: Core, build: Callable[Concatenate[Any, P], Call[T_co]]):
        self._core = core
        self._build = build
        self.__doc__ = build.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, T_co]:
        return self._core.value(self._build(None, *args, **kwargs))

    def reply(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, Reply[T_co]]:
        """Returns the headers too."""
        return self._core.reply(self._build(None, *args, **kwargs))

    def items(self: AsyncMethod[P, Page[Item]], *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[Item]:
        """All items of a list; the next page is requested when its items are needed."""
        return self._core.items(self._build(None, *args, **kwargs))

    def open(
        self: AsyncMethod[P, bytes], *args: P.args, **kwargs: P.kwargs
    ) -> AbstractAsyncContextManager[httpx.Response]:
        """A download that is read piece by piece, such as with `aiter_bytes()`."""
        return self._open(self._build(None, *args, **kwargs))

    @asynccontextmanager
    async def _open(self, call: Call[bytes]) -> AsyncIterator[httpx.Response]:
        response = await self._core.open(call)
        try:
            yield response
        finally:
            await response.aclose()


class operation(Generic[P, T_co]):
    """Turns a function that builds a call into a method of both clients."""

    def __init__(self, build: Callable[Concatenate[Any, P], Call[T_co]]):
        self._build = build
        functools.update_wrapper(self, build)  # type: ignore[arg-type]

    @overload
    def __get__(self, client: None, owner: type) -> operation[P, T_co]: ...
    @overload
    def __get__(self, client: Client, owner: type) -> Method[P, T_co]: ...
    @overload
    def __get__(self, client: AsyncClient, owner: type) -> AsyncMethod[P, T_co]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        return self if client is None else client._method(client._core, self._build)


class stream(Generic[P]):
    """Turns a function that builds the call of a stream into a method of both clients, which yields its frames."""

    def __init__(self, build: Callable[Concatenate[Any, P], Call[None]]):
        self._build = build
        functools.update_wrapper(self, build)  # type: ignore[arg-type]

    @overload
    def __get__(self, client: None, owner: type) -> stream[P]: ...
    @overload
    def __get__(self, client: Client, owner: type) -> Callable[P, Generator[Frame, None, None]]: ...
    @overload
    def __get__(self, client: AsyncClient, owner: type) -> Callable[P, AsyncGenerator[Frame, None]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        if client is None:
            return self

        @functools.wraps(self._build)
        def follow(*args: P.args, **kwargs: P.kwargs) -> Any:
            return client._follow(self._build(None, *args, **kwargs))

        return follow
