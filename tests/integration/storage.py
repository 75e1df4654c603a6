"""An S3-compatible server on loopback."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@dataclass(frozen=True)
class Storage:
    """One bucket of the server, and the address of an archive in it."""

    bucket: Any
    url: str

    def names(self) -> set[str]:
        """Files of the archive."""
        return {item.key.partition("/")[2] for item in self.bucket.objects.all()}

    def put(self, name: str, data: bytes) -> None:
        self.bucket.put_object(Key=f"archive/{name}", Body=data)


@pytest.fixture(scope="session")
def storages() -> Iterator[Iterator[Storage]]:
    """As many buckets as are asked for; keys and address are in the environment, as S3's own tools want them.

    One server for all tests of a process: clients are kept by fsspec for as long as the process lives.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": endpoint}.items():
            patch.setenv(name, value)
        s3 = boto3.resource("s3", endpoint_url=endpoint)
        names = (f"bucket-{number}" for number in itertools.count(1))
        yield (Storage(s3.create_bucket(Bucket=name), f"s3://{name}/archive") for name in names)
    server.stop()


@pytest.fixture
def storage(storages: Iterator[Storage]) -> Storage:
    """A bucket of the test's own."""
    return next(storages)
