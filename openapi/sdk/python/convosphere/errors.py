"""What can go wrong with a request."""

import httpx

from .models import Job, Problem, ProblemField


class Error(Exception):
    """The base of all errors of this package."""

    # Whether the same request can succeed later.
    is_transient = False


class ProblemError(Error):
    """The server refused the request or could not execute it."""

    def __init__(self, problem: Problem, retry_after: float | None = None):
        super().__init__(problem.detail)
        self.problem = problem
        # When the server suggests to try again, in seconds.
        self.retry_after = retry_after

    @classmethod
    def from_response(cls, response: httpx.Response) -> "ProblemError":
        """The problem in the body of a response. A proxy may have answered with something else."""
        try:
            problem = Problem.from_dict(response.json())
        except (ValueError, KeyError, TypeError, AttributeError):
            problem = unknown_problem(response)
        seconds = response.headers.get("Retry-After", "")
        return cls(problem, float(seconds) if seconds.isascii() and seconds.isdigit() else None)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status

    @property
    def code(self) -> str:
        """A stable code, such as `not_found`."""
        return self.problem.code

    @property
    def errors(self) -> list[ProblemField]:
        """The errors of single fields."""
        return self.problem.errors

    @property
    def request_id(self) -> str:
        """Identifies the request in the log of the server."""
        return self.problem.request_id

    @property
    def is_transient(self) -> bool:  # type: ignore[override]
        return self.status in (429, 502, 503, 504)

    def field(self, pointer: str) -> ProblemField | None:
        """The error of a field, by its JSON pointer, such as `/email`, or the name of a parameter."""
        return next((field for field in self.errors if field.pointer == pointer), None)


class NetworkError(Error):
    """No complete response arrived."""

    is_transient = True

    def __init__(self, cause: httpx.TransportError):
        super().__init__(f"{type(cause).__name__}: {cause}")
        # Without a connection, the server did not execute the request.
        self.was_sent = not isinstance(cause, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))


class JobError(Error):
    """A job did not complete."""

    def __init__(self, job: Job):
        super().__init__(job.error or job.status)
        self.job = job


def unknown_problem(response: httpx.Response) -> Problem:
    status = f"{response.status_code} {response.reason_phrase}".strip()
    return Problem(
        code="unknown",
        detail=f"the server, or a proxy in front of it, answered {status} without a reason",
        errors=[],
        instance="",
        request_id=response.headers.get("X-Request-Id", ""),
        status=response.status_code,
        title=response.reason_phrase or "Error",
        type_="about:blank",
    )
