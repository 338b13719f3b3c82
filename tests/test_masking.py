"""What a mask has learned shows nowhere, in whatever form it is written; all else stays."""

import json
import mmap
import threading
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from refiner_desktop.masking import SHORTEST, WINDOW, Mask
from refiner_desktop.secret import MASK, Secret

KEY = "b5d1f7a0-0000-4000-8000-123456789abc"

uuids = st.uuids().map(str)
# No character twice: else a text around a key could be taken for its beginning. And neither what
# begins an escape nor, in front, what JSON writes behind a backslash: both could be read twice.
letters = st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="\\%")
tokens = (
    st.lists(letters, min_size=16, max_size=40, unique=True)
    .map("".join)
    .filter(lambda token: token[0] not in '/"')
)
keys = uuids | uuids.map(str.upper) | tokens
surroundings = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\\%"), max_size=40
)


def percent(key, case=str.lower):
    return "".join(f"%{case(f'{byte:02x}')}" for byte in key.encode())


def unicode_escapes(key, case=str.lower):
    return "".join(rf"\u{case(f'{ord(each):04x}')}" for each in key)


FORMS = {
    "plain": str,
    "quoted": quote,
    "quoted wholly": lambda key: quote(key, safe=""),
    "quoted with plus": quote_plus,
    "percent": percent,
    "percent, upper case": lambda key: percent(key, str.upper),
    "percent twice": lambda key: quote(percent(key)),
    "percent, every other": lambda key: "".join(
        percent(each) if place % 2 else quote(each, safe="") for place, each in enumerate(key)
    ),
    "JSON": lambda key: json.dumps(key)[1:-1],
    "JSON of PHP": lambda key: json.dumps(key)[1:-1].replace("/", r"\/"),
    "JSON escapes": unicode_escapes,
    "JSON escapes, upper case": lambda key: unicode_escapes(key, str.upper),
    "JSON in JSON": lambda key: json.dumps(json.dumps(key)[1:-1])[1:-1],
    "JSON escapes in JSON": lambda key: json.dumps(unicode_escapes(key))[1:-1],
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@given(key=keys, before=surroundings, after=surroundings)
def test_a_key_is_gone_in_every_form_and_its_surroundings_stay(form, key, before, after):
    masked = Mask(Secret(key)).text(before + form(key) + after)
    assert masked == before + MASK + after


@given(key=uuids, before=surroundings, after=surroundings)
def test_a_uuid_is_known_in_any_case(key, before, after):
    mask = Mask(Secret(key))
    mixed = "".join(each.upper() if place % 2 else each for place, each in enumerate(key))
    for spelled in (key.upper(), mixed, percent(mixed), unicode_escapes(mixed)):
        assert mask.text(before + spelled + after) == before + MASK + after


@given(key=tokens.filter(lambda key: key != key.swapcase()))
def test_the_case_of_other_secrets_counts(key):
    text = key.swapcase()
    assert Mask(Secret(key)).text(text) is text


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
@given(key=keys, before=st.binary(max_size=30), after=st.binary(max_size=30), wrapped=st.booleans())
def test_a_key_within_base64_is_gone_at_any_place(encode, key, before, after, wrapped):
    encoded = encode(before + key.encode() + after)
    data = b'{"a": "%s"}' % encoded if wrapped else encoded
    masked = Mask(Secret(key)).data(data)
    assert masked.count(MASK.encode()) == 1
    rest = len(encode(before)) + len(encode(after)) + len(data) - len(encoded)
    assert len(masked) - len(MASK.encode()) <= rest + 4


@pytest.mark.parametrize("header", [f"{KEY}:", f"user:{KEY}", f"Bearer {KEY}", f"{KEY.upper()}:"])
def test_credentials_of_basic_authorization_are_gone(header):
    encoded = b64encode(header.encode()).decode()
    masked = Mask(Secret(KEY)).text(f"Basic {encoded}")
    assert masked.startswith("Basic ")
    assert MASK in masked
    assert len(masked) < len("Basic ") + len(MASK) + 14


values = st.recursive(
    st.text(max_size=20) | st.integers() | st.none(), lambda inner: st.lists(inner, max_size=3)
)


@given(
    key=keys,
    around=st.tuples(st.text(max_size=20), st.text(max_size=20)),
    beside=values,
    ascii_only=st.booleans(),
    levels=st.integers(1, 3),
)
@example(key=KEY, around=("\\", "\\"), beside=None, ascii_only=True, levels=2)
@example(key=KEY, around=('"', '"'), beside=None, ascii_only=True, levels=3)
def test_json_stays_json(key, around, beside, ascii_only, levels):
    text = key.join(around)
    for _ in range(levels):
        text = json.dumps({"a": text, "b": beside}, ensure_ascii=ascii_only)
    masked = Mask(Secret(key)).data(text.encode("utf-8", "surrogatepass"))
    read = masked.decode("utf-8", "surrogatepass")
    for _ in range(levels):
        content = json.loads(read)
        assert content["b"] == beside
        read = content["a"]
    assert read == MASK.join(around)


@given(key=uuids, backslashes=st.integers(0, 5), levels=st.integers(0, 2))
def test_backslashes_before_an_escaped_key_stay_the_text_they_were(key, backslashes, levels):
    inside = unicode_escapes(key)
    for _ in range(levels):
        inside = json.dumps(inside)[1:-1]
    before = json.dumps("\\" * backslashes)[1:-1]
    for _ in range(levels):
        before = json.dumps(before)[1:-1]
    masked = Mask(Secret(key)).text(f'"{before}{inside}"')
    assert masked == f'"{before}{MASK}"'
    json.loads(masked)


@given(key=keys, pairs=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=3))
def test_a_query_keeps_its_other_parameters(key, pairs):
    text = urlencode([*pairs, ("api_key", key), *pairs])
    masked = Mask(Secret(key)).text(text)
    assert key not in unquote(masked)
    read = parse_qsl(masked, keep_blank_values=True)
    assert [*pairs, ("api_key", MASK), *pairs] == read


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("back", [1, 7, 36, 107, 250])
def test_a_key_across_two_windows_is_found(form, back):
    written = form(KEY)
    before, after = "." * (WINDOW - min(back, len(written))), "." * 99
    assert Mask(Secret(KEY)).text(before + written + after) == before + MASK + after


@given(data=st.binary(max_size=300))
def test_what_holds_no_secret_is_the_same_object(data):
    mask = Mask(Secret(KEY))
    text = data.decode("latin-1")
    assert mask.data(data) is data
    assert mask.text(text) is text


def test_many_secrets_and_occurrences_are_all_replaced():
    mask = Mask(Secret(KEY), Secret("another secret"))
    text = f"a {KEY} b {percent(KEY)} c another secret d {KEY.upper()}"
    assert mask.text(text) == f"a {MASK} b {MASK} c {MASK} d {MASK}"


def test_a_secret_within_another_leaves_nothing_of_either():
    mask = Mask(Secret("inner-secret"), Secret("an inner-secret and more"))
    assert mask.text("(an inner-secret and more) (inner-secret)") == f"({MASK}) ({MASK})"


def test_a_secret_outside_ascii_is_masked_as_text_and_as_a_headers_bytes():
    mask = Mask(Secret("clé secrète"))
    header = "clé secrète".encode().decode("latin-1")
    for text in ("clé secrète", header, quote("clé secrète"), unicode_escapes("clé secrète")):
        assert mask.text(text) == MASK


@pytest.mark.parametrize("secret", ["", "a", "x" * (SHORTEST - 1)])
def test_a_secret_too_short_to_be_one_blanks_no_text(secret):
    text = f"some text with {secret} in it"
    assert Mask(Secret(secret)).text(text) is text


def test_half_of_a_key_and_lone_surrogates_do_no_harm():
    mask = Mask(Secret(KEY))
    text = f"{KEY[:20]} \ud800 {KEY[20:]}"
    assert mask.text(text) is text
    assert mask.text(f"{text}{KEY}") == f"{text}{MASK}"


def test_a_long_run_of_backslashes_costs_no_time():
    data = b"\\" * 2_000_000 + b"\\u0041%41"
    assert Mask(Secret(KEY)).data(data) is data


def test_a_mask_grows_while_other_threads_use_it():
    mask, wrong = Mask(Secret(KEY)), []

    def use():
        read = {mask.text(f"a {KEY} b") for _ in range(300)}
        wrong.extend(read - {f"a {MASK} b"})

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    later = [f"{number:08d}-secret" for number in range(60)]
    for each in later:
        mask.learn(Secret(each))
    for thread in threads:
        thread.join()
    assert wrong == []
    assert mask.text(" ".join(later)) == " ".join([MASK] * 60)


def test_a_mask_shows_no_secret_of_its_own():
    mask = Mask(Secret(KEY))
    assert KEY not in repr(mask) + repr(vars(mask))


def test_a_file_is_masked_bit_by_bit_as_bytes_are(tmp_path):
    secret = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
    mask = Mask(Secret(secret))
    between = b"x" * 3_000_000
    data = secret.encode().join([between] * 3) + secret.upper().encode()
    path = tmp_path / "file"
    path.write_bytes(data)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        pieces = list(mask.pieces(mapped))
        assert b"".join(pieces) == mask.data(data)
        assert max(map(len, pieces)) < 2_000_000
        assert Mask(Secret("another-secret-of-ours")).pieces(mapped) is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_key_in_utf_16_is_hidden_and_all_else_stays(encoding):
    key = "7d1f0c52-3b6e-4a0b-9a53-0f6f2a9f4c11"
    for written in (key, key.upper()):
        text = '{"ü": "%s", "after": "ä"}'
        masked = Mask(Secret(key)).data((text % written).encode(encoding)).decode(encoding)
        assert masked == text % ("*" * len(MASK))
