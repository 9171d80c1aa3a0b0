"""What a request sends, and whether it may be repeated."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import quote

import httpx

from .upload import Upload

CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Repeat(Enum):
    """When a request may be sent again."""

    READ = "after any transient failure"
    WRITE = "after any transient failure, with the same idempotency key"
    ONCE = "only if the server certainly did not execute it"


class Body(Protocol):
    def to_dict(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request that is not sent yet. Parameters and headers that are None are not sent."""

    method: str
    # Segments of the path, without the prefix of all operations.
    path: tuple[Any, ...]
    parse: Callable[[httpx.Response], T]
    body: Body | None = field(default=None, repr=False)
    upload: Upload | None = field(default=None, repr=False)
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)
    repeat: Repeat = Repeat.READ
    timeout: float | None = None

    def with_key(self) -> "Call[T]":
        """The same call with the key that all its attempts share."""
        if self.repeat is not Repeat.WRITE or self.headers.get("Idempotency-Key") is not None:
            return self
        return replace(self, headers={**self.headers, "Idempotency-Key": str(uuid.uuid4())})

    def with_query(self, **query: str | None) -> "Call[T]":
        return replace(self, query={**self.query, **query})

    def with_header(self, name: str, value: str | None) -> "Call[T]":
        return replace(self, headers={**self.headers, name: value})

    def url(self, base_url: str) -> str:
        segments = [str(segment) for segment in self.path]
        if any(segment in ("", ".", "..") for segment in segments):
            raise ValueError(f"a part of the path is empty: {'/'.join(segments)}")
        return "/".join([base_url.rstrip("/"), "api/v1", *(quote(segment, safe="") for segment in segments)])

    def request(self, base_url: str, token: str | None, timeout: httpx.Timeout) -> httpx.Request:
        """The request of one attempt."""
        headers = {name: str(value) for name, value in self.headers.items() if value is not None}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return httpx.Request(
            self.method,
            self.url(base_url),
            params={name: to_text(value) for name, value in self.query.items() if value is not None},
            headers=[encode_header(name, value) for name, value in headers.items()],
            json=None if self.body is None else self.body.to_dict(),
            files=None if self.upload is None else {"file": self.upload.part()},
            extensions={"timeout": timeout.as_dict()},
        )


def encode_header(name: str, value: str) -> tuple[bytes, bytes]:
    if CONTROL.search(value):
        raise ValueError(f"the value of {name} contains control characters")
    # Headers are bytes; reasons are UTF-8.
    return name.encode(), value.encode()


def to_text(value: Any) -> str:
    """A value as a parameter of a query."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


class Model(Protocol[T_co]):
    def from_dict(self, src_dict: Mapping[str, Any], /) -> T_co: ...


def returns(model: Model[T]) -> Callable[[httpx.Response], T]:
    """The body is the JSON of a model."""
    return lambda response: model.from_dict(response.json())


def returns_bytes(response: httpx.Response) -> bytes:
    return response.content


def returns_nothing(response: httpx.Response) -> None:
    """The body is ignored."""
