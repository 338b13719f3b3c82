"""Endpoints about surveys (API reference, sections 4.10 to 4.14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refiner_desktop.sandbox.endpoints.call import Call
from refiner_desktop.sandbox.moments import iso_or_none
from refiner_desktop.sandbox.paging import page_of
from refiner_desktop.sandbox.surveys import Survey

LISTS: dict[str, Callable[[Survey], bool]] = {
    "all": lambda survey: survey.archived is None,
    "published": lambda survey: survey.archived is None and survey.published is not None,
    "drafts": lambda survey: survey.archived is None and survey.published is None,
    "archived": lambda survey: survey.archived is not None,
    "all_with_archived": lambda survey: True,
}


def list_surveys(call: Call) -> dict[str, Any]:
    """List surveys by name."""
    wanted = LISTS[call.params.one_of("list", LISTS, "all")]
    with_info = call.params.flag("include_info", default=False)
    with_config = call.params.flag("include_config", default=False)
    surveys = sorted(filter(wanted, call.world.surveys), key=lambda survey: survey.name)
    items = [
        survey.brief()
        | (survey.info() | _counts(call, survey) if with_info else {})
        | ({"config": survey.config()} if with_config else {})
        for survey in page_of(surveys, call.window)
    ]
    return call.window.envelope(items, len(surveys))


def publish_survey(call: Call) -> dict[str, Any]:
    """Publish or unpublish."""
    published = call.params.flag("published", default=True)
    call.world.publish(call.survey(), published)
    return {"message": f"Your form was {'' if published else 'un'}published successfully."}


def duplicate_survey(call: Call) -> dict[str, Any]:
    """Copy a survey into a new draft."""
    source = call.survey()
    copy = call.world.duplicate(source, call.params.required("name"))
    return {"message": "ok", "source_form_uuid": source.uuid, "new_form_uuid": copy.uuid}


def archive_survey(call: Call) -> dict[str, Any]:
    """Archive a survey."""
    call.world.archive(call.survey())
    return {"message": "ok"}


def list_history(call: Call) -> dict[str, Any]:
    """List the versions of a survey, newest first."""
    history = call.survey().history[::-1]
    return call.window.envelope(list(page_of(history, call.window)), len(history))


def _counts(call: Call, survey: Survey) -> dict[str, Any]:
    mine = [response for response in call.world.responses if response.survey is survey]
    shown = [response.last_shown for response in mine if response.last_shown]
    return {
        "first_form_view_at": iso_or_none(min(shown, default=None)),
        "last_form_view_at": iso_or_none(max(shown, default=None)),
        "responses_count": sum(bool(response.data) for response in mine),
        "views_count": sum(response.shows or 0 for response in mine),
    }
