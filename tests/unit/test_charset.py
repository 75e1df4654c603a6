"""A mislabelled page is read right, and a page that cannot be read right says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parsing.charset import decode_body, fix_double_encoding

RUSSIAN = (
    "<html><body><h1>Совещание по вопросам развития</h1><p>Министр сообщил журналистам, что работа над документом "
    "продолжается и будет закончена в установленный срок.</p></body></html>"
)
ENGLISH = "<html><body><p>The minister said the work would be finished in time.</p></body></html>"


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r", "cp866"])
@pytest.mark.parametrize("said", ["", "utf-8", "windows-1251", "koi8-r", "iso-8859-1", "no-such-charset"])
def test_russian_is_read_whatever_the_header_says(charset: str, said: str) -> None:
    decoded = decode_body(RUSSIAN.encode(charset), f"text/html; charset={said}" if said else "")
    assert decoded.text == RUSSIAN
    assert decoded.decision.split()[0] == charset


def test_a_declaration_that_the_bytes_bear_out_is_named_as_declared() -> None:
    assert decode_body(RUSSIAN.encode("windows-1251"), "text/html; charset=cp1251").decision == "windows-1251 declared"
    assert decode_body(RUSSIAN.encode(), "text/html; charset=utf-8").decision == "utf-8 declared"
    meta = RUSSIAN.replace("<body>", '<head><meta charset="koi8-r"></head><body>')
    assert decode_body(meta.encode("koi8-r")).decision == "koi8-r declared"


def test_utf16_is_known_with_and_without_its_mark() -> None:
    assert decode_body(b"\xff\xfe" + RUSSIAN.encode("utf-16-le")).text == RUSSIAN
    assert decode_body(ENGLISH.encode("utf-16-be")).text == ENGLISH


def test_a_western_charset_is_not_taken_for_russian() -> None:
    text = "<p>Le président s’est dit très préoccupé après la réunion.</p>" * 3
    assert decode_body(text.encode("windows-1252"), "text/html; charset=iso-8859-1").text == text


def test_a_few_broken_bytes_do_not_change_the_charset_and_are_told() -> None:
    body = (RUSSIAN * 20).encode().replace("срок".encode(), "срок".encode()[:-1] + b"\xff", 1)
    decoded = decode_body(body, "text/html; charset=utf-8")
    assert decoded.decision == "utf-8 declared, broken"
    assert decoded.text.count("\ufffd") <= 2
    assert "Министр сообщил журналистам" in decoded.text


@pytest.mark.parametrize("said", ["utf-8", ""])
@pytest.mark.parametrize(
    "words",
    [
        "“The gate stays shut,” she said.",
        "‘No’ – that was the mayor’s answer… — ‹later›",
        "Das Tor „bleibt zu“, sagte sie.",
    ],
)
def test_pasted_marks_of_windows_1252_are_put_right(words: str, said: str) -> None:
    whole = f"<p>{words}</p>".encode("windows-1252")
    between = f"<p>“Café” — naïve</p>{'x' * 50}".encode() + whole + "<p>“Ещё”</p>".encode()
    for body in (whole, between):
        decoded = decode_body(body, f"text/html; charset={said}")
        assert words in decoded.text
        assert (decoded.decision, decoded.certain) == ("utf-8 and windows-1252 detected", True)


def test_a_western_page_said_to_be_utf8_keeps_its_letters_and_is_marked_unsure() -> None:
    text = "<p>Le président s’est dit très préoccupé après la réunion.</p>"
    decoded = decode_body(text.encode("windows-1252"), "text/html; charset=utf-8")
    assert (decoded.text, decoded.certain) == (text, False)


def test_half_a_cyrillic_letter_is_no_mark() -> None:
    body = RUSSIAN.encode().replace("журналистам".encode(), "журна".encode() + b"\x91" + "истам".encode())
    decoded = decode_body(body, "text/html; charset=utf-8")
    assert "журна\ufffdистам" in decoded.text
    assert not decoded.certain


@pytest.mark.parametrize("other", ["windows-1251", "koi8-r", "cp866"])
@pytest.mark.parametrize("said", ["utf-8", "windows-1251", ""])
def test_a_page_of_two_charsets_is_read_part_by_part_and_told(other: str, said: str) -> None:
    body = RUSSIAN.encode() + b"<hr>" + RUSSIAN.encode(other)
    decoded = decode_body(body, f"text/html; charset={said}")
    assert decoded.text == RUSSIAN + "<hr>" + RUSSIAN
    assert (decoded.decision, decoded.certain) == (f"utf-8 and {other} detected, broken", False)


@pytest.mark.parametrize("between", ["windows-1252", "windows-1251", "latin-1"])
def test_text_encoded_twice_is_put_right(between: str) -> None:
    text = "Министр сказал: «работа над документом продолжается»"
    twice = "".join(bytes([byte]).decode(between, "ignore") or chr(byte) for byte in text.encode())
    assert twice != text
    assert fix_double_encoding(twice) == text


@pytest.mark.parametrize(
    "text", ["РОССИЯ И СССР: «СВЯЗЬ»", "Ñandú, Ângela et Ção", "été à la plage", "Обычный текст — здесь"]
)
def test_text_encoded_once_stays_as_it_is(text: str) -> None:
    assert fix_double_encoding(text) == text


@given(st.binary(max_size=2000), st.sampled_from(["", "text/html; charset=utf-8", "text/html; charset=cp1251"]))
def test_any_bytes_become_text_that_a_store_takes(body: bytes, content_type: str) -> None:
    decode_body(body, content_type).text.encode("utf-8")


@pytest.mark.parametrize(
    "name", ["base64", "zlib", "idna", "punycode", "undefined", "rot13", "unicode_escape", "x" * 500]
)
def test_a_codec_that_is_no_charset_is_not_believed(name: str) -> None:
    """Python knows it, and would raise on it or unpack what is no text."""
    body = "Совет обсудил мост через реку".encode("windows-1251")
    assert decode_body(body, f"text/html; charset={name}").text == "Совет обсудил мост через реку"
