"""What limits would delete is known before they hold."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from refiner_desktop.settings.settings import Retention
from refiner_desktop.webhooks.delivery import Delivery, Kind, Verdict

pytestmark = pytest.mark.anyio


@pytest.fixture
def kept(store):
    """Keep twelve of now, eight refused, and three of forty days ago, one of them pinned."""
    ago = datetime.now(UTC) - timedelta(days=40)
    address, now = "/hooks/a", datetime.now(UTC)
    fresh = Delivery("A", now, "POST", address, (), b"{}", Kind.OTHER, Verdict.ACCEPTED, answer=200)
    store.add_many([replace(fresh, received_at=ago, pinned=True)])
    store.add_many([replace(fresh, received_at=ago)] * 2)
    store.add_many([fresh] * 12)
    store.add_many([replace(fresh, verdict=Verdict.REFUSED)] * 8)
    return store


@pytest.mark.parametrize(
    ("limits", "beyond"),
    [
        (Retention(), 0),
        (Retention(days=30), 2),
        (Retention(deliveries=10), 4 + 7),
        (Retention(deliveries=100), 0),
        (Retention(deliveries=50), 3),
    ],
)
async def test_the_number_that_is_asked_about_is_the_number_that_goes(
    kept, deliveries, settings, limits, beyond
):
    before = await deliveries.count()
    assert await deliveries.count_beyond(limits) == beyond
    assert await deliveries.count() == before
    listener = replace(settings.current.listener, retention=limits)
    await settings.save(replace(settings.current, listener=listener))
    await deliveries.trim()
    assert await deliveries.count() == before - beyond
