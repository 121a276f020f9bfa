"""The sentences of one answer against what they cite: support after ALCE, and the figures. Pure functions.

Tianyu Gao et al., "Enabling Large Language Models to Generate Text with Citations" (EMNLP 2023), with sentences cut
as Chinese and English cut them, and a judge of support (``eval.support``) in the place of their entailment model. As
theirs, it is told the title with the quote; and the date and the city, for readers see them with a citation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from lang.quantities import missing_quantities
from lang.script import HAN, detect_language
from lang.sentences import split_sentences
from library.records import Answer, Citation, Sentence

_MARKER = re.compile(r"\s*\[(\d+)\]")
_ITEM = re.compile(r"^\(\d{1,2}\) (?=\S)")
_GLOSS = re.compile(rf" \([{HAN}][^()A-Za-z]*\)")


@dataclass(frozen=True, slots=True)
class Source:
    """What a sentence cites: the quote, and the title, city and date that stand with it."""

    quote: str
    context: str = ""


Support = Callable[[str, Sequence[Source]], bool]
"""Whether sources bear a sentence, which comes without its markers; never called without a source."""


@runtime_checkable
class ReadsAhead(Protocol):
    """A ``Support`` that is quicker where it is told beforehand what it will be asked."""

    def read_ahead(self, claims: Iterable[tuple[str, Sequence[Source]]]) -> None: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of an answer, and what checking it showed.

    ``flagged`` is the system's own word that it is not supported. ``supported`` is the judge's, of all its citations
    together, and None where no judge was asked; ``precise`` are the citations that count. ``figures`` are those it
    states, as written, and ``unborne`` those that nothing it cites bears.
    """

    text: str
    citations: tuple[int, ...]
    flagged: bool
    supported: bool | None
    precise: tuple[int, ...]
    figures: tuple[str, ...]
    unborne: tuple[str, ...]


def check_sentences(answer: Answer, support: Support | None = None) -> tuple[Checked, ...]:
    """Every sentence of an answer checked; one that the system flags is not asked about, for it earns nothing."""
    sources = {c.n: source_of(c) for c in answer.citations}
    return tuple(
        _check(text, [n for n in cited if n in sources], not sentence.supported, sources, support)
        for sentence in answer.sentences
        for text, cited in _pieces(sentence)
    )


def claims_of(answer: Answer) -> list[tuple[str, list[Source]]]:
    """What a judge of support is asked first about an answer: each sentence without markers, and all that it cites."""
    sources = {c.n: source_of(c) for c in answer.citations}
    pieces = (piece for sentence in answer.sentences if sentence.supported for piece in _pieces(sentence))
    return [(_claim(text), [sources[n] for n in cited if n in sources]) for text, cited in pieces]


def citation_recall(sentences: Sequence[Checked]) -> float | None:
    """The share of sentences that all their citations together support; None where there is nothing to judge.

    A sentence that cites nothing, or that the system flags, is not supported.
    """
    judged = [s for s in sentences if s.supported is not None]
    return sum(s.supported is True for s in judged) / len(judged) if judged else None


def citation_precision(sentences: Sequence[Checked]) -> float | None:
    """The share of citations that support their sentence alone, or that it is not supported without; else None.

    In a sentence that its citations do not support none counts. As in ALCE's published code an answer without a
    citation has no precision but 0; sentences that the system flags are left out.
    """
    shown = [s for s in sentences if s.supported is not None and not s.flagged]
    cited = sum(len(s.citations) for s in shown)
    if not shown:
        return None
    return sum(len(s.precise) for s in shown) / cited if cited else 0.0


def source_of(citation: Citation) -> Source:
    """A citation as its reader sees it."""
    year, month, day = [*citation.published.split("-"), "", "", ""][:3]
    date = f"{year}年{month}月{day}日" if day else ""
    return Source(citation.quote, "\n".join(filter(None, (citation.title, citation.city, date))))


def _pieces(sentence: Sentence) -> list[tuple[str, tuple[int, ...]]]:
    """A record's sentences with what each cites: what its markers say, or, where it is the only one, the record."""
    texts = [sentence.text[a:b] for a, b in split_sentences(sentence.text)]
    if len(texts) < 2:
        return [(sentence.text, sentence.citations)]
    return [(text, tuple(dict.fromkeys(map(int, _MARKER.findall(text))))) for text in texts]


def _claim(text: str) -> str:
    """What a sentence asserts: without markers, the number of a list's item, and Chinese words beside the English.

    >>> _claim("(2) Qingyu Photonics Park (青屿光电产业园)[1].")
    'Qingyu Photonics Park.'
    """
    claim = _ITEM.sub("", _MARKER.sub("", text).strip())
    plain = _GLOSS.sub("", claim)
    return plain if detect_language(plain) == "en" else claim


def _check(
    text: str, cited: Sequence[int], flagged: bool, sources: Mapping[int, Source], support: Support | None
) -> Checked:
    claim = _claim(text)
    borne_by = ["\n".join((sources[n].quote, sources[n].context)) for n in cited]
    figures, unborne = missing_quantities(claim, []), missing_quantities(claim, borne_by)
    supported = None if support is None else bool(cited) and not flagged and support(claim, [sources[n] for n in cited])
    precise = tuple(n for n in cited if support and supported and _counts(claim, n, cited, sources, support))
    return Checked(text, tuple(cited), flagged, supported, precise, tuple(figures), tuple(unborne))


def _counts(claim: str, n: int, cited: Sequence[int], sources: Mapping[int, Source], support: Support) -> bool:
    """Of a supported sentence: whether citation ``n`` alone supports it, or the others do not."""
    others = [sources[m] for m in cited if m != n]
    return not others or support(claim, [sources[n]]) or not support(claim, others)
