"""The scenario of all SDKs (openapi/sdk/README.md), with a server that restarts while it answers."""

import importlib.metadata
import os
import re
import signal
import subprocess
import sys
import unittest
import uuid
from pathlib import Path

import httpx

from convosphere import Client, ProblemError, Upload, models

MODEL = "python/echo-400-10"
URL = os.environ.get("CONVOSPHERE_URL", "")


@unittest.skipUnless(URL, "needs a server: scripts/test-sdks runs it")
class Journey(unittest.TestCase):
    def setUp(self):
        http = httpx.Client(trust_env=False)
        self.addCleanup(http.close)
        self.client = Client(URL, email="ada@example.org", password="correct horse", http=http)

    def assert_problem(self, status, operation, *arguments, **parameters):
        with self.assertRaises(ProblemError) as raised:
            operation(*arguments, **parameters)
        self.assertEqual(raised.exception.status, status)
        return raised.exception

    def test_journey(self):
        client = self.client
        self.assertEqual(client.get_me().role, models.UserRole.ADMIN)  # 1
        self.connect_provider()
        client.update_settings(models.UpdateSettings(default_model=MODEL))
        self.assertEqual(self.assert_problem(404, client.get_conversation, uuid.uuid4()).code, "not_found")  # 6
        self.exchange_files()
        conversation = self.create_conversations(self.change_assistant())
        self.post_messages(conversation)
        self.follow_answer(conversation)
        client.trash_conversation(conversation)
        self.assertIn(conversation, [one.id for one in client.list_conversations.items(trashed=True)])
        self.assertFalse(client.restore_conversation(conversation).trashed)  # 20
        self.run_readme()

    def connect_provider(self):
        def provider(name):
            return models.CreateProvider(
                name=name,
                kind=models.ProviderKind.OPENAI_COMPATIBLE,
                base_url=os.environ["CONVOSPHERE_PROVIDER_URL"],
                api_key=os.environ["CONVOSPHERE_PROVIDER_KEY"],
            )

        created = self.client.create_provider.reply(provider("python"))
        self.assertEqual(created.value.health, models.ProviderHealth.OK)
        self.assertEqual(created.location, f"/api/v1/providers/{created.value.id}")  # 2
        self.assertIn(MODEL, [model.id for model in self.client.list_models().items])  # 3
        self.assert_problem(409, self.client.create_provider, provider("python"))  # 4
        invalid = self.assert_problem(422, self.client.create_provider, provider("Not a name"))
        self.assertIsNotNone(invalid.field("/name"))  # 5

    def exchange_files(self):
        contents = b"What the Python SDK uploads."
        file = self.client.upload_file(Upload("notes.txt", contents))
        self.assertEqual(file.name, "notes.txt")  # 7
        self.assertEqual(self.client.upload_file(Upload("notes.txt", contents)).id, file.id)  # 8
        self.assertEqual(self.client.get_file_content(file.id), contents)  # 9

    def change_assistant(self):
        created = self.client.create_assistant.reply(models.CreateAssistant(name="Counter", model=MODEL))  # 10
        id, change = created.value.id, models.UpdateAssistant(instructions="Count.")
        changed = self.client.update_assistant(id, change, if_match=created.etag)
        self.assertEqual(changed.instructions, "Count.")  # 11
        self.assert_problem(412, self.client.update_assistant, id, change, if_match=created.etag)  # 12
        return id

    def create_conversations(self, assistant):
        body = models.CreateConversation(assistant_id=assistant)
        key = str(uuid.uuid4())
        first, again = (self.client.create_conversation(body, idempotency_key=key) for _ in range(2))
        self.assertEqual(again.id, first.id)  # 13
        second = self.client.create_conversation(body)
        found = {one.id for one in self.client.list_conversations.items(limit=1)}
        self.assertLessEqual({first.id, second.id}, found)  # 14
        return first.id

    def post_messages(self, conversation):
        for number in range(1, 4):
            self.client.post_message(conversation, models.PostMessage(content=f"Note {number}", respond=False))
        messages = self.client.list_messages.items(conversation, limit=2)
        self.assertEqual([message.content for message in messages], ["Note 3", "Note 2", "Note 1"])  # 15

    def follow_answer(self, conversation):
        exchange = self.client.post_message(conversation, models.PostMessage(content="Count."))  # 16
        text, restarted, frames = "", False, []
        for frame in self.client.stream_response(exchange.response.id):
            frames.append(frame)
            if frame.type == "response.delta":
                text += frame.data["text"]
            elif frame.type == "response.snapshot":
                text = frame.data["text"]
            if len(text) > 100 and not restarted:
                restarted = True
                os.kill(int(Path(os.environ["CONVOSPHERE_PID_FILE"]).read_text()), signal.SIGTERM)
        self.assertTrue(restarted)
        self.assertIn(frames[-1].type, ["response.completed", "response.interrupted"])  # 17
        # The end of the catch-up carries the id of the last event before it.
        durable = [frame for frame in frames if frame.id and frame.type != "stream.caught_up"]
        positions = [int(frame.id.split("-")[0]) for frame in durable]
        self.assertEqual(positions, sorted(set(positions)))
        message = models.Message.from_dict(frames[-1].data["message"])
        self.assertTrue(text.startswith("t0 t1 ") and message.content.startswith(text), text)  # 18
        self.assertEqual(self.client.get_message(message.id).content, message.content)
        posted = [event for event in self.client.get_feed.items(limit=100) if event.event_type == "message_posted"]
        question = str(exchange.message.id)
        self.assertEqual([event.payload["message_id"] for event in posted].count(question), 1)  # 19

    def run_readme(self):
        """Runs the first example of the README, which asks a question, as a program of its own."""
        readme = importlib.metadata.metadata("convosphere").get_payload()
        program = re.search(r"```python\n(.*?)```", readme, re.DOTALL)[1]
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("t0 t1 ", run.stdout)


if __name__ == "__main__":
    unittest.main()
