"""Numbers as their reader writes them."""

import pytest

from refiner_desktop.ui.amounts import counted, milliseconds, number, rounded, size, whole

WRITTEN = {
    "C": ("1,234,567", "0.5", "1,234.5 kB", "2.1 ms", "12.5 s"),
    "en_US": ("1,234,567", "0.5", "1,234.5 kB", "2.1 ms", "12.5 s"),
    "de_DE": ("1.234.567", "0,5", "1.234,5 kB", "2,1 ms", "12,5 s"),
    "fr_FR": ("1\u202f234\u202f567", "0,5", "1\u202f234,5 kB", "2,1 ms", "12,5 s"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_numbers_sizes_and_times_are_written_as_the_locale_does(locale, name):
    locale(name)
    said = number(1_234_567), rounded(0.50, 3), _kilobytes(1_234.5), milliseconds(0.0021)
    assert (*said, milliseconds(12.5)) == WRITTEN[name]


def _kilobytes(count):
    return f"{number(count, 1)} {size(1_000).split()[1]}"


def test_what_is_counted_is_one_or_many(locale):
    locale("de_DE")
    assert [counted(1, "row"), counted(1_200, "row")] == ["1 row", "1.200 rows"]
    assert counted(2, "delivery", "deliveries") == "2 deliveries"


@pytest.mark.parametrize("name", ["en_US", "de_DE", "fr_FR", "en_IN", "C"])
def test_a_number_that_is_shown_can_be_typed(locale, name):
    locale(name)
    assert whole(number(1_234_567)) == whole("1234567") == 1_234_567


def test_a_fraction_or_a_word_is_no_whole_number(locale):
    locale("en_US")
    assert [whole(text) for text in ("10.5", "1,00", "ten", "")] == [None] * 4
