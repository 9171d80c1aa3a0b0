"""Follows a conversation or a run: every frame once, also over lost connections."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from httpx_sse import connect_sse

from .client import AuthenticatedClient

ENDS = {"response.completed", "response.failed", "response.interrupted", "response.cancelled"}
PAUSE = 1.0


@dataclass(frozen=True)
class Frame:
    """One frame; only durable ones carry an id."""

    type: str
    id: str | None
    data: dict[str, Any]


def stream(client: AuthenticatedClient, path: str, after: str | None = None) -> Iterator[Frame]:
    """Yields the frames of `path`, such as ``/api/v1/conversations/<id>/stream``.

    A lost connection is made again after the last id that was seen. A run's own stream ends with its last frame, a
    conversation's when the caller stops or the server closes it for good.
    """
    last, of_a_run = after, "/responses/" in path
    http = client.get_httpx_client()
    while True:
        headers = {} if last is None else {"Last-Event-ID": last}
        try:
            with connect_sse(http, "GET", path, headers=headers, timeout=httpx.Timeout(30.0)) as source:
                source.response.raise_for_status()
                for event in source.iter_sse():
                    # A frame without an id of its own, such as a delta, shows the one before it.
                    own = event.id if event.id and event.id != last else None
                    last = own or last
                    frame = Frame(event.event, own, json.loads(event.data))
                    yield frame
                    if of_a_run and frame.type in ENDS:
                        return
                    if frame.type == "stream.closed" and frame.data["reason"] != "restarting":
                        return
        except httpx.TransportError:
            pass
        time.sleep(PAUSE)
