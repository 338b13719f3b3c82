"""Two texts side by side."""

import json
import time

from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.ui.widgets.text_view import alignment
from refiner_desktop.ui.widgets.text_view.changes import Change
from refiner_desktop.ui.widgets.text_view.compare import compare

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "{", "}"]), max_size=12).map("\n".join)
SAME, CHANGED, ONLY_HERE, MISSING = Change


def shown(document):
    lines = range(len(document.lines))
    texts = [document.data[document.lines.start(n) : document.lines.end(n)] for n in lines]
    changes = [document.change(n) for n in lines]
    return texts, changes, [document.line_number(n) for n in lines]


def own_text(document):
    texts, changes, _ = shown(document)
    kept = [text for text, change in zip(texts, changes, strict=True) if change is not MISSING]
    return b"\n".join(kept)


@given(TEXTS, TEXTS)
def test_both_sides_are_level_and_whole_and_only_the_same_is_unmarked(left, right):
    made = compare(left.encode(), right.encode(), json=False)
    if not left or not right:
        return
    (texts, changes, numbers), (others, other_changes, _) = shown(made.left), shown(made.right)
    assert len(texts) == len(others)
    assert own_text(made.left) == left.removesuffix("\n").encode()
    assert own_text(made.right) == right.removesuffix("\n").encode()
    for text, other, one, two in zip(texts, others, changes, other_changes, strict=True):
        assert (one, two) in {
            (SAME, SAME), (CHANGED, CHANGED), (ONLY_HERE, MISSING), (MISSING, ONLY_HERE)
        }  # fmt: skip
        if one is SAME:
            assert text == other
    assert [number for number in numbers if number] == list(range(1, left.count("\n") + 2))[
        : len([number for number in numbers if number])
    ]
    starts = [
        n for n, c in enumerate(changes) if c is not SAME and (not n or changes[n - 1] is SAME)
    ]
    assert made.differences == starts


def test_what_changed_in_json_is_marked_and_nothing_else():
    left = {"name": "Ana", "plan": "pro", "tags": [1, 2]}
    right = {"name": "Ana", "plan": "free", "tags": [1, 2, 3], "city": "Lyon"}
    made = compare(json.dumps(left).encode(), json.dumps(right).encode())
    texts, changes, numbers = shown(made.right)
    marked = {text.strip(): change for text, change in zip(texts, changes, strict=True) if change}
    assert marked == {b'"plan": "free",': CHANGED, b"3": ONLY_HERE, b'"city": "Lyon"': ONLY_HERE}
    assert numbers == list(range(1, 11))
    assert len(made.differences) == 3


def test_texts_that_are_the_same_have_no_difference():
    made = compare(b'{"a": 1}', b'{"a":1}')
    assert (made.differences, made.is_complete) == ([], True)


def test_lines_that_moved_do_not_confuse_the_rest(monkeypatch):
    monkeypatch.setattr(alignment, "_MOST_PAIRS", 4)
    left = [f"line {n}" for n in range(60)]
    right = [*left[:10], "new", *left[11:40], left[55], *left[40:55], *left[56:]]
    made = compare("\n".join(left).encode(), "\n".join(right).encode(), json=False)
    _, changes, _ = shown(made.left)
    assert changes.count(CHANGED) == 1
    assert changes.count(ONLY_HERE) == changes.count(MISSING) == 1


def test_large_texts_are_compared_in_a_bounded_time():
    left = [f"{n % 5000} is the {n}th line" for n in range(50_000)]
    right = [line for n, line in enumerate(left) if n % 1000]
    right[20_000:20_010] = ["other"] * 10
    made = compare("\n".join(left).encode(), "\n".join(right).encode(), json=False, seconds=20)
    assert made.is_complete
    assert len(made.differences) == 51


def test_a_comparison_that_runs_out_of_time_says_so_and_loses_nothing():
    left = "\n".join(str(n) for n in range(3000)).encode()
    right = "\n".join(str(n * 7 % 3001) for n in range(3000)).encode()
    began = time.monotonic()
    made = compare(left, right, json=False, seconds=0)
    assert time.monotonic() - began < 5
    assert not made.is_complete
    assert own_text(made.left) == left
    assert own_text(made.right) == right


def test_a_large_text_of_lines_that_all_come_again_is_compared_too():
    left = ["{", "a", "b", "}"] * 20_000
    right = list(left)
    right[4001], right[60_002] = "x", "y"
    del right[30_001]
    made = compare("\n".join(left).encode(), "\n".join(right).encode(), json=False)
    assert made.is_complete
    assert len(made.differences) == 3
    _, changes, _ = shown(made.left)
    assert (changes.count(CHANGED), changes.count(ONLY_HERE), changes.count(MISSING)) == (2, 1, 0)
