"""What the page shows, and that nothing foreign becomes markup."""

from __future__ import annotations

import string
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.records import Answer, Citation, Passage, Sentence
from tests.fakes import shelved
from ui import render
from ui.jobs import Step

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(1)"> **bold** ![p](http://evil.example/p.png) ${1+1} {{v}}'
)
BODY = "会议部署全年工作。力争全市高企存量达3000家，新增科普基地8家。局长出席会议。"
QUOTE = "力争全市高企存量达3000家，新增科普基地8家。"


class Page(HTMLParser):
    """The tags, attributes and visible text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.marked, self._inside = "", "", 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text += "\n" if tag == "br" else ""
        self._inside += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if self._inside else ""

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def citation(n: int = 1, **other: str) -> Citation:
    start = BODY.index(QUOTE)
    fields = {"title": "江门科技", "city": "江门", "published": "2024-04-15", "uri": "/pages/2024/a.txt"} | other
    return Citation(n, "abc", **fields, start=start, end=start + len(QUOTE), quote=QUOTE, raw_start=0, raw_end=9)


def answer(*sentences: Sentence, status: str = "answered", text: str | None = None, **other: object) -> Answer:
    written = "".join(s.text for s in sentences) if text is None else text
    fields = {"citations": (citation(),), "model": "scripted", "seconds": 1.25} | other
    return Answer("问题", "zh", status, written, sentences, **fields)  # type: ignore[arg-type]


SUPPORTED = Sentence("高企存量达3000家[1]。", (1,), True, "ok")


@given(st.text())
def test_escape_leaves_nothing_that_is_markup(text: str) -> None:
    escaped = render.escape(text)
    assert not set(escaped.replace("<br>", "")) & (set(string.punctuation) - set("&#;"))
    page = Page(f"<p>{escaped}</p>")
    assert {tag for tag, _ in page.tags} <= {"p", "br"}
    assert page.text == "".join(" " if c != "\n" and (ord(c) < 32 or ord(c) == 127) else c for c in text)


def test_escape_encodes_every_mark_of_html_markdown_and_templates() -> None:
    bare = render.escape(string.punctuation)
    for entity in bare.split(";")[:-1]:
        assert entity.startswith("&#") and entity[2:].isdigit()


def test_an_answer_shows_its_sentences_with_badges_and_links_to_sources() -> None:
    page = Page(render.answer_html(answer(SUPPORTED), turn=2))
    assert "高企存量达3000家[1]。" in page.text
    assert "✓ 有依据 Supported" in page.text and "✓ 数字相符 Figures match" in page.text
    assert [a["href"] for a in page.all("a")] == ["#kj-source-2-1"]
    assert "scripted · 1.2\N{NO-BREAK SPACE}s" in page.text


def test_a_sentence_without_figures_has_no_badge_about_them() -> None:
    page = Page(render.answer_html(answer(Sentence("局长出席会议[1]。", (1,), True, "none")), 0))
    assert "Supported" in page.text and "Figures" not in page.text


@pytest.mark.parametrize(
    ("sentence", "badge"),
    [
        (
            Sentence("共4000家[1]。", (1,), False, "mismatch", "not in the cited source: 4000"),
            "✗ 数字不符 Figures differ",
        ),
        (Sentence("前景很好。", (), False, "none", "cites no source"), "✗ 无依据 Unsupported"),
    ],
)
def test_a_failed_sentence_is_shown_with_its_reason(sentence: Sentence, badge: str) -> None:
    page = Page(render.answer_html(answer(SUPPORTED, sentence, status="partial"), 0))
    assert f"{badge}：{sentence.reason}" in page.text
    assert "Some sentences did not pass the checks" in page.text
    assert not page.all("details")


def test_a_sentence_that_the_answer_left_out_is_kept_in_a_fold() -> None:
    quote = Sentence(f"{QUOTE}[1]", (1,), True, "ok")
    lost = Sentence("共4000家。", (), False, "mismatch", "not in the cited source: 4000")
    shown = answer(quote, lost, status="extractive", text=f"（原文摘录，未经模型改写）{quote.text}")
    page = Page(render.answer_html(shown, 0))
    assert "未采用的草稿" in page.text.split("共4000家")[0]
    assert page.text.count("未经模型改写") == 1


def test_a_refusal_in_one_of_two_languages_is_not_lost() -> None:
    text = f"{SUPPORTED.text}\nThe articles on the shelf do not answer this: no passage."
    page = Page(render.answer_html(answer(SUPPORTED, status="partial", text=text), 0))
    assert "The articles on the shelf do not answer this" in page.text


def test_the_joints_of_a_list_are_not_shown_as_text() -> None:
    items = [Sentence(f"({n}) 行动[{n}]", (n,), True, "none") for n in (1, 2)]
    html = render.answer_html(answer(*items, text="；".join(s.text for s in items)), 0)
    assert "；" not in Page(html).text


def test_not_found_shows_the_nearest_passages() -> None:
    near = Passage("abc", "https://example.org/a?b=1&c", "江门科技", "江门", "2024-04-15", 0, 9, BODY[:9], 0.5)
    missing = answer(status="not_found", text="书架上没有。", citations=(), nearest=(near,), model="none")
    assert "书架上没有找到答案 Not found" in Page(render.answer_html(missing, 0)).text
    page = Page(render.sources_html(missing, [], 0))
    assert "最相近的段落 Nearest passages" in page.text and BODY[:9] in page.text
    assert page.all("a")[0]["href"] == "https://example.org/a?b=1&c"
    assert page.marked == ""


def test_a_source_shows_the_quote_marked_inside_its_surroundings() -> None:
    article = shelved("a.txt", BODY, title="江门科技").article
    cited = answer(SUPPORTED)
    page = Page(render.sources_html(cited, [(render.excerpt(article, citation().start, citation().end), RAW)], 3))
    assert page.marked == QUOTE + RAW.quote
    assert BODY in page.text
    assert "[1] 江门科技" in page.text and "江门 Jiangmen · 2024-04-15 · 2024/a.txt" in page.text
    assert page.all("li")[0]["id"] == "kj-source-3-1"
    assert page.all("blockquote")[0]["lang"] == "zh-Hans"


@given(st.text(min_size=1), st.data())
def test_an_excerpt_is_cut_from_the_body(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    found = render.excerpt(shelved("a.txt", body).article, start, end, around=5)
    assert found.quote == body[start:end]
    assert body[:start].endswith(found.before.removeprefix("…" if start > 5 else ""))
    assert body[end:].startswith(found.after.removesuffix("…" if end + 5 < len(body) else ""))


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "data:text/html,x", "http://[broken", "file:///etc/passwd"])
def test_only_web_addresses_become_links(uri: str) -> None:
    page = Page(render.sources_html(answer(SUPPORTED, citations=(citation(uri=uri),)), [(EXCERPT, None)], 0))
    assert not page.all("a")


EXCERPT = render.bare_excerpt("江门科技", QUOTE)
RAW = render.excerpt_of("菜單 力爭3000家 下一條", 3, 10)


FOUL = render.Excerpt(HOSTILE, HOSTILE, HOSTILE, HOSTILE)


def test_what_is_taken_away_cannot_leave_its_attribute() -> None:
    html = render.take_away_html(answer(Sentence('a" onclick="x', (1,), False, "none", HOSTILE), text=HOSTILE))
    (button,) = Page(html).all("button")
    assert set(button) == {"type", "class", "data-text"} and HOSTILE in button["data-text"]
    assert Page(html).all("a")[0]["href"].startswith("data:text/markdown;charset=utf-8;base64,")


def test_a_framed_page_cannot_leave_its_frame() -> None:
    html = render.frame_html('<p title="x">"</iframe><script>alert(1)</script>', "报告")
    ((tag, attrs),) = Page(html).tags
    assert tag == "iframe" and "</iframe><script>" in attrs["srcdoc"] and "allow-scripts" not in attrs["sandbox"]


def test_hostile_text_stays_text_everywhere() -> None:
    bad = Sentence(HOSTILE, (1,), False, "none", HOSTILE)
    cited = answer(
        bad, status="partial", citations=(citation(title=HOSTILE, uri=HOSTILE, city="江门<b>"),), model=HOSTILE
    )
    near = Passage("abc", HOSTILE, HOSTILE, "", HOSTILE, 0, 1, HOSTILE, 0.5)
    missing = answer(status="not_found", text=HOSTILE, citations=(), nearest=(near,))
    shown = [
        render.step_html(Step(1, 2, HOSTILE, 3)), render.question_html(HOSTILE),
        render.answer_html(cited, 0), render.answer_html(missing, 0),
        render.sources_html(cited, [(FOUL, FOUL)], 0), render.quote_html(FOUL, FOUL, citation(title=HOSTILE)),
        render.sources_html(missing, [], 0), render.progress_html("…", HOSTILE, 1), render.stopped_html(HOSTILE),
        render.problem_html(HOSTILE), render.status_html(HOSTILE),
    ]  # fmt: skip
    for html in shown:
        assert not {"script", "img", "b"} & {tag for tag, attrs in Page(html).tags if attrs.get("class") != "kj-title"}
        assert (
            "**" not in html and "![" not in html and "${" not in html and "{{" not in html and "onerror=" not in html
        )
        assert "<script>alert(1)</script>" in Page(html).text


def test_the_panel_shows_the_latest_sources_first_and_folds_the_earlier() -> None:
    page = Page(render.panel_html(["一？", "二？"], ["<p>first</p>", "<p>second</p>"]))
    assert page.text.index("second") < page.text.index("一？") < page.text.index("first")
    assert len(page.all("details")) == 1
    assert "appear here" in Page(render.panel_html([], [])).text


def test_each_text_says_its_language() -> None:
    assert Page(render.question_html("高企存量是多少？")).all("span")[0]["lang"] == "zh-Hans"
    assert Page(render.question_html("How many enterprises?")).all("span")[0]["lang"] == "en"
