"""Checks every sentence of an answer against the quotes it cites, in code, before it counts as supported."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from lang.claims import Source, check_claim, find_misattributed
from lang.quantities import find_quantities
from lang.script import count_han, detect_language
from lang.sentences import split_sentences
from library.records import Numbers, Sentence
from rag.evidence import Evidence
from rag.grounding import find_foreign, find_strange_names, shared_words
from rag.reasons import REASONS

MARKER = re.compile(r"\s{0,8}\[(\d+)\]")
_MARKERS = re.compile(r"(?:\s{0,8}\[\d+\])+")
_GROUPED = re.compile(r"\[(\d+(?:\s*[,，、]\s*\d+)+)\]|【(\d+)】|［(\d+)］")

_LONG_ENOUGH = 8  # characters; of 3000家 alone a cosine tells nothing

Similarity = Callable[[str, str], float]
"""The cosine of a claim and a quote."""


def normalize_markers(text: str) -> str:
    """``[1, 2]`` and ``【1】`` as ``[1][2]`` and ``[1]``.

    >>> normalize_markers("突破400家[1、2]。")
    '突破400家[1][2]。'
    """
    return _GROUPED.sub(lambda m: "".join(f"[{n}]" for n in re.findall(r"\d+", m.group())), text)


def check_answer(
    text: str,
    evidence: Sequence[Evidence],
    question: str = "",
    similarity: Similarity | None = None,
    floor: float | None = None,
    language: str = "",
) -> list[Sentence]:
    """The sentences of a generated answer, each with what checking it showed.

    A sentence is supported when every marker names a piece of evidence, and these pieces bear it: its figures and
    dates agree with theirs, as do people's deeds and offices (``lang.claims``), its names stand there, in the question
    or in the glossary, and what it adds to the question is worded there too. A sentence that its pieces do not bear is
    given to another that does; a marker that bears nothing is dropped.

    Args:
        text: the answer, with markers ``[n]``.
        evidence: what the markers count, from 1.
        question: that is answered, in every language it was put into.
        similarity: asked only with a ``floor``.
        floor: below this cosine with all that it cites a Chinese sentence is not supported; None asks for none.
        language: of the reasons, ``zh`` or ``en``; else each sentence's own.
    """
    text = normalize_markers(text)
    check = _Checker(evidence, question, similarity, floor, language)
    return [check.sentence(text[a:b]) for a, b in split_sentences(text)]


class _Checker:
    def __init__(
        self,
        evidence: Sequence[Evidence],
        question: str,
        similarity: Similarity | None,
        floor: float | None,
        language: str,
    ) -> None:
        self._evidence = evidence
        self._question = question
        self._similarity = similarity if floor is not None else None
        self._floor = floor or 0.0
        self._language = language

    def sentence(self, written: str) -> Sentence:
        """The sentence with the citations that bear it, or with the reason why none do."""
        cited = [int(n) for n in dict.fromkeys(MARKER.findall(written))]
        known = [n for n in cited if 1 <= n <= len(self._evidence)]
        why = REASONS[self._language or detect_language(MARKER.sub("", written))]
        if not cited:
            first = next(iter(self._bearing(written, ())), 0)  # evidence comes best first
            return (
                self._result(_marked(written, first), [first], "")
                if first
                else self._result(written, [], why["uncited"])
            )
        reason = self._fault(written, known) if known else why["unknown"].format("、".join(f"[{n}]" for n in cited))
        invented = [n for n in cited if n not in known]
        if not reason and invented:
            return self._result(written, known, why["unknown"].format("".join(f"[{n}]" for n in invented)))
        if not reason:
            return self._result(*self._narrowed(written, known), "")
        other = self._other(written, known)
        return self._result(_marked(written, other), [other], "") if other else self._result(written, known, reason)

    def _result(self, text: str, cited: Sequence[int], reason: str) -> Sentence:
        claim = MARKER.sub("", text)
        pieces = [self._evidence[n - 1] for n in cited]
        numbers, _ = check_figures(claim, pieces, self._question)
        return Sentence(text, tuple(cited), not reason, numbers, reason)

    def _fault(self, written: str, cited: Sequence[int]) -> str:
        """Why those pieces do not bear the sentence, in its language; empty where they do."""
        claim = MARKER.sub("", written)
        language = self._language or detect_language(claim)
        pieces = [self._evidence[n - 1] for n in cited]
        _, wrong = check_figures(claim, pieces, self._question, language)
        if wrong:
            return wrong[0]
        known = f"{self._question}\n" + "\n".join(f"{source_text(e)}\n{e.city}市" for e in pieces)
        if strange := find_strange_names(claim, known):
            return REASONS[language]["name"].format("、".join(strange))
        if others := find_misattributed(claim, [source_text(e) for e in pieces], self._question):
            return REASONS[language]["who"].format("、".join(others))
        everything = f"{self._question}\n" + "\n".join(map(source_text, self._evidence))
        stretches = list(self._stretches(written, cited))
        if foreign := find_foreign(stretches, self._question, everything):
            return REASONS[language]["words"].format(foreign)
        told = language == "zh" and count_han(claim) >= _LONG_ENOUGH
        if told and self._similarity and max(self._similarity(claim, e.text) for e in pieces) < self._floor:
            return REASONS[language]["far"]
        return ""

    def _stretches(self, written: str, cited: Sequence[int]) -> list[tuple[str, str]]:
        """What stands before each run of markers, with the text of the pieces there."""
        found, at = [], 0
        for run in _MARKERS.finditer(written):
            own = [n for n in map(int, MARKER.findall(run.group())) if n in cited] or cited
            text = "\n".join(f"{source_text(self._evidence[n - 1])}\n{self._evidence[n - 1].city}市" for n in own)
            found.append((written[at : run.start()], text))
            at = run.end()
        return found

    def _narrowed(self, written: str, cited: Sequence[int]) -> tuple[str, list[int]]:
        """The sentence without markers that bear nothing: it stands without them, and shares next to no words."""
        kept = list(cited)
        claim = MARKER.sub("", written)
        for n in reversed(cited):
            rest = [m for m in kept if m != n]
            if rest and not self._bears_some(claim, n) and not self._fault(_without(written, n), rest):
                kept, written = rest, _without(written, n)
        return written, kept

    def _bears_some(self, claim: str, n: int) -> bool:
        piece = self._evidence[n - 1]
        numbers, _ = check_figures(claim, [piece], self._question)
        return numbers == "ok" if numbers != "none" else shared_words(claim, source_text(piece), self._question)

    def _other(self, written: str, tried: Sequence[int]) -> int:
        """The one other piece that bears the sentence whole; 0 where none does, or several and no figure tells."""
        # Where one sentence cites in several places, each stretch has its own source; none bears all.
        if len(_MARKERS.findall(written)) > 1:
            return 0
        bearing = self._bearing(written, tried)
        return bearing[0] if len(bearing) == 1 or (bearing and tried) else 0

    def _bearing(self, written: str, tried: Sequence[int]) -> list[int]:
        """The pieces, but those tried, that bear the sentence whole."""
        claim = MARKER.sub("", written)
        return [
            n
            for n in range(1, len(self._evidence) + 1)
            if n not in tried and self._bears_some(claim, n) and not self._fault(_marked(written, n), [n])
        ]


def _marked(written: str, n: int) -> str:
    """The sentence with its one run of markers replaced; where it has none, with one before its full stop."""
    if _MARKERS.search(written):
        return _MARKERS.sub(f"[{n}]", written, count=1)
    body = written.rstrip("。.!！?？；; ")
    return f"{body}[{n}]{written[len(body) :].strip()}"


def _without(written: str, n: int) -> str:
    return re.sub(rf"\s*\[{n}\]", "", written)


def renumber(sentence: Sentence, order: dict[int, int]) -> Sentence:
    """The sentence with its markers numbered anew; markers that ``order`` does not have are dropped."""

    def marker(match: re.Match[str]) -> str:
        n = order.get(int(match[1]))
        return f"[{n}]" if n else ""

    text = MARKER.sub(marker, sentence.text)
    return replace(sentence, text=text, citations=tuple(order[n] for n in sentence.citations))


def check_figures(
    claim: str, cited: Sequence[Evidence], question: str = "", language: str = ""
) -> tuple[Numbers, list[str]]:
    """Whether the figures and dates of a claim agree with the evidence it cites, and why not, in that or its language.

    The article's title, city and date count as part of its evidence, for answers are told them.
    """
    sources = [Source(e.text, e.published, e.city, e.title, e.before) for e in cited]
    wrong = check_claim(claim, sources, question)
    if wrong:
        language = language or detect_language(claim)
        return "mismatch", [d.zh if language == "zh" else d.en for d in wrong]
    return ("ok" if any(q.kind != "ordinal" for q in find_quantities(claim)) else "none"), []


def source_text(e: Evidence) -> str:
    """The evidence as the model may use it: quote, title and date."""
    year, month, day = [*e.published.split("-"), "", "", ""][:3]
    written = f"{year}年{month}月{day}日" if day else ""
    return f"{e.text}\n{e.title}\n{written}"
