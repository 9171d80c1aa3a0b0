"""An S3-compatible server on loopback with one bucket, `convosphere`, which requires a key.

Prints its port and serves until standard input is closed.
"""

import logging
import sys

import boto3
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
boto3.client("s3", endpoint_url=f"http://{host}:{port}", **keys).create_bucket(Bucket="convosphere")
print(port, flush=True)
# Ends when the parent process closes standard input.
sys.stdin.read()
