"""What can go wrong with requests has a sentence of its own."""

import pytest

from refiner_desktop.services.problems import describe
from refiner_desktop.services.requests.curl import NotCurl
from refiner_desktop.services.requests.file_names import WrongName
from refiner_desktop.services.requests.json_format import NotJson, format_json
from refiner_desktop.services.requests.request_file import RequestUnreadable
from refiner_desktop.services.requests.saved import ChangedOnDisk, RequestNameTaken
from refiner_desktop.services.requests.variables import SecretVariable, WrongVariable

KINDS = (
    NotCurl,
    WrongName,
    RequestUnreadable,
    ChangedOnDisk,
    RequestNameTaken,
    WrongVariable,
    SecretVariable,
)


def test_each_failure_says_what_happened_in_its_own_words():
    problems = [describe(kind("what was said")) for kind in KINDS]
    titles = {problem.title for problem in problems}
    assert len(titles) == len(KINDS)
    assert describe(ValueError()).title not in titles
    assert all("what was said" in problem.detail for problem in problems)


def test_a_mistake_in_json_is_told_with_its_place():
    with pytest.raises(NotJson) as caught:
        format_json("[1,]")
    assert "Line 1, column 3" in describe(caught.value).detail
