"""The access token of a client: given, or obtained with a password and renewed before it expires."""

import time
from dataclasses import dataclass, field

from .call import Body, Call, Repeat, returns
from .errors import ProblemError
from .models import Login, Refresh, TokenPair
from .transport import Transport
from .types import Unset

# Renews a token this long before it expires.
MARGIN = 30.0


@dataclass
class Session:
    access: str | None = field(default=None, repr=False)
    email: str | None = None
    password: str | None = field(default=None, repr=False)
    _refresh: str | None = field(default=None, repr=False)
    _expires: float = 0.0

    def can_replace_token(self, error: ProblemError) -> bool:
        """Whether the server rejected a token that can be replaced."""
        return error.status == 401 and self.email is not None

    async def token(self, transport: Transport, rejected: str | None = None) -> str | None:
        """A valid access token. `rejected` is one that the server no longer accepts."""
        if self.email is None or self.password is None:
            return self.access
        # Held while a token is obtained, so that concurrent requests share it.
        async with transport.http.lock():
            if self.access is None or self.access == rejected or self._expires <= time.monotonic():
                self._remember(await self._renew(transport) or await self._login(transport))
            return self.access

    async def _login(self, transport: Transport) -> TokenPair:
        return await fetch(transport, "login", Login(self.email or "", self.password or ""))

    async def _renew(self, transport: Transport) -> TokenPair | None:
        """Renews the tokens; None if there is no session, or it has ended."""
        refresh, self._refresh, self.access = self._refresh, None, None
        if refresh is None:
            return None
        try:
            return await fetch(transport, "refresh", Refresh(refresh))
        except ProblemError as error:
            if error.status != 401:
                raise
            return None

    def _remember(self, tokens: TokenPair) -> None:
        self.access = tokens.access_token
        self._refresh = None if isinstance(tokens.refresh_token, Unset) else tokens.refresh_token
        self._expires = time.monotonic() + tokens.expires_in - MARGIN


async def fetch(transport: Transport, operation: str, body: Body) -> TokenPair:
    call = Call("POST", ("auth", operation), returns(TokenPair), body=body, repeat=Repeat.ONCE)
    return call.parse(await transport.send(call))
