from __future__ import annotations

import codecs
import gzip

import pytest

from ingest.loaders.encodings import decode
from library.errors import PageError

SIMPLIFIED = "江门市科技局召开工作会议，力争全年技术合同登记额达80亿元，增长20%以上。会议要求各单位落实到企业。\r\n"
TRADITIONAL = "江門市科技局召開工作會議，力爭全年技術合同登記額達80億元，增長20%以上。會議要求各單位落實到企業。\r\n"
UNBROKEN = "江门市科技局召开工作会议要求各单位落实"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("text", [SIMPLIFIED, SIMPLIFIED * 30])
def test_simplified_pages(text: str, written: str, told: str) -> None:
    assert decode(text.encode(written)) == (text, told)


@pytest.mark.parametrize("written", ["utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be"])
def test_traditional_pages(written: str) -> None:
    assert decode(TRADITIONAL.encode(written)) == (TRADITIONAL, written)


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")])
def test_a_byte_order_mark_is_not_part_of_the_text(mark: bytes, encoding: str) -> None:
    assert decode(mark + SIMPLIFIED.encode(encoding)) == (SIMPLIFIED, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_and_without_ascii(encoding: str) -> None:
    assert decode(UNBROKEN.encode(encoding)) == (UNBROKEN, encoding)


@pytest.mark.parametrize(
    ("declared", "written"),
    [("gb2312", "gb18030"), ("GBK", "gb18030"), ("big5", "big5"), ("utf-8", "gb18030"), ("big5", "gb18030"),
     ("shift_jis", "gb18030"), ("x-unknown", "gb18030"), ("undefined", "gb18030"), ("idna", "gb18030")],
)  # fmt: skip
def test_a_declared_charset_is_a_hint_that_may_lie(declared: str, written: str) -> None:
    text = f'<html><head><meta charset="{declared}"></head>{TRADITIONAL}'
    assert decode(text.encode(written)) == (text, written)


def test_characters_outside_the_declared_gb2312_are_kept() -> None:
    text = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">' + SIMPLIFIED + "陶喆说，CO₂排放"
    assert decode(text.encode("gb18030"))[0] == text


@pytest.mark.parametrize(
    ("mark", "encoding"), [(b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (b"", "gb18030"), (b"", "big5")]
)
def test_a_few_broken_bytes_do_not_cost_the_page(mark: bytes, encoding: str) -> None:
    data = bytearray((TRADITIONAL * 20).encode(encoding))
    data[301] = data[901] = 0xFF
    text, told = decode(mark + bytes(data))
    assert told == encoding
    assert 1 <= text.count("\ufffd") <= 8
    assert text.count("科技局召開工作會議") >= 18


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_a_page_that_was_cut_inside_a_character(encoding: str) -> None:
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else b""
    text, told = decode(mark + (UNBROKEN * 20).encode(encoding)[:-1])
    assert told == encoding
    assert text.startswith(UNBROKEN * 19)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 20,
        b"\0" * 200,
        b"%PDF-1.4\n" + bytes(range(128, 256)) * 30,
        gzip.compress(SIMPLIFIED.encode() * 50, mtime=0),
        b"\x89PNG\r\n\x1a\n" + b"\0\1\2\3" * 100,
        "Caf\xe9".encode("cp1252"),
    ],
)
def test_what_is_not_text_is_refused_with_a_remedy(data: bytes) -> None:
    with pytest.raises(PageError, match="save it as UTF-8"):
        decode(data)


def test_plain_ascii() -> None:
    assert decode(b"RMB 8 billion\n") == ("RMB 8 billion\n", "utf-8")


@pytest.mark.parametrize(
    "text", ["The Café opened in spring, and the laboratories met.", "Élan vital: the naïve façade of a señor in Köln."]
)
def test_english_with_a_few_accents_is_read_as_cp1252(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, "cp1252")


def test_utf_8_of_any_language_with_a_broken_byte() -> None:
    data = bytearray(("Größe, Übermaß und Fußläufigkeit. " * 20).encode())
    data[100] = 0xFF
    text, told = decode(bytes(data))
    assert told == "utf-8"
    assert text.count("Größe") >= 18


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_of_english_without_a_mark(encoding: str) -> None:
    text = "The science park opened today.\r\n"
    assert decode(text.encode(encoding)) == (text, encoding)


def test_a_hint_from_the_server_is_used_and_may_lie() -> None:
    assert decode(TRADITIONAL.encode("big5"), "big5")[0] == TRADITIONAL
    assert decode(SIMPLIFIED.encode("gb18030"), "utf-8") == (SIMPLIFIED, "gb18030")
    assert decode(SIMPLIFIED.encode("gb18030"), "no such charset")[0] == SIMPLIFIED


@pytest.mark.parametrize(
    ("written", "misread", "told"),
    [
        ("gb18030", "latin-1", "gb18030 read as latin-1"),
        ("utf-8", "latin-1", "utf-8 read as latin-1"),
        ("utf-8", "gb18030", "utf-8 read as gb18030"),
    ],
)
def test_a_file_that_was_misread_and_saved_is_read_as_meant(written: str, misread: str, told: str) -> None:
    text = "惠州市政府网"  # in UTF-8 an even number of bytes, every pair of them one of GBK: none was lost
    assert decode(text.encode(written).decode(misread).encode()) == (text, told)


def test_text_that_is_right_is_not_undone() -> None:
    text = "Café Müller, Zürich: 惠州市召开科技工作会议"
    assert decode(text.encode()) == (text, "utf-8")
