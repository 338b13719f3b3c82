"""The 19 endpoints: what each answers, by method and path (API reference, section 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refiner_desktop.sandbox.endpoints import contacts, project, responses, surveys
from refiner_desktop.sandbox.endpoints.call import Call

Endpoint = Callable[[Call], dict[str, Any]]

ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    ("GET", "/"): project.verify,
    ("GET", "/account"): project.account,
    ("POST", "/identify-user"): contacts.identify_user,
    ("POST", "/track-event"): contacts.track_event,
    ("GET", "/contacts"): contacts.list_contacts,
    ("GET", "/contact"): contacts.show_contact,
    ("DELETE", "/contact"): contacts.delete_contact,
    ("GET", "/segments"): contacts.list_segments,
    ("POST", "/sync-segment"): contacts.add_to_segment,
    ("DELETE", "/sync-segment"): contacts.remove_from_segment,
    ("GET", "/forms"): surveys.list_surveys,
    ("POST", "/forms/publish"): surveys.publish_survey,
    ("POST", "/forms/duplicate"): surveys.duplicate_survey,
    ("DELETE", "/forms"): surveys.archive_survey,
    ("GET", "/forms/history"): surveys.list_history,
    ("GET", "/responses"): responses.list_responses,
    ("POST", "/responses"): responses.store_response,
    ("POST", "/responses/tags"): responses.tag_response,
    ("GET", "/reporting"): responses.report,
}
