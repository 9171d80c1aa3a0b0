from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.event_list import EventList
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    after: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(convo_sphere_min_position, Unset):
        headers["ConvoSphere-Min-Position"] = str(convo_sphere_min_position)

    if not isinstance(last_event_id, Unset):
        headers["Last-Event-ID"] = last_event_id

    params: dict[str, Any] = {}

    params["after"] = after

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/feed",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> EventList | Problem | None:
    if response.status_code == 200:
        response_200 = EventList.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[EventList | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    after: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> Response[EventList | Problem]:
    """Reads the events that concern the caller

     The events of the caller's account, of what belongs to it, and of the groups with which the caller's
    knowledge bases are shared, in the order of the log and with readable text. Erased text reads
    `[erased]`; addresses and reasons stay encrypted. With `Accept: text/event-stream` the answer is a
    stream of `event` frames, each with an id for `Last-Event-ID`, and `stream.caught_up`,
    `stream.reset` and `stream.closed`; it starts now unless `after` or `Last-Event-ID` is given.
    Otherwise the answer is a page, from the beginning unless `after` is given.

    Args:
        after (str | Unset):
        limit (int | Unset):
        cursor (str | Unset):
        convo_sphere_min_position (int | Unset):
        last_event_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EventList | Problem]
    """

    kwargs = _get_kwargs(
        after=after,
        limit=limit,
        cursor=cursor,
        convo_sphere_min_position=convo_sphere_min_position,
        last_event_id=last_event_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    after: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> EventList | Problem | None:
    """Reads the events that concern the caller

     The events of the caller's account, of what belongs to it, and of the groups with which the caller's
    knowledge bases are shared, in the order of the log and with readable text. Erased text reads
    `[erased]`; addresses and reasons stay encrypted. With `Accept: text/event-stream` the answer is a
    stream of `event` frames, each with an id for `Last-Event-ID`, and `stream.caught_up`,
    `stream.reset` and `stream.closed`; it starts now unless `after` or `Last-Event-ID` is given.
    Otherwise the answer is a page, from the beginning unless `after` is given.

    Args:
        after (str | Unset):
        limit (int | Unset):
        cursor (str | Unset):
        convo_sphere_min_position (int | Unset):
        last_event_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EventList | Problem
    """

    return sync_detailed(
        client=client,
        after=after,
        limit=limit,
        cursor=cursor,
        convo_sphere_min_position=convo_sphere_min_position,
        last_event_id=last_event_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    after: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> Response[EventList | Problem]:
    """Reads the events that concern the caller

     The events of the caller's account, of what belongs to it, and of the groups with which the caller's
    knowledge bases are shared, in the order of the log and with readable text. Erased text reads
    `[erased]`; addresses and reasons stay encrypted. With `Accept: text/event-stream` the answer is a
    stream of `event` frames, each with an id for `Last-Event-ID`, and `stream.caught_up`,
    `stream.reset` and `stream.closed`; it starts now unless `after` or `Last-Event-ID` is given.
    Otherwise the answer is a page, from the beginning unless `after` is given.

    Args:
        after (str | Unset):
        limit (int | Unset):
        cursor (str | Unset):
        convo_sphere_min_position (int | Unset):
        last_event_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EventList | Problem]
    """

    kwargs = _get_kwargs(
        after=after,
        limit=limit,
        cursor=cursor,
        convo_sphere_min_position=convo_sphere_min_position,
        last_event_id=last_event_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    after: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> EventList | Problem | None:
    """Reads the events that concern the caller

     The events of the caller's account, of what belongs to it, and of the groups with which the caller's
    knowledge bases are shared, in the order of the log and with readable text. Erased text reads
    `[erased]`; addresses and reasons stay encrypted. With `Accept: text/event-stream` the answer is a
    stream of `event` frames, each with an id for `Last-Event-ID`, and `stream.caught_up`,
    `stream.reset` and `stream.closed`; it starts now unless `after` or `Last-Event-ID` is given.
    Otherwise the answer is a page, from the beginning unless `after` is given.

    Args:
        after (str | Unset):
        limit (int | Unset):
        cursor (str | Unset):
        convo_sphere_min_position (int | Unset):
        last_event_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EventList | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            after=after,
            limit=limit,
            cursor=cursor,
            convo_sphere_min_position=convo_sphere_min_position,
            last_event_id=last_event_id,
        )
    ).parsed
