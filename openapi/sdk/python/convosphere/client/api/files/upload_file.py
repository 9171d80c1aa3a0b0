from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.file import File
from ...models.problem import Problem
from ...models.upload_file_body import UploadFileBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: UploadFileBody,
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
        "url": "/api/v1/files",
    }

    _kwargs["files"] = body.to_multipart()

    headers["Content-Type"] = "multipart/form-data; boundary=+++"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> File | Problem | None:
    if response.status_code == 200:
        response_200 = File.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = File.from_dict(response.json())

        return response_201

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

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())

        return response_408

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[File | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadFileBody,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> Response[File | Problem]:
    """Uploads a file

     Send one part named `file`, with a file name. Uploading the same bytes under the same name again
    returns the existing file; under another name they are a new file.

    Args:
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):
        body (UploadFileBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
        convo_sphere_reason=convo_sphere_reason,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: UploadFileBody,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> File | Problem | None:
    """Uploads a file

     Send one part named `file`, with a file name. Uploading the same bytes under the same name again
    returns the existing file; under another name they are a new file.

    Args:
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):
        body (UploadFileBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
        convo_sphere_reason=convo_sphere_reason,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadFileBody,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> Response[File | Problem]:
    """Uploads a file

     Send one part named `file`, with a file name. Uploading the same bytes under the same name again
    returns the existing file; under another name they are a new file.

    Args:
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):
        body (UploadFileBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[File | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
        convo_sphere_reason=convo_sphere_reason,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: UploadFileBody,
    idempotency_key: str | Unset = UNSET,
    convo_sphere_reason: str | Unset = UNSET,
) -> File | Problem | None:
    """Uploads a file

     Send one part named `file`, with a file name. Uploading the same bytes under the same name again
    returns the existing file; under another name they are a new file.

    Args:
        idempotency_key (str | Unset):
        convo_sphere_reason (str | Unset):
        body (UploadFileBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        File | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
            convo_sphere_reason=convo_sphere_reason,
        )
    ).parsed
