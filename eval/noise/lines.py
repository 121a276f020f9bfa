"""Damage to lines: paragraphs for an article that has lost them, hard wraps, running headers."""

from __future__ import annotations

import re
from random import Random

from eval.noise.damaged import Damaged, Spot
from ingest.origin import Edit
from lang.script import is_han

_OLD_BREAK = re.compile(r"(?<=[。！？”）…])[ \u00a0\u3000]{2,}(?=\S)")
_RUN = re.compile("[ \u00a0\u3000]{2,}")
_SENTENCE_END = re.compile(r"[。！？][”’）]*(?=[^\s。！？”’）])")
_MIN_TAIL = 30  # characters; less is a source or an editor, which belongs to the paragraph before
# What a scraper left in front of an article: a time, a place, the label of a field.
_LEAD = re.compile(r"^(?:[^。！？\n]{0,60}?正文：|原标题：)\s*")
_STOPS = "。！？…”）"
_HEADERS = (
    "在全市科技创新大会上的讲话", "科技工作务虚会议", "内部资料 注意保存", "政府工作报告（征求意见稿）", "工作简报",
    "市委办公室文件", "调研报告", "年度工作总结", "会议纪要", "专报信息", "产业发展规划（2021—2025年）", "实施方案",
    "经验交流材料", "要情摘报", "高新技术企业培育行动计划", "公示材料", "技术合同登记工作手册",
    "党组理论学习中心组材料",
)  # fmt: skip
_NUMBERS = ("- {} -", "第{}页", "第 {} 页 共 28 页", "—{}—", "{}", "{}/28")


def headline(text: str, longest: int = 30) -> str:
    """A headline made of an article's beginning: its first sentence up to a comma, or cut; empty where none fits.

    >>> headline("原标题：江海两岸通了车，市民叫好。今天上午")
    '江海两岸通了车，市民叫好'
    """
    first = re.split(r"[。！？\n]", _LEAD.sub("", text.strip()))[0][:longest].strip()
    at = max(first.rfind("，"), first.rfind(" ")) if len(first) == longest else 0
    first = first[:at] if at >= longest // 3 else first
    return first if sum(map(is_han, first)) >= 8 else ""


def paragraphs(text: str, rng: Random) -> str:
    """An article in paragraphs of two to five sentences, where its white space does not tell of older ones.

    >>> paragraphs("甲。   乙。", Random(0))
    '甲。\\n乙。'
    """
    text = _RUN.sub(" ", _OLD_BREAK.sub("\n", text.strip()))
    cuts, due = list[int](), rng.randrange(2, 6)
    for m in _SENTENCE_END.finditer(text):
        due -= 1
        if due <= 0 and len(text) - m.end() >= _MIN_TAIL:
            cuts.append(m.end())
            due = rng.randrange(2, 6)
    pieces = [text[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return "\n".join(pieces)


def wraps(page: Damaged, rng: Random) -> Damaged:
    """Breaks lines inside sentences and words; what parts paragraphs stays.

    Seven in ten pages are wrapped at one width of 30 to 80 characters, three in ten only here and there, as at the
    pages' ends of a document. A quarter have spaces before the break, a quarter an indent at paragraphs, one break
    in thirty is followed by another within six characters. Figures and Latin words are never split.
    """
    fixed = rng.random() < 0.7
    width, pad = rng.randrange(30, 81), rng.choice(("", "", "", "  "))
    indent, gap = rng.choice(("", "", "", "　　")), rng.choice(("\n", "\n", "\n\n"))
    edits, spots, start = list[Edit](), list[Spot](), 0
    for line in page.page.split("\n"):
        for at in _cuts(line, width - len(indent), rng) if fixed else _page_ends(line, rng):
            first, _ = page.clean_span(start + at - 1, start + at)
            edits.append((start + at, start + at, pad + "\n"))
            spots.append(Spot("join", first, first + 2))
        start += len(line) + 1
        if start < len(page.page):
            edits.append((start - 1, start, gap + indent))
            before, after = page.clean_span(start - 2, start - 1)[0], page.clean_span(start, start + 1)[1]
            spots.append(Spot("keep", before, after))
    return page.edited(edits, spots).called("fixed" if fixed else "pages")


def _cuts(line: str, width: int, rng: Random) -> list[int]:
    cuts, at = list[int](), 0
    while len(line) - at > width:
        at = _next_place(line, at + width)
        if at >= len(line):
            break
        cuts.append(at)
        if rng.random() < 1 / 30:
            at = _next_place(line, at + rng.randrange(2, 7))
            cuts += [at] if at < len(line) else []
    return cuts


def _page_ends(line: str, rng: Random) -> list[int]:
    """A break or two in a long paragraph, never behind a stop, where it would look like a paragraph's end."""
    cuts = list[int]()
    if len(line) > 90 and rng.random() < 0.6:
        at = _next_place(line, rng.randrange(40, len(line) - 20))
        cuts += [at] if at < len(line) - 1 and line[at - 1] not in _STOPS else []
    return cuts


def _next_place(line: str, at: int) -> int:
    """The first place from there on between two characters of which neither is ASCII or a space."""
    while at < len(line) and not all(c > "\u007f" and not c.isspace() for c in line[at - 1 : at + 1]):
        at += 1
    return at


def headers(page: Damaged, rng: Random) -> Damaged:
    """Lets a running header land inside one to three sentences, often cut off, often with a page number."""
    text, edits, spots = page.page, list[Edit](), list[Spot]()
    places = [i for i in range(30, len(text) - 10) if is_han(text[i - 1]) and is_han(text[i])]
    header = rng.choice(_HEADERS)
    for at in sorted(rng.sample(places, min(rng.randrange(1, 4), len(places)))):
        shown = header[rng.randrange(len(header) // 2) :] if rng.random() < 0.4 else header
        number = rng.choice(_NUMBERS).format(rng.randrange(1, 28)) if rng.random() < 0.4 else ""
        edits.append((at, at, rng.choice(("", "\n")) + f"{shown} {number}".strip() + "\n"))
        first, _ = page.clean_span(at - 1, at)
        spots.append(Spot("header", first, first + 2))
    return page.edited(edits, spots, added=1)
