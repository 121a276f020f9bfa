"""Whether two figures are said of the same thing, by the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

import rjieba

from lang.claims.frames import Figure, Frame
from lang.claims.vocabulary import COMMON_EN, COMMON_ZH, HEADLESS
from lang.concepts import find_concepts, find_levels, kinds_of, without_concepts
from lang.dictionary import english_stems, is_glossed, stem
from lang.places import find_places
from lang.script import count_han, is_han, to_simplified

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]")
_PHRASE = re.compile(r"(?:\s(?!(?:" + HEADLESS + r")\b)[A-Za-z][A-Za-z'’-]+)+")
# How much better another figure's words must fit before the claim counts as taken from there.
_MARGIN = 0.3


def subject_differs(claim: Figure, quote: Figure, source: Frame, question: str) -> bool:
    """Whether the claim's words stand with another figure of the source, or nowhere in it."""
    concepts = _concepts(claim)
    if not _content(claim.own) and not concepts:
        concepts = find_concepts(to_simplified(question))
    if _concepts_differ(claim, concepts, quote, source):
        return True
    if _levels_differ(claim, quote, source):
        return True
    if _words_differ(claim, concepts, quote, source, question):
        return True
    return _fits_another(claim, concepts, quote, source)


def _concepts(f: Figure) -> frozenset[str]:
    """The indicators at a figure; where its own stretch names none, those of the nearest before it that does."""
    return next(filter(None, map(find_concepts, (f.own, *f.lead, *f.earlier))), frozenset())


def _concepts_differ(claim: Figure, concepts: frozenset[str], quote: Figure, source: Frame) -> bool:
    own = _concepts(quote)
    if not concepts:
        return False
    wide = own | find_concepts(" ".join((quote.shared, *quote.lead, *quote.earlier, source.title)))
    if own and not any(_borne(c, own) for c in concepts):
        return True
    return not all(_borne(c, wide) for c in find_concepts(claim.own) or concepts)


def _borne(concept: str, there: Iterable[str]) -> bool:
    """Whether a concept, or something that is a kind of it, is there."""
    return any(concept in kinds_of(other) for other in there)


def _levels_differ(claim: Figure, quote: Figure, source: Frame) -> bool:
    mine, theirs = find_levels(claim.own), find_levels(quote.own) or find_levels(quote.shared)
    everywhere = theirs or find_levels(" ".join((*quote.lead, source.title)))
    return bool(mine - everywhere) or bool(mine and theirs and not mine & theirs)


def _words_differ(claim: Figure, concepts: frozenset[str], quote: Figure, source: Frame, question: str) -> bool:
    context = " ".join((quote.own, quote.shared, *quote.lead, *quote.earlier, source.title, source.city))
    if count_han(claim.own) > 2:
        foreign, grounded = _chinese(claim.own, context)
        return bool(foreign) and not (grounded and len(foreign) < 2)
    foreign, grounded = _english(claim.own, context)
    head = _head(claim)
    if head and head in foreign:
        return True
    matched = any(_borne(c, _concepts(quote) | find_concepts(context)) for c in concepts)
    return len(foreign) > 0 and not grounded and not matched


def _chinese(own: str, context: str) -> tuple[set[str], set[str]]:
    """Nouns of a Chinese stretch that nothing in the context resembles, and those that stand there."""
    foreign, grounded = set(), set()
    for word in _content(own):
        if word in context or any(a + b in context for a, b in pairwise(word)):
            grounded.add(word)
        elif not any(c in context for c in word):
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


def _head(claim: Figure) -> str:
    """What an English figure counts: ``bridges`` of "12 new road bridges over"; empty where no noun follows."""
    phrase = _PHRASE.match(" " + claim.after.lstrip() if claim.after else "")
    if not phrase:
        return ""
    words = [w.lower() for w in _WORD.findall(phrase.group())]
    left = [w for w in words if w in _words(phrase.group())]
    return left[-1] if left and words and left[-1] == words[-1] else ""


def _fits_another(claim: Figure, concepts: frozenset[str], quote: Figure, source: Frame) -> bool:
    """Whether the words at the claim's figure fit another figure of its kind in the source better."""
    others = [f for f in source.figures if f.start != quote.start and _alike(f, quote) and f.own != quote.own]
    if not others:
        return False
    mine = _fit(claim, concepts, quote)
    return any(_fit(claim, concepts, f) > mine + _MARGIN for f in others)


def _alike(a: Figure, b: Figure) -> bool:
    return a.kind == b.kind or {a.kind, b.kind} <= {"percent", "points", "multiple"}


def _fit(claim: Figure, concepts: frozenset[str], f: Figure) -> float:
    """How well words fit: indicators count one each, half where the source is more special; then other words."""
    own = find_concepts(f.own) or _concepts(f)
    scores = [1.0 if c in own else 0.5 if _borne(c, own) else 0.0 for c in concepts]
    extra = 0.2 * sum(not any(o in kinds_of(c) or c in kinds_of(o) for c in concepts) for o in find_concepts(f.own))
    by_concept = (sum(scores) - extra) / max(1, len(scores))
    return by_concept + _word_fit(claim, f)


def _word_fit(claim: Figure, f: Figure) -> float:
    inherited = "" if _substance(f.own) else " ".join(f.lead[:1])
    near = f"{f.own} {inherited} {f.shared}"
    if count_han(claim.own) > 2:
        pairs = _pairs(claim.own)
        return len(pairs & _pairs(near)) / max(1, len(pairs))
    words = _words(claim.own)
    there = english_stems(near)
    return sum(stem(w) in there for w in words) / max(2, len(words))


def _substance(own: str) -> bool:
    return bool(find_concepts(own) or _content(own))


def _pairs(text: str) -> set[str]:
    return {a + b for a, b in pairwise(text) if is_han(a) and is_han(b)}
