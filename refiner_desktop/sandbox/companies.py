"""The made-up companies that the world's contacts work for."""

from __future__ import annotations

from random import Random

from refiner_desktop.sandbox import words
from refiner_desktop.sandbox.contacts import Account
from refiner_desktop.sandbox.draws import UuidSeries
from refiner_desktop.sandbox.moments import DAY

_NAMES = len(words.COMPANY_FIRST) * len(words.COMPANY_SECOND) * len(words.COMPANY_ENDING)
_STRIDE = 7_919  # a prime that does not divide _NAMES, so that neighbours look unrelated


def seeded_companies(seed: int, count: int, now: int) -> list[Account]:
    """Return `count` companies, at most 20,000, each with another name and id."""
    uuids = UuidSeries(seed, "company")
    random = Random(seed)
    first = random.randrange(_NAMES)
    return [
        _company(uuids[number], _name((first + number * _STRIDE) % _NAMES), random, now)
        for number in range(min(count, _NAMES))
    ]


def _name(number: int) -> str:
    number, ending = divmod(number, len(words.COMPANY_ENDING))
    first, second = divmod(number, len(words.COMPANY_SECOND))
    head, tail = words.COMPANY_FIRST[first], words.COMPANY_SECOND[second].lower()
    return f"{head}{tail}{words.COMPANY_ENDING[ending]}"


def _company(uuid: str, name: str, random: Random, now: int) -> Account:
    remote_id = name.lower().replace(" ", "-")
    domain = f"{remote_id}.example.com"
    employees = int(random.paretovariate(0.9) * 4)
    return Account(
        uuid=uuid,
        remote_id=remote_id,
        display_name=name,
        domain=domain if random.random() < 0.8 else None,
        first_seen=now - random.randrange(400 * DAY, 800 * DAY),
        last_seen=now - random.randrange(20 * DAY),
        traits={
            "name": name,
            "industry": random.choice(words.INDUSTRIES),
            "employees": str(min(employees, 40_000)),
            "mrr": str(random.randrange(0, 4_900, 49)),
        },
    )
