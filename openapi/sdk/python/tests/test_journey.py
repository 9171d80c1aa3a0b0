"""The scenario of all SDKs (openapi/sdk/README.md), with a server that restarts while it answers."""

import os
import signal
import unittest
import uuid
from io import BytesIO

from convosphere import AuthenticatedClient, stream
from convosphere.client import models
from convosphere.client.api.assistants import create_assistant, update_assistant
from convosphere.client.api.conversations import (
    create_conversation,
    get_conversation,
    list_conversations,
    list_messages,
    post_message,
    restore_conversation,
    trash_conversation,
)
from convosphere.client.api.feed import get_feed
from convosphere.client.api.files import get_file_content, upload_file
from convosphere.client.api.messages import get_message
from convosphere.client.api.models import create_provider, list_models
from convosphere.client.api.users import get_me
from convosphere.client.types import UNSET, File

MODEL = "python/echo-400-10"


def items(operation, *path, **parameters):
    """All items of a list."""
    cursor = UNSET
    while cursor is not None:
        page = operation.sync(*path, cursor=cursor, **parameters)
        yield from page.items
        cursor = page.next_cursor


class Journey(unittest.TestCase):
    def setUp(self):
        self.client = AuthenticatedClient(
            base_url=os.environ["CONVOSPHERE_URL"], token=os.environ["CONVOSPHERE_TOKEN"]
        )

    def test_journey(self):
        client = self.client
        self.assertEqual(get_me.sync(client=client).role, models.UserRole.ADMIN)  # 1
        self.connect_provider()
        missing = get_conversation.sync(uuid.uuid4(), client=client)
        self.assertEqual((missing.status, missing.code), (404, "not_found"))  # 6
        self.exchange_files()
        conversation = self.create_conversations(self.change_assistant())
        self.post_messages(conversation)
        self.follow_answer(conversation)
        trash_conversation.sync_detailed(conversation, client=client)
        trashed = items(list_conversations, client=client, trashed=True)
        self.assertIn(conversation, [one.id for one in trashed])
        self.assertFalse(restore_conversation.sync(conversation, client=client).trashed)  # 20

    def connect_provider(self):
        def create(name):
            provider = models.CreateProvider(
                name=name,
                kind=models.ProviderKind.OPENAI_COMPATIBLE,
                base_url=os.environ["CONVOSPHERE_PROVIDER_URL"],
                api_key=os.environ["CONVOSPHERE_PROVIDER_KEY"],
            )
            return create_provider.sync_detailed(client=self.client, body=provider)

        created = create("python")
        self.assertEqual(created.parsed.health, models.ProviderHealth.OK)
        self.assertEqual(created.headers["Location"], f"/api/v1/providers/{created.parsed.id}")  # 2
        self.assertIn(MODEL, [model.id for model in list_models.sync(client=self.client).items])  # 3
        self.assertEqual(create("python").parsed.status, 409)  # 4
        invalid = create("Not a name").parsed
        self.assertEqual((invalid.status, invalid.errors[0].pointer), (422, "/name"))  # 5

    def exchange_files(self):
        contents = b"What the Python SDK uploads."

        def upload():
            body = models.UploadFileBody(file=File(payload=BytesIO(contents), file_name="notes.txt"))
            return upload_file.sync(client=self.client, body=body)

        file = upload()
        self.assertEqual(file.name, "notes.txt")  # 7
        self.assertEqual(upload().id, file.id)  # 8
        self.assertEqual(get_file_content.sync(file.id, client=self.client).payload.read(), contents)  # 9

    def change_assistant(self):
        body = models.CreateAssistant(name="Counter", model=MODEL)
        created = create_assistant.sync_detailed(client=self.client, body=body)  # 10
        etag = created.headers["ETag"]

        def change():
            body = models.UpdateAssistant(instructions="Count.")
            return update_assistant.sync(created.parsed.id, client=self.client, body=body, if_match=etag)

        self.assertEqual(change().instructions, "Count.")  # 11
        self.assertEqual(change().status, 412)  # 12
        return created.parsed.id

    def create_conversations(self, assistant):
        body = models.CreateConversation(assistant_id=assistant)
        key = str(uuid.uuid4())
        first, again = (
            create_conversation.sync(client=self.client, body=body, idempotency_key=key) for _ in range(2)
        )
        self.assertEqual(again.id, first.id)  # 13
        second = create_conversation.sync(client=self.client, body=body)
        found = [one.id for one in items(list_conversations, client=self.client, limit=1)]
        self.assertLessEqual({first.id, second.id}, set(found))  # 14
        return first.id

    def post_messages(self, conversation):
        for number in range(1, 4):
            body = models.PostMessage(content=f"Note {number}", respond=False)
            post_message.sync(conversation, client=self.client, body=body)
        messages = items(list_messages, conversation, client=self.client, limit=2)
        self.assertEqual([message.content for message in messages], ["Note 3", "Note 2", "Note 1"])  # 15

    def follow_answer(self, conversation):
        exchange = post_message.sync(conversation, client=self.client, body=models.PostMessage(content="Count."))  # 16
        text, restarted, frames = "", False, []
        for frame in stream(self.client, f"/api/v1/responses/{exchange.response.id}/stream"):
            frames.append(frame)
            if frame.type == "response.delta":
                text += frame.data["text"]
            elif frame.type == "response.snapshot":
                text = frame.data["text"]
            if len(text) > 100 and not restarted:
                restarted = True
                with open(os.environ["CONVOSPHERE_PID_FILE"]) as file:
                    os.kill(int(file.read()), signal.SIGTERM)
        self.assertTrue(restarted)
        self.assertIn(frames[-1].type, ["response.completed", "response.interrupted"])  # 17
        # The end of the catch-up carries the id of the last event before it.
        durable = [frame for frame in frames if frame.id and frame.type != "stream.caught_up"]
        positions = [int(frame.id.split("-")[0]) for frame in durable]
        self.assertEqual(positions, sorted(set(positions)))
        message = frames[-1].data["message"]
        self.assertTrue(text.startswith("t0 t1 ") and message["content"].startswith(text), text)  # 18
        stored = get_message.sync(uuid.UUID(message["id"]), client=self.client)
        self.assertEqual(stored.content, message["content"])
        feed = items(get_feed, client=self.client, limit=100)
        posted = [event for event in feed if event.event_type == "message_posted"]
        question = str(exchange.message.id)
        self.assertEqual([event.payload["message_id"] for event in posted].count(question), 1)  # 19


if __name__ == "__main__":
    unittest.main()
