"""What a mask has learned shows nowhere."""

from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret

KEY = "b5d1f7a0-0000-4000-8000-123456789abc"


def test_every_occurrence_is_replaced():
    mask = Mask(Secret(KEY))
    assert KEY not in mask.text(f"a {KEY} b {KEY}")
    assert KEY.encode() not in mask.data(f"a {KEY} b {KEY}".encode())


def test_a_mask_that_knows_nothing_changes_nothing():
    assert Mask(Secret("")).text("text") == "text"
