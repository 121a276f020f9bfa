"""Whether two figures are said of the same thing, by the words around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

import rjieba

from lang.claims.frames import Figure, Frame, without_bases
from lang.claims.rivals import fits_another
from lang.claims.vocabulary import HEADLESS, WORD, chinese_words, english_words
from lang.concepts import Mention, find_concepts, find_grades, find_levels, find_mentions, kinds_of
from lang.dictionary import english_stems, is_glossed, stem
from lang.places import find_places
from lang.script import count_han, to_simplified

_PHRASE = re.compile(r"(?:\s(?!(?:" + HEADLESS + r")\b)[A-Za-z][A-Za-z'’-]+)+")


def subject_differs(claim: Figure, quote: Figure, source: Frame, question: str) -> bool:
    """Whether the claim's words stand with another figure of the source, or nowhere in it."""
    concepts = _mentions(claim)
    if not concepts and not chinese_words(claim.own):
        concepts = tuple(find_mentions(to_simplified(question)))
    if _concepts_differ(concepts, quote, source):
        return True
    if _levels_differ(claim, quote, source) or _grades_differ(claim, quote) or _wholes_differ(claim, quote):
        return True
    if _words_differ(claim, concepts, source, question):
        return True
    return fits_another(claim, concepts, quote, source)


def is_anothers_span(claim: Figure, quote: Figure, source: Frame) -> bool:
    """Whether a claim tells a span of time of what another of the source's is: 存续期12年，其中投资期7年."""
    spans = [f for f in source.figures if f.start != quote.start and f.unit == quote.unit]
    return bool(spans) and fits_another(claim, _mentions(claim), quote, source)


_RANKINGS = frozenset(("nation", "province", "world"))


def ranked_for_another(claim: str, quotes: Sequence[str], foremost: re.Pattern[str]) -> bool:
    """Whether the first place that a claim tells of is, in its quotes, that of something else that they name."""
    named = find_mentions(claim)
    parts = [part for text in quotes for part in re.split("[。；;]", text)]
    first = " ".join(part for part in parts if foremost.search(part))
    rest = " ".join(part for part in parts if not foremost.search(part))
    scopes = [{p.name for p in find_places(text)} & _RANKINGS for text in (claim, first)]
    if scopes[0] and not scopes[0] & scopes[1]:
        return True
    return any(_borne(m, rest) for m in named) and not any(_borne(m, first) for m in named)


def _mentions(f: Figure) -> tuple[Mention, ...]:
    """Of a claim's figure: what its own stretch names, else the nearest stretch before it that names something."""
    stretches = (
        (f.own,)
        if chinese_words(f.own) or (count_han(f.own) < 3 and english_words(f.own))
        else (f.own, f.shared, *f.lead, *f.earlier)
    )
    return next(filter(None, (tuple(find_mentions(s)) for s in stretches)), ())


def _concepts_differ(concepts: tuple[Mention, ...], quote: Figure, source: Frame) -> bool:
    """Whether what the claim names is not at the quote's figure at all, or most of it nowhere in the source."""
    if not concepts:
        return False
    subject = next((s for s in (quote.own, quote.shared, *quote.lead, *quote.earlier) if find_concepts(s)), "")
    # 对省重点实验室，给予#; a rank is that of the whole sentence
    topics = takewhile(lambda s: s[-1:] != "；" if quote.kind == "ordinal" else "#" not in s, quote.lead)
    near, wide = " ".join((quote.own, subject, *topics)), f"{source.text} {source.title}"
    if not subject:  # a quote that names nothing itself is about what was named before it
        wide += source.before
    if subject and not any(_borne(m, near) or _partly(m, near, wide) for m in concepts):
        return True
    return 2 * sum(_borne(m, wide) or _partly(m, wide, wide) for m in concepts) <= len(concepts)


def _borne(mention: Mention, context: str) -> bool:
    """Whether an indicator, or something that is a kind of it, or its words are in the context."""
    there = find_concepts(context)
    if any(name in kinds_of(other) for name in mention.names for other in there):
        return True
    if not mention.form.isascii():
        return mention.form in context
    stems = {stem(w) for w in WORD.findall(mention.form)}
    return bool(stems) and stems <= english_stems(context)


def _partly(mention: Mention, near: str, wide: str) -> bool:
    """Whether the parts of an indicator are told apart: 科普 before a list, and 活动 at its end."""
    parts, wide = [_parts(name) for name in mention.names], without_bases(wide)
    return any(
        len(p) > 1 and all(part in wide for part in p) and any(part in near for part in p if part not in _USUAL)
        for p in parts
    )


def _parts(name: str) -> list[str]:
    return [name[:2], name[2:]] if len(name) == 4 else [p for p in rjieba.cut(name) if len(p) > 1]


# Parts of so many indicators that they tell nothing.
_USUAL = frozenset(
    "企业 技术 科技 专利 实验室 高新技术 人才 中心 创新 重点 研发 工程 合同 投资 收入 产业 机构 面积".split()
)


def _levels_differ(claim: Figure, quote: Figure, source: Frame) -> bool:
    mine, theirs = find_levels(claim.own), find_levels(quote.own) or find_levels(quote.shared)
    everywhere = theirs or find_levels(" ".join((*quote.lead, source.title)))
    return bool(mine - everywhere) or bool(mine and theirs and not mine & theirs)


def _grades_differ(claim: Figure, quote: Figure) -> bool:
    """Whether both are of a grade, and of no common one: 一等奖 and 二等奖, 首次认定 and 重新认定."""
    mine = find_grades(claim.own) or find_grades(claim.shared)
    theirs = next(filter(None, map(find_grades, (quote.own, quote.shared, *quote.lead[:1]))), frozenset())
    return bool(mine and theirs and not mine & theirs)


# What a share is of: 占X的42%, X的42%, 42% of X.
_WHOLE = (
    re.compile(
        r"占(?:了|到)?(?P<whole>[^，。；#占]{2,24}?)(?:总[数量额])?的?(?:比重|比例|份额)?(?:的|约|为|超过?|近|达到?)*\s*$"
    ),
    re.compile(r"(?P<whole>[^，。；#占]{2,20}?)(?:中有?|里有?|的|中的)\s*$"),
)
_WHOLE_EN = re.compile(r"\s*(?:of|in)\s(?P<whole>[^,.;]{3,80})", re.I)
_SCOPE = re.compile("全市|全省|全国")
_ENTIRE = re.compile(r"全[市省国社]会?|所有|全部|\b(?:all|total|overall|entire|whole|(?:city|nation)wide)\b", re.I)


def _wholes_differ(claim: Figure, quote: Figure) -> bool:
    """Whether a share is told of all there is, which the quote tells of a part: 企业研发经费的42%, 42% of all R&D."""
    if claim.kind != "percent" or quote.kind != "percent":
        return False
    mine, theirs = _whole(claim), _whole(quote)
    scopes = [set(_SCOPE.findall(text)) for text in (mine, theirs)]
    if all(scopes) and not scopes[0] & scopes[1]:
        return True
    if not (mine and theirs and _ENTIRE.search(mine)) or _ENTIRE.search(theirs):
        return False
    if count_han(mine) > 2:
        plain = _ENTIRE.sub("", mine).strip("的 ")
        return bool(plain) and theirs != plain and theirs.endswith(plain)
    named = find_concepts(mine)
    narrower = [m for m in find_mentions(theirs) if not any(n in kinds_of(o) for n in m.names for o in named)]
    return bool(named and narrower)


def _whole(f: Figure) -> str:
    found = next((m for m in (pattern.search(f.before) for pattern in _WHOLE) if m), None)
    found = found or _WHOLE_EN.match(f.after)
    return found["whole"] if found else ""


def _words_differ(claim: Figure, concepts: tuple[Mention, ...], source: Frame, question: str) -> bool:
    context = f"{source.text} {source.title} {source.city}"
    if count_han(claim.own) > 2:
        foreign, grounded = _chinese(claim.own, context)
        foreign = {w for w in foreign if w not in question or w not in source.before}
        return bool(foreign) and not (grounded and len(foreign) < 2)
    foreign, grounded = _english(claim.own, context)
    phrase = _head(claim)
    if phrase and phrase[-1] in foreign and not grounded & set(phrase):
        return True
    matched = any(_borne(m, context) for m in concepts)
    return len(foreign) > 0 and not grounded and not matched


def _chinese(own: str, context: str) -> tuple[set[str], set[str]]:
    """Nouns of a Chinese stretch that nothing in the context resembles, and those that stand there."""
    foreign, grounded = set(), set()
    for word in chinese_words(own):
        if word in context or any(a + b in context for a, b in pairwise(word)):
            grounded.add(word)
        elif sum(c in context for c in word) * 2 < len(word):
            foreign.add(word)
    return foreign, grounded


def _english(own: str, context: str) -> tuple[set[str], set[str]]:
    there = english_stems(context) | {stem(w) for w in WORD.findall(context)}
    foreign, grounded = set(), set()
    for word in english_words(own):
        if stem(word) in there:
            grounded.add(word)
        elif is_glossed(word):
            foreign.add(word)
    return foreign, grounded


def _head(claim: Figure) -> list[str]:
    """What an English figure counts: road, bridges of "12 new road bridges over"; empty where no noun follows."""
    phrase = _PHRASE.match(" " + claim.after.lstrip() if claim.after else "")
    if not phrase:
        return []
    words = [w.lower() for w in WORD.findall(phrase.group())]
    while len(words) > 1 and words[-1].endswith(("ed", "ing")):
        words.pop()  # universities presented, people working: what they do is no noun
    left = [w for w in words if w in english_words(phrase.group())]
    return left if left and words and left[-1] == words[-1] else []
