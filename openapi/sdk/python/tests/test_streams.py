import json
import unittest
import uuid
from unittest import mock

from server import NOTHING, OPEN, Server, events, ok, problem, user

from convosphere import JobError, NetworkError, ProblemError
from convosphere.http import AsyncHttp, run
from convosphere.stream import parse

ID = uuid.UUID(int=1)
BUSY = problem("503 Service Unavailable", Retry_After=0)


def frame(kind, data="{}", id=None):
    return f"event: {kind}\ndata: {data}\n" + (f"id: {id}\n" if id else "") + "\n"


def job(status, error=None):
    return {"id": str(ID), "kind": "backup", "status": status, "error": error,
            "progress": {"done": 1, "unit": "files"}, "created_at": "2026-11-30T09:41:00Z"}  # fmt: skip


class Streams(unittest.TestCase):
    def test_a_stream_continues_after_the_last_frame(self):
        first = events(frame("response.started", id="5-0") + frame("response.delta", '{"text": "a"}', id="5-0"))
        cut = events(frame("response.delta", '{"text": "b"}') + "event: response.delta\ndata: {")
        last = events(frame("response.completed", id="9-0") + frame("response.delta"))
        with Server(first, NOTHING, BUSY, cut, last) as server:
            received = list(server.client().stream_response(ID))
        kinds = [(one.type.removeprefix("response."), one.id) for one in received]
        self.assertEqual(kinds, [("started", "5-0"), ("delta", None), ("delta", None), ("completed", "9-0")])
        self.assertEqual([one.data["text"] for one in received[1:3]], ["a", "b"])
        positions = [request.headers.get("last-event-id") for request in server.requests]
        self.assertEqual(positions, [None, "5-0", "5-0", "5-0", "5-0"])
        self.assertEqual({request.headers["accept"] for request in server.requests}, {"text/event-stream"})

    def test_a_stream_starts_after_a_position(self):
        with Server(events(frame("response.failed"))) as server:
            self.assertEqual(len(list(server.client().stream_response(ID, after="7-1"))), 1)
        self.assertEqual(server.requests[0].target, f"/api/v1/responses/{ID}/stream?after=7-1")

    def test_the_next_connection_tells_why_a_stream_was_closed(self):
        closed = events(frame("event", id="1") + frame("stream.closed", '{"reason": "access_lost"}'))
        with Server(closed, problem("403 Forbidden")) as server:
            frames = server.client().stream_feed()
            self.assertEqual(next(frames).id, "1")
            with self.assertRaises(ProblemError) as raised:
                next(frames)
        self.assertEqual(raised.exception.status, 403)

    def test_a_stream_that_never_connected_fails(self):
        with Server(problem("404 Not Found")) as server:
            self.assertRaises(ProblemError, next, server.client().stream_conversation(ID))
        with Server(NOTHING, NOTHING) as server:
            self.assertRaises(NetworkError, next, server.client(retries=1).stream_conversation(ID))

    def test_patience_ends(self):
        for patience, connections in ((0, 2), (120, 4)):
            answers = [events(frame("event", id="1")), BUSY, BUSY, problem("403 Forbidden")]
            with self.subTest(patience), Server(*answers) as server:
                frames = server.client(patience=patience, retries=0).stream_feed()
                next(frames)
                self.assertRaises(ProblemError, next, frames)
            self.assertEqual(len(server.requests), connections)

    def test_pauses_start_again_after_a_frame(self):
        answers = [events(frame("event", id=number)) for number in range(1, 5)]
        with Server(*answers, events(""), events(frame("event", id=5))) as server:
            frames = server.client().stream_feed()
            self.assertEqual([next(frames).id for _ in range(5)], ["1", "2", "3", "4", "5"])
        self.assertTrue(all(pause <= 0.5 for pause in server.pauses[:4]), server.pauses)
        self.assertTrue(0.75 <= server.pauses[4] <= 1, server.pauses)

    def test_a_stream_that_is_closed_closes_its_connection(self):
        with Server(OPEN + events(frame("event", id="1"))) as server:
            frames = server.client().stream_feed()
            self.assertEqual(next(frames).id, "1")
            frames.close()
        self.assertTrue(server.closed)

    def test_a_job_is_awaited(self):
        progress = events(frame("job.progress", json.dumps(job("running"))))
        done = events(frame("job.ended", json.dumps(job("completed"))))
        with Server(progress, done) as server:
            self.assertEqual(server.client().wait_for_job(ID).status, "completed")
        for status, error, text in (("failed", "no space", "no space"), ("cancelled", None, "cancelled")):
            with self.subTest(status), Server(events(frame("job.ended", json.dumps(job(status, error))))) as server:
                with self.assertRaises(JobError) as raised:
                    server.client().wait_for_job(ID)
                self.assertEqual((str(raised.exception), raised.exception.job.status), (text, status))


class Parsing(unittest.TestCase):
    TEXT = (
        ': comment\r\nevent: a\r\ndata: {"t":\r\ndata:"ä"}\r\nid: 1\r\n\r\n'
        "data: 2\r\r\n\nid: 3\nevent: x\n\ndata: 4\n\n"
    )

    def parse(self, chunks):
        async def given():
            for chunk in chunks:
                yield chunk

        async def collect():
            return [(one.type, one.id, one.data) async for one in parse(given())]

        return run(collect())

    def test_frames_do_not_depend_on_where_chunks_end(self):
        data = self.TEXT.encode()
        expected = [("a", "1", {"t": "ä"}), ("message", None, 2), ("message", None, 4)]
        for size in range(1, len(data) + 1):
            chunks = [data[start : start + size] for start in range(0, len(data), size)]
            self.assertEqual(self.parse(chunks), expected, size)


class Asynchronous(unittest.IsolatedAsyncioTestCase):
    async def test_the_asynchronous_client_does_the_same(self):
        stream = events(frame("response.started", id="1")), events(frame("response.completed", id="2"))
        page = [ok({"items": [{"name": "a", "base_url": "b"}], "next_cursor": cursor}) for cursor in ("c", None)]
        ended = events(frame("job.ended", json.dumps(job("completed"))))
        with Server(BUSY, ok(user()), *page, *stream, ended, ok("abc")) as server:
            with mock.patch.object(AsyncHttp, "sleep") as sleep:
                async with server.async_client() as client:
                    self.assertEqual((await client.get_me.reply()).value.display_name, "Ada")
                    self.assertEqual([item.name async for item in client.list_local_servers.items()], ["a", "a"])
                    self.assertEqual([one.id async for one in client.stream_response(ID)], ["1", "2"])
                    self.assertEqual((await client.wait_for_job(ID)).status, "completed")
                    async with client.get_file_content.open(ID) as response:
                        self.assertEqual(await response.aread(), b"abc")
        self.assertEqual(sleep.await_count, 2)
        self.assertEqual(server.requests[5].headers["last-event-id"], "1")

    async def test_a_stream_that_is_closed_closes_its_connection(self):
        with Server(OPEN + events(frame("event", id="1"))) as server:
            async with server.async_client() as client:
                frames = client.stream_feed()
                self.assertEqual((await anext(frames)).id, "1")
                await frames.aclose()
        self.assertTrue(server.closed)


if __name__ == "__main__":
    unittest.main()
