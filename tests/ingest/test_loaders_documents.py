"""Word documents, PDF, Markdown and mail: their text, its places and what they say of themselves."""

from __future__ import annotations

import io
from datetime import datetime
from email.message import EmailMessage

import docx
import pytest

from ingest.loaders import RawPage, Source, read_page
from ingest.loaders.markdown import read_markdown

FIRST = "今天在云川市召开了科技工作会议，会议部署了全年的重点任务，力争技术合同登记额达80亿元。"
SECOND = "会议要求各单位把工作落实到企业和项目，推动科技创新与产业创新深度融合，取得更大的成效。"


def _read(name: str, data: bytes) -> RawPage:
    page = read_page(Source(name, lambda: data), data)
    for char, start, stop in zip(page.text.chars, page.text.starts.tolist(), page.text.stops.tolist(), strict=True):
        assert stop - start != 1 or char.isspace() or page.raw[start] == char
    return page


def _docx() -> bytes:
    document, saved = docx.Document(), io.BytesIO()
    document.core_properties.title, document.core_properties.author = "云川会议", "白玉涛"
    document.core_properties.created = datetime(2025, 3, 18)
    document.add_heading("云川市召开会议", 1)
    document.add_paragraph(FIRST)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["指标", "目标", "高企存量", "730家"], strict=True):
        cell.text = text
    document.add_paragraph(SECOND)
    document.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("name", ["a.docx", "a.zip", "a.txt", "https://x.example/download?id=3"])
def test_a_word_document_is_read_in_order_with_its_tables(name: str) -> None:
    page = _read(name, _docx())
    assert page.raw == f"云川市召开会议\n{FIRST}\n指标\t目标\n高企存量\t730家\n{SECOND}"
    assert (page.title, page.author, page.date) == ("云川会议", "白玉涛", "2025-03-18")


def _chinese_pdf(text: str) -> bytes:
    """A PDF of one line in the predefined UCS-2 encoding, without an embedded font, as many offices make."""
    stream = b"BT /F 12 Tf 20 200 Td <" + text.encode("utf-16-be").hex().encode() + b"> Tj ET"
    font = b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>"
    inner = (
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 2>>/DW 1000/FontDescriptor 7 0 R>>"
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        font,
        inner,
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800"
        b"/Descent -200/CapHeight 700/StemV 80>>",
        b"<</Title<FEFF" + "云川会议".encode("utf-16-be").hex().encode() + b">/CreationDate(D:20250318093000+08'00')>>",
    ]
    made = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return made + b"trailer<</Size 9/Root 1 0 R/Info 8 0 R>>\n%%EOF"


def test_a_chinese_pdf_without_fonts_is_read() -> None:
    page = _read("a.pdf", _chinese_pdf(FIRST))
    assert page.raw.strip() == FIRST
    assert (page.title, page.date) == ("云川会议", "2025-03-18")


def test_radicals_that_stand_for_characters_are_characters() -> None:
    assert _read("a.pdf", _chinese_pdf("⼀⼆⽔⽕⾦⻓⻋⻢⻔⻚⻛⻰")).raw.strip() == "一二水火金长车马门页风龙"


def test_markdown_loses_its_marks_and_keeps_its_places() -> None:
    raw = (
        "---\ntitle: 云川会议\ndate: 2025-03-18\nauthor: [白玉涛, 方金旺]\nsource: 云川日报\n---\n"
        f"# 云川市召开会议\r\n\r\n> {FIRST}\n\n- **重点**：[{SECOND}](https://x.example/a_b_c)\n![图](a.png)\n"
        "| 指标 | 目标 |\n|---|:-:|\n| 高企 | 730家 |\n\n```\nx_1 = *a*\n```\n snake_case_name 和 2*3*4 与 \\*星\n***\n"
    )
    page = _read("a.md", raw.encode())
    assert [line.strip() for line in page.text.chars.splitlines() if line.strip()] == [
        "云川市召开会议", FIRST, f"重点：{SECOND}", "指标 \t 目标", "高企 \t 730家", "x_1 = *a*",
        "snake_case_name 和 2*3*4 与 *星",
    ]  # fmt: skip
    assert (page.title, page.date, page.author, page.source) == (
        "云川会议", "2025-03-18", "白玉涛、方金旺", "云川日报"
    )  # fmt: skip


@pytest.mark.parametrize("front", ["a: &a [x]\nb: *a", "[", "- x", "a: !!python/object:os.system x", "{" * 5000])
def test_odd_front_matter_costs_nothing(front: str) -> None:
    assert FIRST in read_markdown(f"---\n{front}\n---\n{FIRST}").text.chars


def test_the_first_heading_is_the_title() -> None:
    assert read_markdown(f"说明\n\n## **云川**会议 ##\n{FIRST}").title == "云川会议"


def _mail(sender: str, charset: str = "gb18030", html: bool = True) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, "云川会议召开"
    message["Date"] = "Tue, 18 Mar 2025 09:30:00 +0800"
    message.set_content(FIRST, charset=charset)
    if html:
        message.add_alternative(f"<html><body><p>{FIRST}</p><p>{SECOND}</p></body></html>", "html", charset=charset)
    message.add_attachment("附件不是正文", filename="a.txt")
    return message.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "gbk", "gb18030"])
def test_the_html_part_of_a_mail_is_its_page(charset: str) -> None:
    page = _read("a.eml", _mail("白玉涛 <bai@x.example>", charset))
    assert page.text.chars == f"{FIRST}\n{SECOND}"
    assert (page.title, page.date, page.author, page.source) == ("云川会议召开", "2025-03-18", "白玉涛", "")


def test_a_mail_of_plain_text_from_an_office() -> None:
    page = _read("a.eml", _mail("云川市科技局 <news@x.example>", html=False))
    assert page.raw.strip() == FIRST
    assert (page.author, page.source) == ("", "云川市科技局")


@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "page"])
def test_a_page_saved_by_a_browser(name: str) -> None:
    message = EmailMessage()
    message["Subject"], message["MIME-Version"] = "云川会议", "1.0"
    message.make_related()
    part = EmailMessage()
    part.set_content(f"<html><body><p>{FIRST}</p><p>{SECOND}</p></body></html>", "html", cte="quoted-printable")
    message.attach(part)
    page = _read(name, b"From: <Saved by Blink>\n" + message.as_bytes())
    assert (page.text.chars, page.title, page.author, page.source) == (f"{FIRST}\n{SECOND}", "云川会议", "", "")


def test_raw_gbk_in_a_header_is_read() -> None:
    head = "From: 云川市科技局 <a@x.example>\r\nSubject: 云川市召开科技工作会议\r\nMIME-Version: 1.0\r\n".encode("gbk")
    page = _read("a.eml", head + b"Content-Type: text/plain; charset=gb2312\r\n\r\n" + FIRST.encode("gbk"))
    assert (page.title, page.raw) == ("云川市召开科技工作会议", FIRST)
