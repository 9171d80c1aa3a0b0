"""Client of ConvoSphere, a self-hosted AI assistant platform."""

from . import models
from .client import AsyncClient, Client
from .core import Page, Reply
from .errors import Error, JobError, NetworkError, ProblemError
from .stream import Frame
from .types import UNSET
from .upload import Upload

__all__ = [
    "UNSET",
    "AsyncClient",
    "Client",
    "Error",
    "Frame",
    "JobError",
    "NetworkError",
    "Page",
    "ProblemError",
    "Reply",
    "Upload",
    "models",
]
