"""Endpoints about the environment and its account (API reference, sections 1.3 and 4.2)."""

from __future__ import annotations

from typing import Any

import numpy as np

from refiner_desktop.sandbox.draws import random_uuid
from refiner_desktop.sandbox.endpoints.call import Call
from refiner_desktop.sandbox.moments import iso, month_start

SECOND_ENVIRONMENT = {"mtu": 44, "mte": 20, "mpv": 211, "msr": 12}
VIEWS_PER_USER = 22
EVENTS_PER_USER = 3


def verify(call: Call) -> dict[str, Any]:
    """Name the environment that the key opens."""
    return {
        "project_uuid": call.world.project_uuid,
        "project_name": call.world.project_name,
        "message": "Authentication successful",
    }


def account(call: Call) -> dict[str, Any]:
    """Return the plan and what was used of it this month, over both environments."""
    world = call.world
    ours = _usage(call)
    total = {name: ours[name] + SECOND_ENVIRONMENT[name] for name in ours}
    limits = {"mtu": _allowance(world.population.size), "mpv": 1_000_000, "msr": 5_000}
    subscription: dict[str, Any] = {"plan": "Growth"}
    for name, used in total.items():
        subscription[f"{name}_count"] = used
        subscription[f"{name}_count_updated_at"] = iso(world.clock() // 3_600 * 3_600)
        if name in limits:
            subscription[f"{name}_limit"] = limits[name]
    testing_uuid = random_uuid(world.seed, "testing project")
    return {
        "subscription": subscription,
        "environments": [
            {"uuid": world.project_uuid, "name": world.project_name, **ours},
            {"uuid": testing_uuid, "name": "Testing", **SECOND_ENVIRONMENT},
        ],
    }


def _usage(call: Call) -> dict[str, int]:
    world = call.world
    since = month_start(world.clock())
    active = int(np.count_nonzero((world.book.last_seen >= since) & world.book.alive))
    answered = sum((response.last_data or 0) >= since for response in world.responses)
    return {
        "mtu": active,
        "mte": active * EVENTS_PER_USER + world.tracked,
        "mpv": active * VIEWS_PER_USER,
        "msr": answered,
    }


def _allowance(contacts: int) -> int:
    return next(size for size in (10_000, 50_000, 250_000, 2**31) if size > contacts)
