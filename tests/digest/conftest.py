"""Shared: an empty world of rows."""

import pytest

from tests.digest.world import World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "monitor.db")
    yield made
    made.conn.close()
