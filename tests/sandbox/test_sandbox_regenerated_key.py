"""A key that was regenerated in the dashboard stops working at once."""

import httpx

from refiner_desktop.sandbox.server import Sandbox


def test_the_old_key_is_unknown_and_the_new_one_opens():
    with Sandbox(contacts=5) as sandbox, httpx.Client(trust_env=False) as client:
        old = sandbox.key
        new = sandbox.regenerate_key()

        def status(key):
            headers = {"Authorization": f"Bearer {key}"}
            return client.get(f"{sandbox.base_url}/account", headers=headers).status_code

        assert (status(old), status(new)) == (404, 200)
