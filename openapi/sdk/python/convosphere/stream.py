"""Streams of frames that continue after a lost connection."""

import codecs
import json
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import httpx

from .call import Call
from .errors import Error
from .http import Http
from .transport import pause_after

# Streams send something every 15 s.
LONGEST_SILENCE = 45.0
# Frames after which the stream of a run or a job ends.
LAST_FRAMES = {
    "responses": ("response.completed", "response.failed", "response.interrupted", "response.cancelled"),
    "jobs": ("job.ended",),
}
LINE_END = re.compile(r"\r\n|\n|\r(?!\Z)")


@dataclass(frozen=True)
class Frame:
    """What happened, such as `message.posted`."""

    type: str
    # Its cursor, for `after`; only durable frames have one.
    id: str | None
    data: Any


async def follow(
    call: Call[None], http: Http, connect: Callable[[Call[None]], Awaitable[httpx.Response]], patience: float
) -> AsyncGenerator[Frame, None]:
    """Yields every frame once. After a lost connection or a restart of the server, continues after the last frame."""
    call = replace(call, timeout=LONGEST_SILENCE).with_header("Accept", "text/event-stream")
    ends = LAST_FRAMES.get(call.path[0], ())
    last, lost, failures = None, None, 0
    while True:
        try:
            response = await connect(call.with_header("Last-Event-ID", last))
        except Error as error:
            if not error.is_transient or lost is None or time.monotonic() - lost >= patience:
                raise
        else:
            lost = None
            async with aclosing(frames(response, http)) as received:
                async for frame in received:
                    # A frame that repeats an id, such as the end of the catch-up, is not durable.
                    frame = replace(frame, id=frame.id if frame.id != last else None)
                    last = frame.id or last
                    if not frame.type.startswith("stream."):
                        failures = 0
                    yield frame
                    if frame.type in ends:
                        return
        lost = lost or time.monotonic()
        failures += 1
        await http.sleep(pause_after(failures))


async def frames(response: httpx.Response, http: Http) -> AsyncGenerator[Frame, None]:
    """The frames of a connection, until it is lost."""
    try:
        async for frame in parse(http.chunks(response)):
            # The server stops, or the caller has lost access: the next connection tells.
            if frame.type == "stream.closed":
                return
            yield frame
    except httpx.TransportError:
        pass
    finally:
        await http.close(response)


async def parse(chunks: AsyncIterator[bytes]) -> AsyncGenerator[Frame, None]:
    """Parses server-sent events."""
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    rest = ""
    fields: dict[str, str] = {}
    async for chunk in chunks:
        *lines, rest = LINE_END.split(rest + decode(chunk))
        for line in lines:
            if line:
                name, _, value = line.partition(":")
                value = value.removeprefix(" ")
                fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
                continue
            if "data" in fields:
                yield Frame(fields.get("event", "message"), fields.get("id") or None, json.loads(fields["data"]))
            fields = {}
