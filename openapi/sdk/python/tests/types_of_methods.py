"""What type checkers see; scripts/test-sdks checks it with mypy. An ignored error that does not occur is an error."""

from collections.abc import AsyncGenerator, Generator, Iterator
from uuid import UUID

import httpx
from typing_extensions import assert_type

from convosphere import AsyncClient, Client, Frame, Reply, Upload, models


def blocking(client: Client, id: UUID) -> None:
    assert_type(client.get_me(), models.User)
    assert_type(client.delete_group(id), None)
    assert_type(client.create_assistant.reply(models.CreateAssistant("A")), Reply[models.Assistant])
    assert_type(client.list_users().items, list[models.User])
    assert_type(client.list_users.items(limit=1), Iterator[models.User])
    assert_type(client.upload_file(Upload("a.txt", b"a"), idempotency_key="a"), models.File)
    assert_type(client.get_file_content(id), bytes)
    assert_type(client.stream_response(id, after="1"), Generator[Frame, None, None])
    with client.get_file_content.open(id) as response:
        assert_type(response, httpx.Response)
    client.get_me.items()  # type: ignore[misc]
    client.get_me.open()  # type: ignore[misc]
    client.get_me(if_match="1")  # type: ignore[call-arg]
    client.get_group("1")  # type: ignore[arg-type]


async def asynchronous(client: AsyncClient, id: UUID) -> None:
    assert_type(await client.get_me(), models.User)
    assert_type((await client.get_me.reply()).value, models.User)
    assert_type([user async for user in client.list_users.items()], list[models.User])
    assert_type(client.stream_response(id), AsyncGenerator[Frame, None])
    async with client.get_file_content.open(id) as response:
        assert_type(await response.aread(), bytes)
