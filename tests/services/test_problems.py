"""Every failure has its own sentence, and none shows a secret."""

import inspect

import pytest

from refiner_desktop.api import errors as api
from refiner_desktop.datasets import errors as datasets
from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.services.bulk import beginning, saved_mappings
from refiner_desktop.services.contacts import targets as contact_targets
from refiner_desktop.services.contacts import views as contact_views
from refiner_desktop.services.problems import MAYBE_DONE, describe
from refiner_desktop.settings import secrets


def _classes(module):
    return [
        cls
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if issubclass(cls, Exception) and cls.__module__ == module.__name__
    ]


@pytest.mark.parametrize(
    "error", [*_classes(api), *_classes(datasets), *_classes(secrets)], ids=lambda cls: cls.__name__
)
def test_each_class_says_what_happened_and_what_to_do(error):
    problem = describe(error("what was said"))
    assert problem.title.endswith(".")
    assert problem.advice.endswith(".")
    assert "what was said" in problem.detail


def test_no_two_errors_of_the_service_say_the_same():
    titles = [describe(error("")).title for error in _classes(api)]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    "error",
    [
        *_classes(contact_targets),
        *_classes(contact_views),
        *_classes(beginning),
        *_classes(saved_mappings),
    ],
    ids=lambda cls: cls.__name__,
)
def test_what_is_done_to_contacts_and_files_fails_in_its_own_words(error):
    assert describe(error()).title != describe(ValueError()).title
    assert describe(error()).title != describe(BaseException()).title


@pytest.mark.parametrize("error", [OSError(28, "No space left"), RuntimeError("x"), KeyError("x")])
def test_what_nobody_foresaw_still_gets_a_sentence(error):
    assert describe(error).title


def test_a_call_that_may_have_been_carried_out_is_not_called_failed():
    assert describe(api.TimedOut("", maybe_done=True)).advice == MAYBE_DONE


@pytest.mark.parametrize(
    "cls",
    [
        api.ConnectionFailed,
        api.NameNotResolved,
        api.TlsFailed,
        api.HungUp,
        api.NotHttp,
        api.TimedOut,
    ],
)
def test_another_server_that_fails_is_named_and_not_taken_for_refiner(cls):
    error = cls("", maybe_done=True)
    error.host = "hooks.example.org"
    problem = describe(error)
    assert "hooks.example.org" in problem.title
    assert "Refiner" not in str(problem)


def test_what_can_not_be_sent_is_said_with_its_reason_and_without_a_secret():
    problem = describe(ValueError("the header “X-Key” holds a line break after s3cret-value"))
    assert "The header “X-Key” holds a line break" in str(problem)
    mask = Mask()
    mask.learn(Secret("s3cret-value"))
    assert "s3cret" not in str(problem.masked(mask))
