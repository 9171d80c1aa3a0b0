import threading
import unittest

from server import NOTHING, Server, ok, problem, response, user

from convosphere import Client, NetworkError, ProblemError

REJECTED = problem("401 Unauthorized")


def tokens(name, expires_in=900):
    return ok({"access_token": name, "refresh_token": f"refresh-{name}", "token_type": "Bearer",
               "expires_in": expires_in, "user": user()})  # fmt: skip


def client(server, **settings):
    return server.client(email="ada@example.org", password="correct horse", **settings)


def calls(server):
    """The operation and the token of each request."""
    return [(request.target.rsplit("/", 1)[1], request.headers.get("authorization")) for request in server.requests]


class Sessions(unittest.TestCase):
    def test_a_token_is_obtained_once(self):
        with Server(tokens("a"), ok(user()), ok(user())) as server:
            connected = client(server)
            connected.get_me()
            connected.get_me()
        self.assertEqual(calls(server), [("login", None), ("me", "Bearer a"), ("me", "Bearer a")])
        self.assertIn("correct horse", server.requests[0].body)

    def test_a_token_is_renewed_before_it_expires(self):
        with Server(tokens("a", 20), ok(user()), tokens("b"), ok(user())) as server:
            connected = client(server)
            connected.get_me()
            connected.get_me()
        self.assertEqual(calls(server)[2:], [("refresh", None), ("me", "Bearer b")])
        self.assertIn("refresh-a", server.requests[2].body)

    def test_a_rejected_token_is_replaced_once(self):
        with Server(tokens("a"), REJECTED, tokens("b"), ok(user())) as server:
            client(server).get_me()
        self.assertEqual(calls(server)[1:], [("me", "Bearer a"), ("refresh", None), ("me", "Bearer b")])
        with Server(tokens("a"), REJECTED, tokens("b"), REJECTED) as server:
            self.assertRaises(ProblemError, client(server).get_me)
        self.assertEqual(len(server.requests), 4)

    def test_an_ended_session_starts_again(self):
        with Server(tokens("a"), REJECTED, REJECTED, tokens("c"), ok(user())) as server:
            client(server).get_me()
        self.assertEqual(calls(server)[2:], [("refresh", None), ("login", None), ("me", "Bearer c")])

    def test_a_write_keeps_its_key_when_its_token_is_replaced(self):
        id = user()["id"]
        with Server(tokens("a"), REJECTED, tokens("b"), response("204 No Content")) as server:
            client(server).delete_group(id)
        keys = [server.requests[number].headers["idempotency-key"] for number in (1, 3)]
        self.assertEqual(keys[0], keys[1])

    def test_a_wrong_password_and_a_rejected_token_are_problems(self):
        for create in (client, Server.client):
            with Server(REJECTED) as server, self.assertRaises(ProblemError) as raised:
                create(server).get_me()
            self.assertEqual((raised.exception.status, len(server.requests)), (401, 1))

    def test_a_login_is_repeated_only_if_it_was_not_executed(self):
        with Server(NOTHING, tokens("a")) as server:
            self.assertRaises(NetworkError, client(server).get_me)
        self.assertEqual(calls(server), [("login", None)])
        busy = problem("503 Service Unavailable", Retry_After=0)
        with Server(busy, tokens("a"), ok(user())) as server:
            client(server).get_me()
        self.assertEqual([operation for operation, _ in calls(server)], ["login", "login", "me"])

    def test_threads_share_a_token(self):
        with Server(tokens("a"), *[ok(user())] * 8) as server:
            connected = client(server)
            threads = [threading.Thread(target=connected.get_me) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(calls(server), [("login", None), *[("me", "Bearer a")] * 8])

    def test_a_client_has_one_kind_of_credentials(self):
        for settings in ({"email": "a"}, {"password": "a"}, {"token": "a", "email": "a", "password": "b"}):
            self.assertRaises(ValueError, Client, "http://a", **settings)


if __name__ == "__main__":
    unittest.main()
