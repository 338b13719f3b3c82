"""The five reports: API reference, section 4.18. `since` and `until` are the range in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from msgspec import field

from refiner_desktop.api.reading import Value, mapping

ReportType = Literal["nps", "csat", "ratings", "distribution", "count"]


class Report(Value, frozen=True):
    """What every report has."""

    since: datetime | None = field(name="date_range_start", default=None)
    until: datetime | None = field(name="date_range_end", default=None)


class _ScoreReport(Report, frozen=True):
    count: int = 0

    @classmethod
    def read(cls, raw: Any) -> Self | None:
        """Read the named counts, which stand one level down in `data`."""
        if isinstance(raw, dict):
            raw = {**(mapping(raw.get("data")) or {}), **raw}
        return super().read(raw)


class NpsReport(_ScoreReport, frozen=True):
    """Net promoter score, -100 to 100; None without answers."""

    detractors: int = 0
    passives: int = 0
    promoters: int = 0
    score: float | None = field(name="nps", default=None)


class CsatReport(_ScoreReport, frozen=True):
    """Satisfied answers in per cent; None without answers. Scales below 5 leave some counts 0."""

    very_unsatisfied: int = 0
    unsatisfied: int = 0
    neutral: int = 0
    satisfied: int = 0
    very_satisfied: int = 0
    score: float | None = field(name="csat", default=None)


class RatingsReport(Report, frozen=True):
    """How often each rating was given; `average` is None without answers."""

    ratings: dict[str, int] = field(name="data", default_factory=dict)
    count: int = 0
    sum: float = 0.0
    average: float | None = None


class DistributionReport(Report, frozen=True):
    """How often each value was chosen: `datapoints` choices in `responses` responses."""

    values: dict[str, int] = field(name="data", default_factory=dict)
    datapoints: int = 0
    responses: int = 0


class CountReport(Report, frozen=True):
    """How often surveys were seen and answered."""

    views: int = 0
    responses: int = 0


REPORTS: dict[ReportType, type[Report]] = {
    "nps": NpsReport,
    "csat": CsatReport,
    "ratings": RatingsReport,
    "distribution": DistributionReport,
    "count": CountReport,
}
