from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.usage_list import UsageList
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    from_: str | Unset = UNSET,
    until: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(convo_sphere_min_position, Unset):
        headers["ConvoSphere-Min-Position"] = str(convo_sphere_min_position)

    params: dict[str, Any] = {}

    params["from"] = from_

    params["until"] = until

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/analytics/models",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | UsageList | None:
    if response.status_code == 200:
        response_200 = UsageList.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | UsageList]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    from_: str | Unset = UNSET,
    until: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Response[Problem | UsageList]:
    """Counts the use of each model

     Runs, tokens and durations for each model over a range of days. Requires the admin role.

    Args:
        from_ (str | Unset):
        until (str | Unset):
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UsageList]
    """

    kwargs = _get_kwargs(
        from_=from_,
        until=until,
        convo_sphere_min_position=convo_sphere_min_position,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    from_: str | Unset = UNSET,
    until: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Problem | UsageList | None:
    """Counts the use of each model

     Runs, tokens and durations for each model over a range of days. Requires the admin role.

    Args:
        from_ (str | Unset):
        until (str | Unset):
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UsageList
    """

    return sync_detailed(
        client=client,
        from_=from_,
        until=until,
        convo_sphere_min_position=convo_sphere_min_position,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    from_: str | Unset = UNSET,
    until: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Response[Problem | UsageList]:
    """Counts the use of each model

     Runs, tokens and durations for each model over a range of days. Requires the admin role.

    Args:
        from_ (str | Unset):
        until (str | Unset):
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UsageList]
    """

    kwargs = _get_kwargs(
        from_=from_,
        until=until,
        convo_sphere_min_position=convo_sphere_min_position,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    from_: str | Unset = UNSET,
    until: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Problem | UsageList | None:
    """Counts the use of each model

     Runs, tokens and durations for each model over a range of days. Requires the admin role.

    Args:
        from_ (str | Unset):
        until (str | Unset):
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UsageList
    """

    return (
        await asyncio_detailed(
            client=client,
            from_=from_,
            until=until,
            convo_sphere_min_position=convo_sphere_min_position,
        )
    ).parsed
