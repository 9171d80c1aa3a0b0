"""What both clients do, written once."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import httpx

from .call import Call, returns, returns_nothing
from .errors import JobError, ProblemError
from .models import Job
from .session import Session
from .stream import Frame, follow
from .transport import Transport

T = TypeVar("T")
I_co = TypeVar("I_co", covariant=True)


class Page(Protocol[I_co]):
    """A page of a list."""

    @property
    def items(self) -> Sequence[I_co]: ...
    @property
    def next_cursor(self) -> Any: ...


@dataclass(frozen=True)
class Reply(Generic[T]):
    """What an operation returned, with its headers."""

    value: T
    headers: Mapping[str, str]

    @property
    def etag(self) -> str | None:
        """The version of the object, for `if_match`."""
        return self.headers.get("ETag")

    @property
    def location(self) -> str | None:
        """The path of the created object or job."""
        return self.headers.get("Location")

    @property
    def position(self) -> int | None:
        """The log position that the reply includes, for `min_position`."""
        position = self.headers.get("ConvoSphere-Position")
        return None if position is None else int(position)

    @property
    def request_id(self) -> str | None:
        """Identifies the request in the log of the server."""
        return self.headers.get("X-Request-Id")


@dataclass(frozen=True)
class Core:
    transport: Transport
    session: Session
    patience: float

    async def reply(self, call: Call[T]) -> Reply[T]:
        response = await self._send(call)
        return Reply(call.parse(response), response.headers)

    async def value(self, call: Call[T]) -> T:
        return (await self.reply(call)).value

    async def open(self, call: Call[Any]) -> httpx.Response:
        """Sends a call whose response is read piece by piece; the caller closes it."""
        return await self._send(call, streamed=True)

    async def _send(self, call: Call[Any], streamed: bool = False) -> httpx.Response:
        call = call.with_key()
        token = await self.session.token(self.transport)
        try:
            return await self.transport.send(call, token, streamed=streamed)
        except ProblemError as error:
            if not self.session.can_replace_token(error):
                raise
        token = await self.session.token(self.transport, rejected=token)
        return await self.transport.send(call, token, streamed=streamed)

    async def items(self, call: Call[Any]) -> AsyncGenerator[Any, None]:
        """All items of a list; the next page is requested when its items are needed."""
        while True:
            page = await self.value(call)
            for item in page.items:
                yield item
            if not page.next_cursor:
                return
            call = call.with_query(cursor=page.next_cursor)

    def follow(self, call: Call[None]) -> AsyncGenerator[Frame, None]:
        return follow(call, self.transport.http, self.open, self.patience)

    async def wait_for_job(self, id: UUID) -> Job:
        """Waits until a job has ended, also over restarts of the server."""
        frames = self.follow(Call("GET", ("jobs", id, "stream"), returns_nothing))
        try:
            async for frame in frames:
                if frame.type == "job.ended":
                    job = Job.from_dict(frame.data)
                    if job.status != "completed":
                        raise JobError(job)
                    return job
        finally:
            await frames.aclose()
        return await self.value(Call("GET", ("jobs", id), returns(Job)))
