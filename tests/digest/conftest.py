"""Shared: an empty world of rows, and a mail server."""

import pytest
from aiosmtpd.controller import Controller

from tests.digest.post_office import Post, free_port
from tests.digest.world import World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "monitor.db")
    yield made
    made.conn.close()


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def server(post):
    controller = Controller(
        post, hostname="127.0.0.1", port=free_port(), server_hostname="localhost"
    )
    controller.start()
    yield controller
    controller.stop()
