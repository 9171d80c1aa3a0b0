"""A conversation through the SDK, with a server that runs."""

import os
import unittest

from convosphere import AuthenticatedClient, stream
from convosphere.client.api.conversations import create_conversation, post_message
from convosphere.client.models import CreateConversation, PostMessage


class Journey(unittest.TestCase):
    def test_a_question_is_answered_over_the_stream(self):
        client = AuthenticatedClient(base_url=os.environ["CONVOSPHERE_URL"], token=os.environ["CONVOSPHERE_TOKEN"])
        conversation = create_conversation.sync(client=client, body=CreateConversation())
        exchange = post_message.sync(
            conversation.id, client=client, body=PostMessage(content="Where does my data lie?")
        )
        frames = list(stream(client, f"/api/v1/responses/{exchange.response.id}/stream"))
        self.assertEqual(frames[-1].type, "response.completed")
        self.assertIn("All data lies in one folder", frames[-1].data["message"]["content"])
        # The end of the catch-up carries the id of the last event before it.
        ids = [frame.id for frame in frames if frame.id and frame.type != "stream.caught_up"]
        self.assertEqual(len(ids), len(set(ids)))


if __name__ == "__main__":
    unittest.main()
