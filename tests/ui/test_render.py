"""Foreign text is shown as it stands, whatever it tries."""

from __future__ import annotations

import html
import re

import pytest

from library.records import Answer, Citation, Passage, Sentence
from tests.fakes import shelved
from ui import render

HOSTILE = "<script>alert(1)</script> ![x](http://x/y.png) [a](javascript:1) **b** `c` $$d$$ \"' &lt;"
ALLOWED = {"a", "article", "b", "blockquote", "br", "cite", "dd", "details", "div", "dl", "dt", "em", "h2", "h3", "li",
           "mark", "ol", "p", "section", "small", "span", "strong", "summary", "ul"}  # fmt: skip


def citation(text: str, n: int = 1) -> Citation:
    return Citation(n, "a", text, text, text, text, 2, 5, text, 2, 5)


def answer(text: str, **changes: object) -> Answer:
    sentences = (Sentence(f"{text}[1]", (1,), True, "ok"), Sentence(text, (), False, "mismatch", text))
    values = {"question": text, "language": "zh", "status": "partial", "answer": text, "sentences": sentences,
              "citations": (citation(text),), "model": text, "seconds": 1.0, "nearest": ()}  # fmt: skip
    return Answer(**{**values, **changes})  # type: ignore[arg-type]


def pages(text: str) -> list[str]:
    excerpt = render.Excerpt(text, text, text, text)
    near = (Passage("a", text, text, text, text, 0, 3, text, 1.0),)
    refused = answer(text, status="not_found", sentences=(), citations=(), nearest=near)
    return [
        render.question_html(text),
        render.answer_html(answer(text), 0),
        render.answer_html(refused, 0),
        render.sources_html(answer(text), [excerpt], 0),
        render.sources_html(refused, [excerpt], 0),
        render.panel_html([text], ["<div></div>"]),
        render.progress_html(text, text, 1.0),
        render.stopped_html(text),
        render.problem_html(text),
    ]


@pytest.mark.parametrize("number", range(9))
def test_nothing_foreign_becomes_markup(number: int) -> None:
    page = pages(HOSTILE)[number]
    assert set(re.findall(r"<\s*/?\s*(\w+)", page)) <= ALLOWED
    assert not re.search(r"<[^>]*(?:\son\w+\s*=|javascript:)", page)
    for mark in ("![", "](", "**", "$$", "`"):
        assert mark not in page


def test_the_reader_sees_what_stood_there() -> None:
    shown = html.unescape(re.sub(r"<[^>]+>", "", render.question_html("a < b & 《c》")))
    assert shown == "a < b & 《c》"


def test_badges_say_in_words_what_was_checked() -> None:
    page = render.answer_html(answer("甲"), 0)
    assert "有依据 Supported" in page
    assert "甲" in page


def test_a_marker_leads_to_its_source() -> None:
    target = re.search(r'href="#([^"]+)"', render.answer_html(answer("甲"), 3))
    assert target is not None
    assert f'id="{target[1]}"' in render.sources_html(answer("甲"), [render.Excerpt("题", "前", "甲", "后")], 3)


def test_an_excerpt_shows_the_quote_in_its_surroundings() -> None:
    article = shelved("x.txt", "零一二三四五六七八九" * 40).article
    found = render.excerpt(article, 200, 210, around=5)
    assert (found.before, found.quote, found.after) == ("…五六七八九", "零一二三四五六七八九", "零一二三四…")
    assert render.excerpt(article, 0, 10, around=5).before == ""
