import io
import unittest
import uuid
from datetime import date
from unittest import mock

import httpx
from server import NOTHING, Server, ok, problem, response, user

from convosphere import Client, NetworkError, ProblemError, Upload, models
from convosphere.call import Call, Repeat, returns_nothing
from convosphere.http import BlockingHttp
from convosphere.transport import pause_after, pause_before_retry

GROUP = {"id": str(uuid.UUID(int=1)), "version": 1, "name": "A", "description": "", "members": 1, "member": True,
         "created_at": "2026-11-30T09:41:00Z", "updated_at": "2026-11-30T09:41:00Z", "added_later": 5}  # fmt: skip
BUSY = "503 Service Unavailable"


def page(names, cursor):
    return ok({"items": [{**GROUP, "name": name} for name in names], "next_cursor": cursor})


class Retries(unittest.TestCase):
    def test_a_write_is_repeated_with_its_key(self):
        headers = {"ETag": '"1"', "Location": "/api/v1/groups/1", "ConvoSphere_Position": 7, "X_Request_Id": "r9"}
        created = response("201 Created", httpx.Response(201, json=GROUP).text, **headers)
        with Server(NOTHING, response(BUSY, Retry_After=0), created) as server:
            reply = server.client().create_group.reply(models.CreateGroup("A"))
        self.assertEqual(reply.value.name, "A")
        self.assertEqual((reply.etag, reply.location), ('"1"', "/api/v1/groups/1"))
        self.assertEqual((reply.position, reply.request_id), (7, "r9"))
        self.assertEqual([request.headers["authorization"] for request in server.requests], ["Bearer secret"] * 3)
        keys = {request.headers["idempotency-key"] for request in server.requests}
        self.assertEqual((len(server.requests), len(keys)), (3, 1))
        self.assertEqual(server.requests[2].body.replace(" ", ""), '{"name":"A"}')
        self.assertEqual(server.pauses[1], 0)

    def test_every_write_has_a_key_of_its_own_unless_the_caller_has_one(self):
        with Server(*[ok(GROUP)] * 3) as server:
            client = server.client()
            client.create_group(models.CreateGroup("A"))
            client.create_group(models.CreateGroup("A"))
            client.create_group(models.CreateGroup("A"), idempotency_key="mine")
        keys = [request.headers["idempotency-key"] for request in server.requests]
        self.assertEqual((len(set(keys)), keys[2]), (3, "mine"))

    def test_transient_statuses_are_repeated_and_others_are_not(self):
        for status in (429, 502, 503, 504):
            with self.subTest(status), Server(problem(f"{status} A", Retry_After=0), ok(user())) as server:
                self.assertEqual(server.client().get_me().display_name, "Ada")
        for status in (400, 401, 404, 409, 412, 422, 500):
            with self.subTest(status), Server(problem(f"{status} A"), ok(user())) as server:
                with self.assertRaises(ProblemError) as raised:
                    server.client().get_me()
                self.assertEqual((raised.exception.status, len(server.requests)), (status, 1))

    def test_the_caller_gets_the_last_failure(self):
        for retries in (0, 1, 3):
            answers = [problem(f"{503 if retry else 502} A", Retry_After=0) for retry in range(retries + 2)]
            with self.subTest(retries), Server(*answers) as server:
                with self.assertRaises(ProblemError) as raised:
                    server.client(retries=retries).get_me()
                self.assertEqual(len(server.requests), retries + 1)
                self.assertEqual(raised.exception.status, 503 if retries else 502)

    def test_the_caller_decides_about_a_long_pause(self):
        with Server(problem("429 Too Many Requests", Retry_After=3600)) as server:
            with self.assertRaises(ProblemError) as raised:
                server.client().get_me()
        self.assertEqual((raised.exception.retry_after, server.pauses), (3600, []))

    def test_a_request_without_a_key_is_repeated_only_if_it_was_not_executed(self):
        once = Call("POST", ("auth", "login"), returns_nothing, repeat=Repeat.ONCE)
        self.assertIsNone(pause_before_retry(failure(502), once, 1))
        self.assertIsNone(pause_before_retry(failure(504), once, 1))
        self.assertIsNone(pause_before_retry(NetworkError(httpx.ReadError("lost")), once, 1))
        self.assertIsNone(pause_before_retry(NetworkError(httpx.ReadTimeout("late")), once, 1))
        for error in (failure(429), failure(503), NetworkError(httpx.ConnectError("refused"))):
            self.assertIsNotNone(pause_before_retry(error, once, 1))

    def test_pauses_double_up_to_a_limit(self):
        for failures, longest in [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (6, 8), (1000, 8)]:
            pauses = [pause_after(failures) for _ in range(50)]
            self.assertTrue(all(longest * 0.75 <= pause <= longest for pause in pauses), pauses)
            self.assertGreater(len(set(pauses)), 1)

    def test_an_unreachable_server_is_a_network_error(self):
        with Server() as server:
            url = server.url
        with mock.patch.object(BlockingHttp, "sleep") as sleep, self.assertRaises(NetworkError) as raised:
            Client(url, retries=2, http=httpx.Client(trust_env=False)).get_me()
        self.assertEqual((sleep.call_count, raised.exception.was_sent), (2, False))

    def test_a_response_that_is_cut_off_is_a_network_error(self):
        with Server(ok(user())[:-5], ok(user("Sue"))) as server:
            self.assertEqual(server.client().get_me().display_name, "Sue")


def failure(status):
    with Server(problem(f"{status} A")) as server:
        try:
            server.client(retries=0).get_me()
        except ProblemError as error:
            return error


class Problems(unittest.TestCase):
    def test_a_problem_names_its_fields(self):
        error = failure(422)
        self.assertEqual((error.status, error.code, error.request_id), (422, "invalid", "r1"))
        self.assertEqual(str(error), "the name is too long")
        self.assertEqual(error.field("/name").code, "too_long")
        self.assertIsNone(error.field("/other"))

    def test_the_page_of_a_proxy_becomes_a_problem(self):
        for body in ("<html>", "", "[]", '{"status": 502}'):
            with self.subTest(body), Server(response("502 Bad Gateway", body)) as server:
                with self.assertRaises(ProblemError) as raised:
                    server.client(retries=0).get_me()
                self.assertEqual((raised.exception.status, raised.exception.code), (502, "unknown"))


class Lists(unittest.TestCase):
    def test_a_page_is_requested_when_its_items_are_needed(self):
        with Server(page(["a", "b"], "c 1"), page([], "c2"), page(["c"], None)) as server:
            items = server.client().list_groups.items(limit=2)
            self.assertEqual(server.requests, [])
            self.assertEqual([next(items).name, next(items).name], ["a", "b"])
            self.assertEqual(len(server.requests), 1)
            self.assertEqual([item.name for item in items], ["c"])
        path = "/api/v1/groups?limit=2"
        expected = [path, f"{path}&cursor=c+1", f"{path}&cursor=c2"]
        self.assertEqual([request.target.replace("%20", "+") for request in server.requests], expected)

    def test_a_list_continues_at_a_cursor(self):
        with Server(page(["a"], None), page(["b"], "next")) as server:
            self.assertEqual(len(list(server.client().list_groups.items(cursor="x"))), 1)
            self.assertEqual(server.client().list_groups().next_cursor, "next")
        self.assertEqual(server.requests[0].target, "/api/v1/groups?cursor=x")


class Encoding(unittest.TestCase):
    def test_parameters_of_a_query_are_escaped(self):
        answer = ok({"items": [], "next_cursor": None})
        with Server(answer, problem("404 Not Found"), problem("404 Not Found")) as server:
            client = server.client()
            client.list_conversations(archived=True, q="ä&b", pinned=False)
            self.assertRaises(ProblemError, client.search, q="a", mode=models.SearchMode.HYBRID)
            self.assertRaises(ProblemError, client.get_usage, by=models.UsageBy.MODEL, from_=date(2026, 11, 1))
        targets = [request.target for request in server.requests]
        self.assertEqual(targets[0], "/api/v1/conversations?q=%C3%A4%26b&archived=true&pinned=false")
        self.assertEqual(targets[1], "/api/v1/search?q=a&mode=hybrid")
        self.assertIn("from=2026-11-01", targets[2])

    def test_parts_of_a_path_are_escaped_and_never_change_the_path(self):
        with Server(problem("404 Not Found")) as server:
            self.assertRaises(ProblemError, server.client().list_parked, "a/b c")
            for name in ("", ".", ".."):
                self.assertRaises(ValueError, server.client().list_parked, name)
        self.assertEqual([request.target for request in server.requests], ["/api/v1/projections/a%2Fb%20c/parked"])

    def test_a_header_is_utf_8_without_line_breaks(self):
        with Server(response("204 No Content")) as server:
            self.assertIsNone(server.client().delete_group(uuid.UUID(int=0), reason="für Ada", if_match='"3"'))
            self.assertRaises(ValueError, server.client().delete_group, uuid.UUID(int=0), reason="a\r\nb")
        headers = server.requests[0].headers
        self.assertEqual((headers["convosphere-reason"], headers["if-match"]), ("für Ada", '"3"'))

    def test_a_base_url_must_be_the_url_of_a_server(self):
        for url in ("chat.example.org", "ftp://a", "http://", ""):
            self.assertRaises(ValueError, Client, url)
        with Server(ok(user())) as server:
            server.url += "/proxied/"
            server.client().get_me()
        self.assertEqual(server.requests[0].target, "/proxied/api/v1/users/me")

    def test_unknown_values_and_fields_are_kept(self):
        with Server(ok({**user(), "role": "owner", "mood": "good"})) as server:
            me = server.client().get_me()
        self.assertEqual((me.role, me.role.name, me["mood"]), ("owner", "OTHER", "good"))

    def test_secrets_are_hidden(self):
        client = Client("http://a", email="ada@example.org", password="correct horse")
        secrets = [models.Login("ada@example.org", "correct horse"), models.Refresh("correct horse"),
                   models.ChangePassword("correct horse", "correct horse"), client._core]  # fmt: skip
        for value in secrets:
            self.assertNotIn("correct horse", repr(value))


class Files(unittest.TestCase):
    FILE = {"id": str(uuid.UUID(int=1)), "version": 1, "name": "n", "media_type": "text/plain", "size": 3,
            "sha256": "0", "created_at": "2026-11-30T09:41:00Z"}  # fmt: skip

    def test_a_file_is_sent_again_and_a_stream_is_not(self):
        for payload in (b"abc", io.BytesIO(b"abc")):
            with self.subTest(payload), Server(NOTHING, ok(self.FILE)) as server:
                self.assertEqual(server.client().upload_file(Upload("n.txt", payload)).name, "n")
            self.assertEqual(len(server.requests), 2)
            for request in server.requests:
                self.assertIn('name="file"; filename="n.txt"', request.body)
                self.assertIn("\r\n\r\nabc\r\n--", request.body)

        class Stream(io.BytesIO):
            def seekable(self):
                return False

        with Server(NOTHING) as server:
            self.assertRaises(NetworkError, server.client().upload_file, Upload("n.txt", Stream(b"abc")))
        self.assertEqual(len(server.requests), 1)

    def test_a_download_is_read_as_a_whole_or_piece_by_piece(self):
        id = uuid.UUID(int=0)
        with Server(ok("abc"), ok("abc"), problem("404 Not Found")) as server:
            client = server.client()
            self.assertEqual(client.get_file_content(id, range_="bytes=0-2"), b"abc")
            with client.get_file_content.open(id) as response:
                self.assertEqual(b"".join(response.iter_bytes(2)), b"abc")
            with self.assertRaises(ProblemError), client.get_file_content.open(id):
                pass
        self.assertEqual(server.requests[0].headers["range"], "bytes=0-2")


if __name__ == "__main__":
    unittest.main()
