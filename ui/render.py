"""From records to HTML: pure functions, and the one place where foreign text is made harmless.

The chat's messages pass through a Markdown renderer, the other panels do not; what comes out of here shows
the same in both. Page text, titles and model output only enter through ``escape``.
"""

from __future__ import annotations

import base64
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lang.cities import english_name
from lang.script import detect_language
from library.records import Answer, Article, Citation, Passage, Sentence
from rag.prompts import EXTRACT_NOTE, TRANSLATED_NOTE
from ui.jobs import Step

_AROUND = 120
_MARKER = re.compile(r"\[(\d+)\]")
_WORD = re.compile(r"\w")
# Every ASCII punctuation mark as an entity leaves nothing that HTML, Markdown or a template could read as
# markup: no tag, image, link, heading, formula or bare address.
_ENTITIES = {ord(c): f"&#{ord(c)};" for c in string.punctuation}
_ENTITIES |= {c: " " for c in (*range(32), 127) if chr(c) != "\n"}

_STATUS = {
    "partial": "部分句子未通过核对 Some sentences did not pass the checks.",
    "extractive": "原文摘录，未经模型改写 Quoted from the sources, not rewritten by a model.",
    "not_found": "书架上没有找到答案 Not found on the shelf.",
}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote between what stands around it; ``label`` is what a reader calls the article."""

    label: str
    before: str
    quote: str
    after: str


def escape(text: str) -> str:
    """Text that HTML and Markdown both show as it stands; line ends become ``<br>``.

    >>> escape("<b>*")
    '&#60;b&#62;&#42;'
    """
    return "<br>".join(text.translate(_ENTITIES).split("\n"))


def lang_tag(text: str) -> str:
    """The ``lang`` attribute's value for some text: fonts choose Chinese glyphs by it."""
    return "zh-Hans" if detect_language(text) == "zh" else "en"


def excerpt(article: Article, start: int, end: int, around: int = _AROUND) -> Excerpt:
    """``body[start:end]`` with up to ``around`` characters on each side; an ellipsis where the body goes on."""
    return replace(excerpt_of(article.body, start, end, around), label=article.label)


def excerpt_of(text: str, start: int, end: int, around: int = _AROUND) -> Excerpt:
    """``text[start:end]`` between what stands around it, with no label."""
    before, after = text[max(0, start - around) : start], text[end : end + around]
    more = "…" if end + around < len(text) else ""
    return Excerpt("", ("…" if start > around else "") + before, text[start:end], after + more)


def bare_excerpt(label: str, quote: str) -> Excerpt:
    """A quote alone, for an article that is no longer on the shelf as it was."""
    return Excerpt(label or quote[:24] + "…", "", quote, "")


# -- the answer


def question_html(question: str) -> str:
    """What the user asked."""
    return f'<span lang="{lang_tag(question)}">{escape(question)}</span>'


def understood_html(full: str) -> str:
    """What a follow-up question was taken to ask; nothing where it stands for itself.

    >>> understood_html("")
    ''
    """
    if not full:
        return ""
    return f'<br><span class="kj-small" lang="{lang_tag(full)}">理解为 Understood as: {escape(full)}</span>'


def answer_html(answer: Answer, turn: int) -> str:
    """The answer with a badge or two a sentence; its markers lead to the sources of the same ``turn``."""
    standing = [s for s in answer.sentences if s.text in answer.answer]
    fallen = [s for s in answer.sentences if s.text not in answer.answer]
    parts = [_notice(answer)] if answer.status in _STATUS else []
    parts += [_paragraph(text) for text in _unchecked(answer, standing)]
    parts += [_sentence(s, turn) for s in standing]
    if fallen:
        inner = "".join(_sentence(s, turn) for s in fallen)
        parts.append(f"<details><summary>未采用的草稿 Draft that was not used</summary>{inner}</details>")
    parts.append(f'<p class="kj-small">{escape(_made_by(answer))}</p>')
    return f'<div class="kj-answer">{"".join(parts)}</div>'


def _notice(answer: Answer) -> str:
    return f'<p class="kj-notice">{_STATUS[answer.status]}</p>'


def _made_by(answer: Answer) -> str:
    model = "" if answer.model in ("", "none") else f"{answer.model} · "
    return f"{model}{answer.seconds:.1f}\N{NO-BREAK SPACE}s"


def _unchecked(answer: Answer, standing: Sequence[Sentence]) -> list[str]:
    """What the answer says besides its checked sentences, such as a refusal in one of two languages."""
    rest = answer.answer
    for sentence in standing:
        rest = rest.replace(sentence.text, "\n", 1)
    if answer.status == "extractive":  # the notice says it already
        for note in (*EXTRACT_NOTE.values(), TRANSLATED_NOTE):
            rest = rest.replace(note, "\n")
    # Between the items of a list only a semicolon is left.
    return [line.strip() for line in rest.split("\n") if _WORD.search(line)]


def _paragraph(text: str) -> str:
    return f'<p lang="{lang_tag(text)}">{escape(text)}</p>'


def _sentence(sentence: Sentence, turn: int) -> str:
    text = _MARKER.sub("\0", sentence.text)
    numbers = iter(_MARKER.findall(sentence.text))
    pieces = [escape(piece) for piece in text.split("\0")]
    linked = pieces[0] + "".join(_marker(next(numbers), turn) + piece for piece in pieces[1:])
    return f'<p><span lang="{lang_tag(sentence.text)}">{linked}</span> {"".join(_badges(sentence))}</p>'


def _marker(n: str, turn: int) -> str:
    return f'<a class="kj-cite" href="#{anchor(turn, int(n))}">[{n}]</a>'


def anchor(turn: int, n: int) -> str:
    """The id of a source's card."""
    return f"kj-source-{turn}-{n}"


def _badges(sentence: Sentence) -> list[str]:
    reason = f"：{escape(sentence.reason)}" if sentence.reason else ""
    if sentence.numbers == "mismatch":
        return [_badge("bad", f"✗ 数字不符 Figures differ{reason}")]
    if not sentence.supported:
        return [_badge("bad", f"✗ 无依据 Unsupported{reason}")]
    figures = [_badge("good", "✓ 数字相符 Figures match")] if sentence.numbers == "ok" else []
    return [_badge("good", "✓ 有依据 Supported"), *figures]


def _badge(kind: str, inner: str) -> str:
    return f'<span class="kj-badge kj-{kind}">{inner}</span>'


# -- the sources


def sources_html(answer: Answer, excerpts: Sequence[tuple[Excerpt, Excerpt | None]], turn: int) -> str:
    """The citations of an answer, or the nearest passages where it has none.

    Args:
        answer: the answer.
        excerpts: two for each of ``answer.citations``: of the clean article, and of the page as it arrived.
        turn: tells the anchors of several answers on one page apart.
    """
    if answer.citations:
        cards = [_card(c, e, raw, turn) for c, (e, raw) in zip(answer.citations, excerpts, strict=True)]
        return f'<ol class="kj-cards">{"".join(cards)}</ol>'
    if not answer.nearest:
        return '<p class="kj-small">没有引用 No citations.</p>'
    near = "".join(map(_near, answer.nearest))
    return f'<p class="kj-notice">最相近的段落 Nearest passages</p><ol class="kj-cards">{near}</ol>'


def _card(c: Citation, e: Excerpt, raw: Excerpt | None, turn: int) -> str:
    head = _head(f"[{c.n}] {e.label}", c)
    return f'<li id="{anchor(turn, c.n)}" tabindex="-1">{head}{_marked(e)}{_as_it_arrived(raw)}</li>'


def _marked(e: Excerpt) -> str:
    return _block(f"{escape(e.before)}<mark>{escape(e.quote)}</mark>{escape(e.after)}", e.quote)


def _as_it_arrived(raw: Excerpt | None) -> str:
    if raw is None:
        return ""
    return f'<details class="kj-raw"><summary>页面原样 As it arrived</summary>{_marked(raw)}</details>'


def quote_html(e: Excerpt, raw: Excerpt | None, item: Citation) -> str:
    """One quote in its article, with a switch to the page as it arrived."""
    return f'<div class="kj-card">{_head(e.label, item)}{_marked(e)}{_as_it_arrived(raw)}</div>'


def take_away_html(answer: Answer) -> str:
    """Buttons that copy and download an answer with its citations; both work in the page, without the server."""
    text = answer_markdown(answer)
    data = base64.b64encode(text.encode()).decode()
    copied = escape_attribute(text)
    return (
        f'<p class="kj-tools"><button type="button" class="kj-copy" data-text="{copied}">复制 Copy</button> '
        f'<a class="kj-download" download="kejian-answer.md" href="data:text/markdown;charset=utf-8;base64,{data}">'
        "下载 Download</a></p>"
    )


def answer_markdown(answer: Answer) -> str:
    """A question with its answer and each source, as a text to take away."""
    lines = [f"**{answer.question}**", "", answer.answer, ""]
    lines += [f"- ✗ {s.text} ({s.reason})" for s in answer.sentences if not s.supported]
    for c in answer.citations:
        head = ", ".join(part for part in (c.title, c.city, c.published) if part)
        lines += [f"[{c.n}] {head}", f"> {c.quote}", f"{c.uri} ({c.raw_start}–{c.raw_end})", ""]
    return "\n".join(lines).rstrip() + "\n"


def escape_attribute(text: str) -> str:
    """Text for an attribute in which line ends stay."""
    return "&#10;".join(text.translate(_ENTITIES).split("\n"))


def took_html(first: float, whole: float) -> str:
    """How long the last answer took, in seconds; ``first`` is 0 where nothing was streamed."""
    begun = f"首字 First token {first:.1f}\N{NO-BREAK SPACE}s · " if first else ""
    return f'<p class="kj-small" role="status">{begun}全文 Whole answer {whole:.1f}\N{NO-BREAK SPACE}s</p>'


def _near(p: Passage) -> str:
    return f"<li>{_head(bare_excerpt(p.title, p.text).label, p)}{_block(escape(p.text), p.text)}</li>"


def _head(title: str, item: Citation | Passage) -> str:
    facts = [escape(city_label(item.city)), escape(item.published), place_html(item.uri)]
    meta = " · ".join(f for f in facts if f)
    return f'<b class="kj-title" lang="{lang_tag(title)}">{escape(title)}</b><span class="kj-small">{meta}</span>'


def _block(inner: str, text: str) -> str:
    return f'<blockquote lang="{lang_tag(text)}">{inner}</blockquote>'


def city_label(city: str) -> str:
    """The city in both languages.

    >>> city_label("汕尾")
    '汕尾 Shanwei'
    """
    return f"{city} {english_name(city)}" if city else ""


def place_html(uri: str) -> str:
    """A link for a web page; for a file its last two parts, the whole path as a tooltip."""
    try:
        web = urlsplit(uri).scheme in ("http", "https")
    except ValueError:
        web = False
    if web:
        return f'<a href="{escape(uri)}" target="_blank" rel="noopener noreferrer">{escape(uri)}</a>'
    short = "/".join(uri.replace("\\", "/").split("/")[-2:])
    return f'<span title="{escape(uri)}">{escape(short)}</span>'


def panel_html(questions: Sequence[str], sources: Sequence[str]) -> str:
    """The sources of all answers of a chat, the latest first and open."""
    if not sources:
        return '<p class="kj-small">引用的原文会显示在这里 The passages that an answer quotes appear here.</p>'
    latest, *earlier = reversed(list(zip(questions, sources, strict=True)))
    older = "".join(f"<details><summary>{question_html(q)}</summary>{s}</details>" for q, s in earlier)
    return f"{latest[1]}{older}"


# -- while waiting


def progress_html(stage: str, draft: str, seconds: float) -> str:
    """What is being done, and the draft as far as it is written."""
    text = f'<p class="kj-draft" lang="{lang_tag(draft)}">{escape(draft)}</p>' if draft.strip() else ""
    # The seconds change all the time: a screen reader should not read them out.
    clock = f'<span aria-hidden="true">{seconds:.0f} s</span>'
    return f'<div class="kj-answer">{text}<p class="kj-small">{escape(stage)} {clock}</p></div>'


def stopped_html(draft: str) -> str:
    """A draft that the user stopped."""
    text = f'<p class="kj-draft" lang="{lang_tag(draft)}">{escape(draft)}</p>' if draft.strip() else ""
    return f'<div class="kj-answer">{text}<p class="kj-notice">已停止，未核对 Stopped, not checked.</p></div>'


def problem_html(message: str) -> str:
    """One sentence on what went wrong."""
    return f'<div class="kj-answer"><p class="kj-problem" role="alert">✗ {escape(message)}</p></div>'


def status_html(text: str) -> str:
    """A line on the state of shelf or models."""
    return f'<p class="kj-small" role="status">{escape(text)}</p>'


def step_html(step: Step) -> str:
    """A progress bar with what is being done, and the time that is left."""
    bar = f' value="{step.done:.2f}" max="{step.total:.2f}"' if step.total else ""
    count = f"{step.done:.0f}/{step.total:.0f}" if step.total else ""
    left = f"剩余约 about {step.left:.0f} s left" if step.left is not None else f"{step.seconds:.0f} s"
    return (
        f'<p class="kj-small"><progress{bar}>{count}</progress> <span role="status">{escape(step.label)}</span> '
        f'<span aria-hidden="true">{count} {escape(left)}</span></p>'
    )


def frame_html(page: str, title: str) -> str:
    """A whole HTML page within this one, kept apart from it: nothing in it runs, and its links open a new tab."""
    inner = page.replace("&", "&amp;").replace('"', "&quot;")
    allowed = "allow-popups allow-popups-to-escape-sandbox"
    return f'<iframe class="kj-frame" sandbox="{allowed}" title="{escape(title)}" srcdoc="{inner}"></iframe>'
