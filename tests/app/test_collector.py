"""Rounds of the garbage collector while the application starts and runs."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from refiner_desktop.app.collector import rare_rounds


@pytest.fixture
def rounds() -> Iterator[list[str]]:
    """The beginnings and ends of all rounds, while the collector was off as in a start."""
    seen: list[str] = []

    def note(phase: str, _details: dict[str, int]) -> None:
        seen.append(phase)

    gc.callbacks.append(note)
    gc.disable()
    yield seen
    gc.enable()
    gc.callbacks.remove(note)


def test_a_start_is_not_held_up_by_a_round_over_what_the_imports_made(rounds: list[str]) -> None:
    made_by_imports = [[] for _ in range(100_000)]
    with rare_rounds():
        made_after = [[] for _ in range(100)]
        assert gc.isenabled()
        assert rounds == []
    del made_by_imports, made_after


def test_what_a_start_spared_is_collected_again_when_it_is_over() -> None:
    with rare_rounds():
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0
