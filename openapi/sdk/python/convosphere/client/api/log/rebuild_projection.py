from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.job import Job
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    name: str,
    *,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    if not isinstance(convo_sphere_reason, Unset):
        headers["ConvoSphere-Reason"] = convo_sphere_reason

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/projections/{name}/rebuild".format(
            name=quote(str(name), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Job | Problem | None:
    if response.status_code == 202:
        response_202 = Job.from_dict(response.json())

        return response_202

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Job | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    name: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> Response[Job | Problem]:
    """Starts a rebuild of a read model

     A job rebuilds it from the log; readers see the old state until the rebuild is complete. Requires
    the admin role.

    Args:
        name (str):
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Job | Problem]
    """

    kwargs = _get_kwargs(
        name=name,
        idempotency_key=idempotency_key,
        convo_sphere_reason=convo_sphere_reason,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    name: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> Job | Problem | None:
    """Starts a rebuild of a read model

     A job rebuilds it from the log; readers see the old state until the rebuild is complete. Requires
    the admin role.

    Args:
        name (str):
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Job | Problem
    """

    return sync_detailed(
        name=name,
        client=client,
        idempotency_key=idempotency_key,
        convo_sphere_reason=convo_sphere_reason,
    ).parsed


async def asyncio_detailed(
    name: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> Response[Job | Problem]:
    """Starts a rebuild of a read model

     A job rebuilds it from the log; readers see the old state until the rebuild is complete. Requires
    the admin role.

    Args:
        name (str):
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Job | Problem]
    """

    kwargs = _get_kwargs(
        name=name,
        idempotency_key=idempotency_key,
        convo_sphere_reason=convo_sphere_reason,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    name: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> Job | Problem | None:
    """Starts a rebuild of a read model

     A job rebuilds it from the log; readers see the old state until the rebuild is complete. Requires
    the admin role.

    Args:
        name (str):
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Job | Problem
    """

    return (
        await asyncio_detailed(
            name=name,
            client=client,
            idempotency_key=idempotency_key,
            convo_sphere_reason=convo_sphere_reason,
        )
    ).parsed
