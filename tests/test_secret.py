"""A secret does not show by accident."""

import copy
import pickle
import traceback

import pytest

from refiner_desktop.secret import Secret

KEY = "b5d1f7a0-0000-4000-8000-123456789abc"


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{!r}".format, lambda s: f"{s:>20}"])
def test_no_way_of_printing_shows_it(show):
    try:
        shown = show(Secret(KEY))
    except TypeError as exc:
        shown = str(exc)
    assert KEY not in shown


@pytest.mark.parametrize("keep", [pickle.dumps, copy.deepcopy])
def test_it_can_not_be_written_to_disk_by_pickling(keep):
    with pytest.raises(TypeError):
        keep(Secret(KEY))


def test_a_traceback_with_locals_does_not_show_it():
    def fails(secret):
        raise RuntimeError(f"failed with {secret}")

    try:
        fails(Secret(KEY))
    except RuntimeError as exc:
        text = "".join(
            traceback.TracebackException.from_exception(exc, capture_locals=True).format()
        )
    assert KEY not in text.replace(f"KEY = {KEY!r}", "")


def test_an_empty_secret_is_false():
    assert not Secret("")
