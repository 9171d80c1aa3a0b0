import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.search_kind import SearchKind
from ...models.search_mode import SearchMode
from ...models.search_page import SearchPage
from ...models.search_role import SearchRole
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    q: str,
    kind: SearchKind | Unset = UNSET,
    conversation_id: UUID | Unset = UNSET,
    knowledge_base_id: UUID | Unset = UNSET,
    role: SearchRole | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    mode: SearchMode | Unset = UNSET,
    facets: bool | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(convo_sphere_min_position, Unset):
        headers["ConvoSphere-Min-Position"] = str(convo_sphere_min_position)

    params: dict[str, Any] = {}

    params["q"] = q

    json_kind: str | Unset = UNSET
    if not isinstance(kind, Unset):
        json_kind = kind.value

    params["kind"] = json_kind

    json_conversation_id: str | Unset = UNSET
    if not isinstance(conversation_id, Unset):
        json_conversation_id = str(conversation_id)
    params["conversation_id"] = json_conversation_id

    json_knowledge_base_id: str | Unset = UNSET
    if not isinstance(knowledge_base_id, Unset):
        json_knowledge_base_id = str(knowledge_base_id)
    params["knowledge_base_id"] = json_knowledge_base_id

    json_role: str | Unset = UNSET
    if not isinstance(role, Unset):
        json_role = role.value

    params["role"] = json_role

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

    json_mode: str | Unset = UNSET
    if not isinstance(mode, Unset):
        json_mode = mode.value

    params["mode"] = json_mode

    params["facets"] = facets

    params["limit"] = limit

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/search",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | SearchPage | None:
    if response.status_code == 200:
        response_200 = SearchPage.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | SearchPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    q: str,
    kind: SearchKind | Unset = UNSET,
    conversation_id: UUID | Unset = UNSET,
    knowledge_base_id: UUID | Unset = UNSET,
    role: SearchRole | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    mode: SearchMode | Unset = UNSET,
    facets: bool | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Response[Problem | SearchPage]:
    """Searches everything that the caller may read

     Searches the caller's conversations, assistants, and documents that the caller may read.

    Args:
        q (str):
        kind (SearchKind | Unset): The kind of a hit.
        conversation_id (UUID | Unset):
        knowledge_base_id (UUID | Unset):
        role (SearchRole | Unset): The author of a message.
        since (datetime.datetime | Unset):
        until (datetime.datetime | Unset):
        mode (SearchMode | Unset): How to search.
        facets (bool | Unset):
        limit (int | Unset):
        cursor (str | Unset):
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SearchPage]
    """

    kwargs = _get_kwargs(
        q=q,
        kind=kind,
        conversation_id=conversation_id,
        knowledge_base_id=knowledge_base_id,
        role=role,
        since=since,
        until=until,
        mode=mode,
        facets=facets,
        limit=limit,
        cursor=cursor,
        convo_sphere_min_position=convo_sphere_min_position,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    q: str,
    kind: SearchKind | Unset = UNSET,
    conversation_id: UUID | Unset = UNSET,
    knowledge_base_id: UUID | Unset = UNSET,
    role: SearchRole | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    mode: SearchMode | Unset = UNSET,
    facets: bool | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Problem | SearchPage | None:
    """Searches everything that the caller may read

     Searches the caller's conversations, assistants, and documents that the caller may read.

    Args:
        q (str):
        kind (SearchKind | Unset): The kind of a hit.
        conversation_id (UUID | Unset):
        knowledge_base_id (UUID | Unset):
        role (SearchRole | Unset): The author of a message.
        since (datetime.datetime | Unset):
        until (datetime.datetime | Unset):
        mode (SearchMode | Unset): How to search.
        facets (bool | Unset):
        limit (int | Unset):
        cursor (str | Unset):
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SearchPage
    """

    return sync_detailed(
        client=client,
        q=q,
        kind=kind,
        conversation_id=conversation_id,
        knowledge_base_id=knowledge_base_id,
        role=role,
        since=since,
        until=until,
        mode=mode,
        facets=facets,
        limit=limit,
        cursor=cursor,
        convo_sphere_min_position=convo_sphere_min_position,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    q: str,
    kind: SearchKind | Unset = UNSET,
    conversation_id: UUID | Unset = UNSET,
    knowledge_base_id: UUID | Unset = UNSET,
    role: SearchRole | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    mode: SearchMode | Unset = UNSET,
    facets: bool | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Response[Problem | SearchPage]:
    """Searches everything that the caller may read

     Searches the caller's conversations, assistants, and documents that the caller may read.

    Args:
        q (str):
        kind (SearchKind | Unset): The kind of a hit.
        conversation_id (UUID | Unset):
        knowledge_base_id (UUID | Unset):
        role (SearchRole | Unset): The author of a message.
        since (datetime.datetime | Unset):
        until (datetime.datetime | Unset):
        mode (SearchMode | Unset): How to search.
        facets (bool | Unset):
        limit (int | Unset):
        cursor (str | Unset):
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SearchPage]
    """

    kwargs = _get_kwargs(
        q=q,
        kind=kind,
        conversation_id=conversation_id,
        knowledge_base_id=knowledge_base_id,
        role=role,
        since=since,
        until=until,
        mode=mode,
        facets=facets,
        limit=limit,
        cursor=cursor,
        convo_sphere_min_position=convo_sphere_min_position,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    q: str,
    kind: SearchKind | Unset = UNSET,
    conversation_id: UUID | Unset = UNSET,
    knowledge_base_id: UUID | Unset = UNSET,
    role: SearchRole | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    mode: SearchMode | Unset = UNSET,
    facets: bool | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    convo_sphere_min_position: int | Unset = UNSET,
) -> Problem | SearchPage | None:
    """Searches everything that the caller may read

     Searches the caller's conversations, assistants, and documents that the caller may read.

    Args:
        q (str):
        kind (SearchKind | Unset): The kind of a hit.
        conversation_id (UUID | Unset):
        knowledge_base_id (UUID | Unset):
        role (SearchRole | Unset): The author of a message.
        since (datetime.datetime | Unset):
        until (datetime.datetime | Unset):
        mode (SearchMode | Unset): How to search.
        facets (bool | Unset):
        limit (int | Unset):
        cursor (str | Unset):
        convo_sphere_min_position (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SearchPage
    """

    return (
        await asyncio_detailed(
            client=client,
            q=q,
            kind=kind,
            conversation_id=conversation_id,
            knowledge_base_id=knowledge_base_id,
            role=role,
            since=since,
            until=until,
            mode=mode,
            facets=facets,
            limit=limit,
            cursor=cursor,
            convo_sphere_min_position=convo_sphere_min_position,
        )
    ).parsed
