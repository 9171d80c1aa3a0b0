"""Client of ConvoSphere. `client` is generated from the contract; `stream` follows conversations."""

from .client import AuthenticatedClient, Client
from .stream import Frame, stream

__all__ = ["AuthenticatedClient", "Client", "Frame", "stream"]
