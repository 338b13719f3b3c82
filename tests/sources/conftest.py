"""Files to be read."""

import pytest


@pytest.fixture
def put(tmp_path):
    def write(content, name="users.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
