"""Sends calls, and repeats them after transient failures."""

import random
from dataclasses import dataclass
from typing import Any

import httpx

from .call import Call, Repeat
from .errors import Error, NetworkError, ProblemError
from .http import Http

CONNECT_TIMEOUT = 10.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
# A server that wants a longer pause gets none: the caller decides.
LONGEST_RETRY_AFTER = 60.0


@dataclass(frozen=True)
class Transport:
    http: Http
    base_url: str
    retries: int
    timeout: float

    async def send(self, call: Call[Any], token: str | None = None, *, streamed: bool = False) -> httpx.Response:
        """Sends a call and receives the complete response, or a streamed one, which the caller reads and closes."""
        failures = 0
        while True:
            try:
                return await self._attempt(call, token, streamed)
            except Error as error:
                failures += 1
                pause = pause_before_retry(error, call, failures)
                if pause is None or failures > self.retries:
                    raise
            await self.http.sleep(pause)

    async def _attempt(self, call: Call[Any], token: str | None, streamed: bool) -> httpx.Response:
        timeout = httpx.Timeout(call.timeout or self.timeout, connect=CONNECT_TIMEOUT)
        request = call.request(self.base_url, token, timeout)
        try:
            response = await self.http.send(request)
            if streamed and response.is_success:
                return response
            try:
                await self.http.read(response)
            finally:
                await self.http.close(response)
        except httpx.TransportError as error:
            raise NetworkError(error) from error
        if not response.is_success:
            raise ProblemError.from_response(response)
        return response


def pause_before_retry(error: Error, call: Call[Any], failures: int) -> float | None:
    """How long to wait before the next attempt; None if the call must not or should not be repeated."""
    if not error.is_transient or (call.upload and not call.upload.is_repeatable):
        return None
    if call.repeat is Repeat.ONCE and may_be_executed(error):
        return None
    if isinstance(error, ProblemError) and error.retry_after is not None:
        return error.retry_after if error.retry_after <= LONGEST_RETRY_AFTER else None
    return pause_after(failures)


def may_be_executed(error: Error) -> bool:
    """Whether the server may have executed the request that failed."""
    if isinstance(error, ProblemError):
        return error.status not in (429, 503)
    return not isinstance(error, NetworkError) or error.was_sent


def pause_after(failures: int) -> float:
    """A pause that doubles with each failure, shortened at random so that clients do not come back together."""
    longest: float = min(FIRST_PAUSE * 2 ** min(failures - 1, 8), LONGEST_PAUSE)
    return longest * (1 - random.random() / 4)
