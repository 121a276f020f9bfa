"""Checks every sentence of an answer against the quotes it cites, in code, before it counts as supported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from lang.quantities import find_quantities, missing_quantities
from lang.script import detect_language, is_han
from lang.sentences import split_sentences
from library.records import Numbers, Sentence
from rag.evidence import Evidence
from rag.prompts import EXAMPLE_WORDS

MARKER = re.compile(r"\s*\[(\d+)\]")
_MARKERS = re.compile(r"(?:\s*\[\d+\])+")
# Right answers of the sample questions share half and more (an alias, 高企 for 高新技术企业, costs some); invented
# items share none or one in ten.
_MIN_BORNE = 0.3
_GROUPED = re.compile(r"\[(\d+(?:\s*[,，、]\s*\d+)+)\]|【(\d+)】|［(\d+)］")


def normalize_markers(text: str) -> str:
    """``[1, 2]`` and ``【1】`` as ``[1][2]`` and ``[1]``.

    >>> normalize_markers("突破400家[1、2]。")
    '突破400家[1][2]。'
    """
    return _GROUPED.sub(lambda m: "".join(f"[{n}]" for n in re.findall(r"\d+", m.group())), text)


def check_answer(text: str, evidence: Sequence[Evidence], question: str = "") -> list[Sentence]:
    """The sentences of a generated answer, each with what checking it showed.

    A sentence is supported when it has a marker, every marker names a piece of evidence, each of its figures
    stands in the evidence it cites, and, in Chinese, what it adds to the question is worded there too.
    ``citations`` are numbers of evidence, from 1, existing ones only.
    """
    text = normalize_markers(text)
    return [_check(text[a:b], evidence, question) for a, b in split_sentences(text)]


def _check(sentence: str, evidence: Sequence[Evidence], question: str) -> Sentence:
    sentence = _reattributed(sentence, evidence)
    cited = [int(n) for n in dict.fromkeys(MARKER.findall(sentence))]
    known = tuple(n for n in cited if 1 <= n <= len(evidence))
    invented = [n for n in cited if n not in known]
    numbers, wrong = check_figures(MARKER.sub("", sentence), [evidence[n - 1] for n in known])
    if invented:
        reason = f"cites a source that does not exist: {', '.join(f'[{n}]' for n in invented)}"
    elif not known:
        reason = "cites no source"
    elif wrong:
        reason = f"not in the cited source: {', '.join(wrong)}"
    elif foreign := _foreign(sentence, evidence, question):
        reason = f"not in the cited source: {foreign}"
    else:
        reason = ""
    return Sentence(sentence, known, not reason, numbers, reason)


def _reattributed(sentence: str, evidence: Sequence[Evidence]) -> str:
    """The sentence with its marker put right, where it names no source and one piece alone bears its figures."""
    cited = {int(n) for n in MARKER.findall(sentence)}
    if not cited or any(1 <= n <= len(evidence) for n in cited):
        return sentence
    claim = MARKER.sub("", sentence)
    bearing = [n for n, piece in enumerate(evidence, 1) if check_figures(claim, [piece])[0] == "ok"]
    return MARKER.sub(f"[{bearing[0]}]", sentence) if len(bearing) == 1 else sentence


def _foreign(sentence: str, evidence: Sequence[Evidence], question: str) -> str:
    """The first stretch before a marker that its evidence does not bear, or an empty string.

    Chinese wording is compared by pairs of characters, less those of the question: an answer taken from a
    quote shares most of them, one that the model made up hardly any. English ones only for what the prompt's
    examples say.
    """
    known = f"{question}\n" + "\n".join(source_text(e) for e in evidence)
    leaked = next((w for w in EXAMPLE_WORDS if w in sentence and w not in known), "")
    if leaked or detect_language(sentence) == "en":
        return leaked
    at = 0
    for run in _MARKERS.finditer(sentence):
        stretch, cited = sentence[at : run.start()], [evidence[int(n) - 1] for n in MARKER.findall(run.group())]
        pairs = _pairs(stretch) - _pairs(question)
        borne = _pairs("\n".join(f"{source_text(e)}\n{e.city}市" for e in cited))
        if len(pairs) >= 2 and len(pairs & borne) < _MIN_BORNE * len(pairs):
            return stretch.strip("，,、；; ")
        at = run.end()
    return ""


def _pairs(text: str) -> set[str]:
    return {a + b for a, b in pairwise(text) if is_han(a) and is_han(b)}


def renumber(sentence: Sentence, order: dict[int, int]) -> Sentence:
    """The sentence with its markers numbered anew; markers that ``order`` does not have are dropped."""

    def marker(match: re.Match[str]) -> str:
        n = order.get(int(match[1]))
        return f"[{n}]" if n else ""

    text = MARKER.sub(marker, sentence.text)
    return replace(sentence, text=text, citations=tuple(order[n] for n in sentence.citations))


def check_figures(claim: str, cited: Sequence[Evidence]) -> tuple[Numbers, list[str]]:
    """Whether the figures of a claim stand in the evidence it cites, and those that do not.

    The article's title, city and date count as part of its evidence, for answers are told them.
    """
    if not any(q.kind != "ordinal" for q in find_quantities(claim)):
        return "none", []
    wrong = missing_quantities(claim, [source_text(e) for e in cited])
    return ("mismatch" if wrong else "ok"), wrong


def source_text(e: Evidence) -> str:
    """The evidence as the model may use it: quote, title and date."""
    year, month, day = [*e.published.split("-"), "", "", ""][:3]
    written = f"{year}年{month}月{day}日" if day else ""
    return f"{e.text}\n{e.title}\n{written}"
