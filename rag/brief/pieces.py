"""The sentences that carry an article: weighed, parted where they are long, merged where articles repeat each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lang.quantities import find_quantities
from lang.sentences import split_sentences
from library.encoder import Encoder
from library.records import Article
from rag.query import Query
from rag.wording import has_figure, key_words, stands

_SLOGAN = re.compile(
    "总书记|习近平|党中央|重要讲话|重要指示|学习贯彻|两个确立|两个维护|四个意识|会议精神|大会精神|思想为指导|主题教育|政治任务|政治站位|指明了方向"
    "|根本遵循|殷殷嘱托|牢记|走在前列|昂扬|砥砺|初心使命|奋勇|凝心聚力|踔厉|新征程|使命|硬道理|根本出路"
)
_RESOLVE = re.compile(r"力争|争取|达到|突破|新增|实施|建设|推进|启动|出台|目标|计划|将")
_NOT_MATTER = re.compile(r"^(?:问|记者)[:：]|[?？]$|记者|通讯员|摄$|全景|图为")
_NOT_ALONE = re.compile(
    r"^(?:这|该|其|他|她|它|对此|同时|此外|为此|另外|因此|所以|但|而|并|也|还|以及|[一二三四五六七八九]是|[（(]?\d{1,2}(?:[、）)]|\.(?!\d)))"
)
_SEMICOLON = re.compile(r"(?<=[；;])")
# 三是实施平台建设行动。is a heading of what follows it.
_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}(?:是|要|、)|第[一二三四五六七八九十]|[（(][一二三四五六七八九十\d][)）])"
)
_HEADING = 26  # characters
_JOINED = 130
_LONG = 90  # characters: above it a sentence is parted at its semicolons, each part a point
_TOO_LONG = 160  # hard to read as a point, and hard to translate
_PART = 14
_SAME = 0.6  # of the character pairs of two sentences, that they are told for repetition
LEAD_LENGTH = range(16, 96)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article, ``article.body[start:end] == text``, with its weight.

    ``also`` are the places where other articles say the same.
    """

    article: Article
    start: int
    end: int
    text: str
    weight: float
    also: tuple[Piece, ...] = ()

    @property
    def is_slogan(self) -> bool:
        return _SLOGAN.search(self.text) is not None

    @property
    def stands_alone(self) -> bool:
        """Whether it can be read without the sentence before it, and is neither a scrap nor a paragraph."""
        return len(self.text) in LEAD_LENGTH and not _NOT_ALONE.search(self.text)


def choose_pieces(article: Article, encoder: Encoder, count: int, query: Query | None = None) -> list[Piece]:
    """The ``count`` pieces that carry an article, heaviest first; with a topic, none that is beside it.

    A sentence weighs by its nearness to the whole (the mean of all sentences, as in centroid summarisation: Radev et
    al., 2004), to the topic, and by bearing figures and resolutions. Slogans come where there is nothing else.
    """
    pieces = _parts(article)
    if not pieces:
        return []
    vectors = encoder.passages([article.body[a:b] for a, b in pieces])
    nearness = _spread(vectors @ _unit(vectors.mean(axis=0)))
    if query:
        nearness = nearness + 2 * _spread(vectors @ encoder.query(query.zh or query.text))
    weighed = [
        Piece(article, a, b, article.body[a:b], n + _substance(article.body[a:b]))
        for (a, b), n in zip(pieces, nearness.tolist(), strict=True)
        if query is None or is_on_topic(article.body[a:b], query)
    ]
    ranked = sorted(weighed, key=lambda p: (p.is_slogan, -p.weight))
    told: list[Piece] = []
    for piece in ranked:  # a page that says a thing twice has it once
        if not any(is_repeated(piece.text, other.text) for other in told):
            told.append(piece)
    substance = [p for p in told if not p.is_slogan]
    return (substance if len(substance) >= min(count, 3) else told)[:count]


def is_on_topic(text: str, query: Query) -> bool:
    """Whether a sentence has most of the things that a topic names."""
    wanted = key_words(query)
    return sum(stands(group, text) for group in wanted) * 2 >= max(len(wanted), 1)


def merge_repeated(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that say the same, with the same figures, as one with all their places; in the order given.

    Sentences with other figures stay apart: that two articles differ is worth knowing.
    """
    kept: list[Piece] = []
    for piece in pieces:
        for n, other in enumerate(kept):
            if is_repeated(piece.text, other.text):
                fuller, less = (piece, other) if len(piece.text) > len(other.text) else (other, piece)
                also = (*other.also, *piece.also, Piece(less.article, less.start, less.end, less.text, less.weight))
                kept[n] = Piece(
                    fuller.article, fuller.start, fuller.end, fuller.text, max(piece.weight, other.weight), also
                )
                break
        else:
            kept.append(piece)
    return kept


def is_repeated(one: str, other: str) -> bool:
    """Whether two sentences say the same in nearly the same words, with the same figures.

    >>> is_repeated("全市力争高企达3000家。", "全市力争高企达到3000家。")
    True
    >>> is_repeated("全市力争高企达3000家。", "全市力争高企达到400家。")
    False
    """
    pairs, others = _pairs(one), _pairs(other)
    shorter = min(len(pairs), len(others))
    # The share of the shorter one's: a sentence may be told at more length elsewhere.
    if not shorter or len(pairs & others) < _SAME * shorter or max(len(pairs), len(others)) > 2.5 * shorter:
        return False
    return _figures(one) == _figures(other)


def _pairs(text: str) -> set[str]:
    letters = re.sub(r"\W", "", text)
    return {letters[i : i + 2] for i in range(len(letters) - 1)}


def _figures(text: str) -> set[tuple[object, str]]:
    return {(q.value, q.kind) for q in find_quantities(text)}


def _parts(article: Article) -> list[tuple[int, int]]:
    """Sentences that state something, long ones parted at their semicolons; all sentences where none does."""
    whole = split_sentences(article.body)
    matter = [(a, b) for a, b in _with_headings(article.body, whole) if _is_matter(article.body[a:b])] or whole
    return [part for span in matter for part in _parted(article.body, *span)]


def _with_headings(body: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences, a short one that opens an item together with the one after it, where both stand in a paragraph."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        first = joined[-1] if joined else (0, 0)
        opens = first[1] - first[0] <= _HEADING and _ITEM.match(body[first[0] : first[1]])
        if opens and end - first[0] <= _JOINED and "\n" not in body[first[1] : start]:
            joined[-1] = first[0], end
        else:
            joined.append((start, end))
    return joined


def _parted(body: str, start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= _LONG:
        return [(start, end)]
    cuts = [start + m.start() for m in _SEMICOLON.finditer(body[start:end])]
    spans = list(zip([start, *cuts], [*cuts, end], strict=True))
    return spans if all(b - a >= _PART for a, b in spans) else [(start, end)]


def _is_matter(sentence: str) -> bool:
    return len(sentence) >= 12 and not _NOT_MATTER.search(sentence) and sentence[-1] in "。！!；;”』…）)"


def _substance(text: str) -> float:
    weight = 1.0 if has_figure(text) else 0.0
    weight += 0.3 if _RESOLVE.search(text) else 0.0
    return weight - (0.8 if _SLOGAN.search(text) else 0.0) - (0.5 if len(text) > _TOO_LONG else 0.0)


def _spread(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Stretched to 0 to 1: cosines of e5 lie close together."""
    stretched: NDArray[np.float32] = (values - values.min()) / max(float(np.ptp(values)), 1e-6)
    return stretched


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
