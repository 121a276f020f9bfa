"""Whether two figures are said of the same thing, by the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

import rjieba

from lang.claims.frames import Figure, Frame
from lang.claims.status import status_of
from lang.claims.vocabulary import COMMON_EN, COMMON_ZH, HEADLESS
from lang.concepts import Mention, find_concepts, find_levels, find_mentions, kinds_of, without_concepts
from lang.dates import agree
from lang.dictionary import english_stems, is_glossed, stem
from lang.places import find_places
from lang.script import count_han, is_han, to_simplified

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]")
_PHRASE = re.compile(r"(?:\s(?!(?:" + HEADLESS + r")\b)[A-Za-z][A-Za-z'’-]+)+")
# How much better another figure's words must fit before the claim counts as taken from there.
_MARGIN = 0.35


def subject_differs(claim: Figure, quote: Figure, source: Frame, question: str) -> bool:
    """Whether the claim's words stand with another figure of the source, or nowhere in it."""
    concepts = _mentions(claim)
    if not concepts and not _content(claim.own):
        concepts = tuple(find_mentions(to_simplified(question)))
    if _concepts_differ(concepts, quote, source):
        return True
    if _levels_differ(claim, quote, source):
        return True
    if _words_differ(claim, concepts, quote, source, question):
        return True
    return _fits_another(claim, concepts, quote, source)


def _concepts(f: Figure) -> frozenset[str]:
    """The indicators at a figure; where its own stretch names none, those of the nearest before it that does."""
    return next(filter(None, map(find_concepts, (f.own, f.shared, *f.lead, *f.earlier))), frozenset())


def _mentions(f: Figure) -> tuple[Mention, ...]:
    """Of a claim's figure: what its own stretch names, else the nearest stretch before it that names something."""
    stretches = (
        (f.own,)
        if _content(f.own) or (count_han(f.own) < 3 and _words(f.own))
        else (f.own, f.shared, *f.lead, *f.earlier)
    )
    return next(filter(None, (tuple(find_mentions(s)) for s in stretches)), ())


def _concepts_differ(concepts: tuple[Mention, ...], quote: Figure, source: Frame) -> bool:
    """Whether what the claim names is not at the quote's figure at all, or most of it nowhere in the source."""
    if not concepts:
        return False
    subject = next((s for s in (quote.own, quote.shared, *quote.lead, *quote.earlier) if find_concepts(s)), "")
    near, wide = f"{quote.own} {subject}", f"{source.text} {source.title}"
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
    stems = {stem(w) for w in _WORD.findall(mention.form)}
    return bool(stems) and stems <= english_stems(context)


def _partly(mention: Mention, near: str, wide: str) -> bool:
    """Whether the parts of an indicator are told apart: 科普 before a list, and 活动 at its end."""
    parts = [_parts(name) for name in mention.names]
    return any(
        len(p) > 1 and all(part in wide for part in p) and any(part in near for part in p if part not in _USUAL)
        for p in parts
    )


def _parts(name: str) -> list[str]:
    return [name[:2], name[2:]] if len(name) == 4 else [p for p in rjieba.cut(name) if len(p) > 1]


# Parts of so many indicators that they tell nothing.
_USUAL = frozenset("企业 技术 科技 专利 实验室 高新技术 人才 中心 创新 重点 研发 工程 合同 投资 收入 产业 机构".split())


def _is_borne(name: str, there: Iterable[str]) -> bool:
    return any(name in kinds_of(other) for other in there)


def _levels_differ(claim: Figure, quote: Figure, source: Frame) -> bool:
    mine, theirs = find_levels(claim.own), find_levels(quote.own) or find_levels(quote.shared)
    everywhere = theirs or find_levels(" ".join((*quote.lead, source.title)))
    return bool(mine - everywhere) or bool(mine and theirs and not mine & theirs)


def _words_differ(claim: Figure, concepts: tuple[Mention, ...], quote: Figure, source: Frame, question: str) -> bool:
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
    for word in _content(own):
        if word in context or any(a + b in context for a, b in pairwise(word)):
            grounded.add(word)
        elif sum(c in context for c in word) * 2 < len(word):
            foreign.add(word)
    return foreign, grounded


@lru_cache(maxsize=2_000)
def _content(text: str) -> frozenset[str]:
    """Nouns of a Chinese stretch, without indicators, places and words of every plan."""
    rest = without_concepts(text)
    for place in reversed(find_places(rest)):
        rest = f"{rest[: place.start]} {rest[place.end :]}"
    return frozenset(
        word
        for word, tag in rjieba.tag(rest)
        if len(word) > 1 and all(map(is_han, word)) and tag[0] in "nvj" and word not in COMMON_ZH
    )


def _english(own: str, context: str) -> tuple[set[str], set[str]]:
    there = english_stems(context) | {stem(w) for w in _WORD.findall(context)}
    foreign, grounded = set(), set()
    for word in _words(own):
        if stem(word) in there:
            grounded.add(word)
        elif is_glossed(word):
            foreign.add(word)
    return foreign, grounded


@lru_cache(maxsize=2_000)
def _words(text: str) -> frozenset[str]:
    """English words that say what a stretch is about, in lower case."""
    rest = without_concepts(text)
    for place in reversed(find_places(rest)):
        rest = f"{rest[: place.start]} {rest[place.end :]}"
    return frozenset(w for w in map(str.lower, _WORD.findall(rest)) if w not in COMMON_EN and len(w) > 2)


def _head(claim: Figure) -> list[str]:
    """What an English figure counts: road, bridges of "12 new road bridges over"; empty where no noun follows."""
    phrase = _PHRASE.match(" " + claim.after.lstrip() if claim.after else "")
    if not phrase:
        return []
    words = [w.lower() for w in _WORD.findall(phrase.group())]
    left = [w for w in words if w in _words(phrase.group())]
    return left if left and words and left[-1] == words[-1] else []


def _fits_another(claim: Figure, concepts: tuple[Mention, ...], quote: Figure, source: Frame) -> bool:
    """Whether the words at the claim's figure fit another figure of its kind in the source better."""
    others = [f for f in source.figures if f.start != quote.start and _alike(f, quote) and f.own != quote.own]
    if not others:
        return False
    mine = _fit(claim, concepts, quote)
    return any(_fit(claim, concepts, f) > mine + _MARGIN for f in others)


def _alike(a: Figure, b: Figure) -> bool:
    return a.kind == b.kind or {a.kind, b.kind} <= {"percent", "points", "multiple"}


def _fit(claim: Figure, concepts: tuple[Mention, ...], f: Figure) -> float:
    """How well words fit: indicators count one each, half where the source is more special; then other words."""
    own = find_concepts(f.own) or _concepts(f)
    named = [name for m in concepts for name in m.names]
    scores = [max(_credit(n, own, f) for n in m.names) for m in concepts]
    extra = 0.2 * sum(not any(o in kinds_of(n) or n in kinds_of(o) for n in named) for o in find_concepts(f.own))
    by_concept = (sum(scores) - extra) / max(1, len(scores))
    return by_concept + _word_fit(claim, f) + _circumstances(claim, f)


def _credit(name: str, own: frozenset[str], f: Figure) -> float:
    """1 for the indicator itself, less for a kind of it, or for one that the stretch before has and none replaces."""
    if name in own:
        return 1.0
    if _is_borne(name, own):
        return 0.5
    siblings = any(kinds_of(name) & kinds_of(o) for o in own)
    return 0.0 if siblings or name not in find_concepts(" ".join(f.lead[:2])) else 0.8


def _circumstances(claim: Figure, f: Figure) -> float:
    """What speaks for a figure besides words: the same bound, the same state of things, the same time."""
    bound = claim.bound != "exact" and claim.bound == f.bound
    status = status_of(claim) != "" and status_of(claim) == status_of(f)
    time = any(agree(a, b) for a in claim.dates or claim.lead_dates[:1] for b in f.dates or f.lead_dates[:1])
    return 0.2 * (bound + status + time)


def _word_fit(claim: Figure, f: Figure) -> float:
    inherited = "" if _substance(f.own) else " ".join(f.lead[:1])
    near = f"{f.own} {inherited} {f.shared}"
    if count_han(claim.own) > 2:
        pairs = _pairs(claim.own)
        return len(pairs & _pairs(near)) / max(1, len(pairs))
    words = _words(claim.own)
    there = english_stems(near)
    return sum(stem(w) in there for w in words) / max(3, len(words))


def _substance(own: str) -> bool:
    return bool(find_concepts(own) or _content(own))


def _pairs(text: str) -> set[str]:
    return {a + b for a, b in pairwise(text) if is_han(a) and is_han(b)}
