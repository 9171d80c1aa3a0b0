from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    name: str,
    aggregate_id: UUID,
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
        "url": "/api/v1/projections/{name}/parked/{aggregate_id}/retry".format(
            name=quote(str(name), safe=""),
            aggregate_id=quote(str(aggregate_id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | Problem | None:
    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    name: str,
    aggregate_id: UUID,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> Response[Any | Problem]:
    """Retries a parked object

     Applies the waiting events of the object again. Requires the admin role.

    Args:
        name (str):
        aggregate_id (UUID):
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        name=name,
        aggregate_id=aggregate_id,
        idempotency_key=idempotency_key,
        convo_sphere_reason=convo_sphere_reason,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    name: str,
    aggregate_id: UUID,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> Any | Problem | None:
    """Retries a parked object

     Applies the waiting events of the object again. Requires the admin role.

    Args:
        name (str):
        aggregate_id (UUID):
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return sync_detailed(
        name=name,
        aggregate_id=aggregate_id,
        client=client,
        idempotency_key=idempotency_key,
        convo_sphere_reason=convo_sphere_reason,
    ).parsed


async def asyncio_detailed(
    name: str,
    aggregate_id: UUID,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> Response[Any | Problem]:
    """Retries a parked object

     Applies the waiting events of the object again. Requires the admin role.

    Args:
        name (str):
        aggregate_id (UUID):
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        name=name,
        aggregate_id=aggregate_id,
        idempotency_key=idempotency_key,
        convo_sphere_reason=convo_sphere_reason,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    name: str,
    aggregate_id: UUID,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> Any | Problem | None:
    """Retries a parked object

     Applies the waiting events of the object again. Requires the admin role.

    Args:
        name (str):
        aggregate_id (UUID):
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            name=name,
            aggregate_id=aggregate_id,
            client=client,
            idempotency_key=idempotency_key,
            convo_sphere_reason=convo_sphere_reason,
        )
    ).parsed
