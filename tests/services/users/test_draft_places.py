"""Where a draft was changed."""

from dataclasses import replace

import pytest

from refiner_desktop.services.users.draft_places import changed_place
from refiner_desktop.services.users.drafts import IdentifyDraft, TrackDraft
from refiner_desktop.services.users.traits import Trait, TraitType

PLAN, SEATS = Trait("plan", TraitType.TEXT, "pro"), Trait("seats", TraitType.NUMBER, "1")
DRAFT = IdentifyDraft("u-1", "", (PLAN, SEATS))


@pytest.mark.parametrize(
    ("after", "place"),
    [
        (DRAFT, None),
        (replace(DRAFT, user_id="u-12"), ("user_id", 0, "")),
        (replace(DRAFT, user_id="", email="a@b.c"), None),
        (replace(DRAFT, traits=(replace(PLAN, value="p"), SEATS)), ("traits", 0, "value")),
        (
            replace(DRAFT, traits=(PLAN, Trait("seat", TraitType.TEXT, "1"))),
            ("traits", 1, "key"),
        ),
        (replace(DRAFT, traits=(PLAN, replace(SEATS, on=False))), ("traits", 1, "on")),
        (
            replace(DRAFT, traits=(PLAN, SEATS, Trait("p", TraitType.TEXT, ""))),
            ("traits", 2, "key"),
        ),
        (replace(DRAFT, traits=(SEATS, PLAN)), None),
        (replace(DRAFT, traits=(PLAN,)), None),
        (replace(DRAFT, account_traits=(Trait("", TraitType.TEXT, "x"),)),
         ("account_traits", 0, "value")),
    ],
)  # fmt: skip
def test_letters_belong_together_where_they_are_typed_at_one_place(after, place):
    assert changed_place(DRAFT, after) == place


def test_an_events_name_is_one_place():
    assert changed_place(TrackDraft("u"), TrackDraft("u", event="a")) == ("event", 0, "")
