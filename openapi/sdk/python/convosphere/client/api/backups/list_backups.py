from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.backups import Backups
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    convo_sphere_min_position: int | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(convo_sphere_min_position, Unset):
        headers["ConvoSphere-Min-Position"] = str(convo_sphere_min_position)

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/backups",
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Backups | Problem | None:
    if response.status_code == 200:
        response_200 = Backups.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Backups | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Response[Backups | Problem]:
    """Lists the backups of the installation

     The newest backup comes first. Requires the admin role.

    Args:
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Backups | Problem]
    """

    kwargs = _get_kwargs(
        convo_sphere_min_position=convo_sphere_min_position,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Backups | Problem | None:
    """Lists the backups of the installation

     The newest backup comes first. Requires the admin role.

    Args:
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Backups | Problem
    """

    return sync_detailed(
        client=client,
        convo_sphere_min_position=convo_sphere_min_position,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Response[Backups | Problem]:
    """Lists the backups of the installation

     The newest backup comes first. Requires the admin role.

    Args:
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Backups | Problem]
    """

    kwargs = _get_kwargs(
        convo_sphere_min_position=convo_sphere_min_position,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Backups | Problem | None:
    """Lists the backups of the installation

     The newest backup comes first. Requires the admin role.

    Args:
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Backups | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            convo_sphere_min_position=convo_sphere_min_position,
        )
    ).parsed
