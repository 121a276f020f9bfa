from __future__ import annotations

import html
from pathlib import Path

import pytest

from ingest.loaders.encodings import decode
from ingest.loaders.html import is_html_document, looks_like_html, read_html

FIRST = "今天在云川市召开了科技工作会议，会议部署了全年的重点任务，力争技术合同登记额达80亿元。"
SECOND = "会议要求各单位把工作落实到企业和项目，推动科技创新与产业创新深度融合，取得更大的成效。"


def _page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html>\r\n<html><head>{head}</head>\n<body>\n{body}\n</body></html>"


def _read(body: str, head: str = "") -> str:
    raw = _page(body, head)
    text = read_html(raw).text
    for char, start, stop in zip(text.chars, text.starts.tolist(), text.stops.tolist(), strict=True):
        assert char.isspace() or char in html.unescape(raw[start:stop])
        assert stop - start != 1 or char.isspace() or raw[start] == char
    return text.chars


def test_paragraphs_become_lines_with_offsets() -> None:
    assert _read(f"<p>{FIRST}</p>\n<div>\n  <p>{SECOND}</p></div>") == f"{FIRST}\n{SECOND}"


def test_offsets_stand_after_entities_and_line_breaks() -> None:
    body = f"<p>研发投入R&amp;D&nbsp;增长&#x32;0%&hellip;&hellip;{FIRST}</p>\r\n<p>&ldquo;{SECOND}&rdquo;</p>"
    assert _read(body) == f"研发投入R&D 增长20%……{FIRST}\n“{SECOND}”"


@pytest.mark.parametrize("written", ["&amp", "&unknown;", "a & b", "&#xZZ;", "&", "&#1114112;"])
def test_odd_ampersands_cost_nothing(written: str) -> None:
    read = _read(f"<p>{FIRST}{written}</p><p>{SECOND}</p>")
    assert FIRST in read
    assert SECOND in read


@pytest.mark.parametrize(
    "ruby",
    [
        "青<ruby>屿<rp>(</rp><rt>yǔ</rt><rp>)</rp></ruby>光电",
        "青<ruby>屿<rt>yǔ</ruby>光电",
        "青<ruby>屿<rp>(<rt>yǔ<rp>)</ruby>光电",
        "<ruby>青<rt>qīng</rt>屿<rt>yǔ</rt></ruby>光电",
    ],
)
def test_readings_in_ruby_go(ruby: str) -> None:
    read = _read(f"<p>{ruby}产业园。{FIRST}</p><p>{SECOND}</p>")
    assert read == f"青屿光电产业园。{FIRST}\n{SECOND}"


@pytest.mark.parametrize("tag", ["script", "style", "noscript", "template", "svg", "button", "select", "iframe"])
def test_what_is_not_seen_is_not_text(tag: str) -> None:
    assert _read(f"<p>{FIRST}</p><{tag}>不该出现的科技局文字</{tag}><p>{SECOND}</p>") == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize("tag", ["nav", "aside", "footer", "header", "form"])
def test_furniture_is_not_the_article(tag: str) -> None:
    aside = f"<{tag}><ul><li>不该出现的栏目导航一</li><li>不该出现的栏目导航二</li></ul></{tag}>"
    assert "不该出现" not in _read(f"{aside}<article><p>{FIRST}</p><p>{SECOND}</p></article>{aside}")


def test_source_line_breaks_inside_a_paragraph_are_not_breaks() -> None:
    assert _read(f"<p>{FIRST[:10]}\r\n    {FIRST[10:]}</p><p>R&amp;D\n  spending {SECOND}</p>") == (
        f"{FIRST}\nR&D spending {SECOND}"
    )


def test_inline_marks_do_not_part_words() -> None:
    assert _read(f"<p>{FIRST[:5]}<b>{FIRST[5:9]}</b><a href='#'>{FIRST[9:]}</a></p><p>{SECOND}</p>") == (
        f"{FIRST}\n{SECOND}"
    )


def test_br_parts_lines() -> None:
    assert _read(f"<div>{FIRST}<br>{SECOND}</div>") == f"{FIRST}\n{SECOND}"


def test_tables_are_text() -> None:
    read = _read(f"<p>{FIRST}</p><table><tr><td>高新技术企业存量</td><td>七百三十家</td></tr></table><p>{SECOND}</p>")
    assert "高新技术企业存量" in read
    assert "七百三十家" in read


def test_a_page_without_an_end_is_read() -> None:
    assert read_html(f"<html><body><p>{FIRST}<p>{SECOND}").text.chars == f"{FIRST}\n{SECOND}"


def test_what_the_page_says_of_itself() -> None:
    head = (
        "<title>云川召开会议 - 云川日报</title><meta property='og:title' content='云川召开会议'>"
        "<meta property='article:published_time' content='2025-03-18T09:30:00+08:00'>"
    )
    page = read_html(_page(f"<h1>云川市召开<b>科技</b>工作会议</h1><p>{FIRST}</p><p>{SECOND}</p>", head))
    assert page.title == "云川市召开科技工作会议"
    assert page.date == "2025-03-18"


@pytest.mark.parametrize(
    ("raw", "is_html"),
    [
        ("<!DOCTYPE html><p>", True),
        ("  <HTML lang='zh'>", True),
        ("<div class='a'>", True),
        ("江门市科技局 5 < 6 且 7 > 6", False),
        ("<江门> p", False),
    ],
)
def test_html_is_told_from_text(raw: str, is_html: bool) -> None:
    assert looks_like_html(raw) == is_html


@pytest.mark.parametrize(
    "name", ["yunchuan_2025_work_meeting", "yunchuan_2025_midyear_update", "yunchuan_photonics_park"]
)
def test_the_sample_pages_keep_their_offsets(samples: Path, name: str) -> None:
    raw, _ = decode((samples / f"{name}.html").read_bytes())
    text = read_html(raw).text
    assert len(text) > 300
    for char, start, stop in zip(text.chars, text.starts.tolist(), text.stops.tolist(), strict=True):
        assert char.isspace() or html.unescape(raw[start:stop]) == char


@pytest.mark.parametrize("tag", ["button", "select", "textarea", "noscript", "svg", "template", "object", "iframe"])
def test_what_is_never_ended_does_not_hide_the_page(tag: str) -> None:
    assert _read(f"<div><{tag}>分享</div><p>{FIRST}</p><p>{SECOND}</p>") == f"{FIRST}\n{SECOND}"
    assert _read(f"<{tag}>分享<p>{FIRST}</p><div><p>{SECOND}</p></div>") == f"{FIRST}\n{SECOND}"
    assert _read(f"<p>{FIRST}<{tag}>分享</p><p>{SECOND}</p>") == f"{FIRST}\n{SECOND}"


def test_a_control_with_blocks_in_it_is_hidden_whole() -> None:
    button = "<button>打开<div>不该出现的科技局文字</div>更多</button>"
    assert _read(f"<p>{FIRST}</p>{button}<p>{SECOND}</p>") == f"{FIRST}\n{SECOND}"
    assert _read(f"<p>{FIRST[:9]}<svg><svg></svg><text>图</text></svg>{FIRST[9:]}</p><p>{SECOND}</p>") == (
        f"{FIRST}\n{SECOND}"
    )


def test_a_page_that_stands_in_one_form_is_read() -> None:
    assert _read(f"<form id='form1'><div><p>{FIRST}</p><p>{SECOND}</p></div></form>") == f"{FIRST}\n{SECOND}"


def test_what_government_sites_declare() -> None:
    head = (
        "<title>首页</title><meta name='ArticleTitle' content='云川会议召开'>"
        '<META NAME="PubDate" content="2025-03-18 09:30">'
        "<meta content='云川日报' name='ContentSource'><meta name='Author' content='白玉涛'>"
    )
    page = read_html(_page(f"<p>{FIRST}</p><p>{SECOND}</p>", head))
    assert (page.title, page.date, page.source, page.author) == ("云川会议召开", "2025-03-18", "云川日报", "白玉涛")


@pytest.mark.parametrize(
    "noise",
    [
        "<div>" * 100_000, "<b>x</b>" * 100_000, "<" * 500_000, "<!-- " * 100_000, "<p a='" * 50_001,
        f"<p title='{'x' * 3_000_000}'>", "<![CDATA[" * 50_000, "</" * 200_000, "&" * 500_000, "<!" * 200_000,
        "<button>" * 100_000, "<title>" * 50_000, "<a " + "b=c " * 200_000 + ">", "<p '\">" * 50_000,
    ],
)  # fmt: skip
def test_odd_source_costs_no_time_and_no_text(noise: str) -> None:
    """Each took the standard parser, or the extractor, from seconds to minutes, or tripped it."""
    text = read_html(f"<html><body><p>{FIRST}</p>{noise}").text
    assert FIRST in text.chars


def test_a_document_is_told_from_text_with_tags() -> None:
    assert is_html_document('\ufeff <?xml version="1.0"?>\n<!DOCTYPE html>')
    assert not is_html_document("<p>江门")
    assert not is_html_document("江门 <html>")
