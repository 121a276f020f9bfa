"""Whether an answer is right, is rightly cited, or rightly refused; and the scores of many. Pure functions.

Figures are compared as quantities, so 80亿元 and RMB 8 billion are one; names by the ways the fact gives.
A sentence that the assistant itself flags as unsupported states nothing: no score is earned by what the
reader is told not to trust.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.facts import Fact, read_figures
from lang.quantities import Quantity, find_quantities
from lang.script import to_simplified
from library.records import Answer, Citation, Sentence

Body = Callable[[str], str]
"""An article's cleaned body, by the article's id."""

# Besides its own kind, what a figure may be read as: 亿 without 元, and 15 in "15 April".
_READ_AS = {"money": {"count"}, "date": {"count", "ordinal"}}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What judging one answer showed; ``cited_right`` is None where nothing is to be cited.

    ``reason`` says what is wrong, and is empty where nothing is.
    """

    answerable: bool
    refused: bool
    correct: bool
    cited_right: bool | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores from 0 to 1, None where there is nothing to divide by. See ``score``."""

    questions: int
    answerable: int
    accuracy: float | None
    citation_accuracy: float | None
    refusal_precision: float | None
    refusal_recall: float | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def judge(answer: Answer, fact: Fact, body: Body) -> Verdict:
    """Everything that is judged of one answer."""
    correct = is_correct(answer, fact)
    cited = cited_right(answer, fact) and not misquoted(answer, body) if fact.answerable else None
    return Verdict(fact.answerable, refused(answer), correct, cited, _reason(answer, fact, correct, cited))


def is_correct(answer: Answer, fact: Fact) -> bool:
    """Whether the supported sentences state what the fact accepts; for a refusal, whether it was refused.

    What else they state is not held against them. This is accuracy by inclusion of the gold answer, as in
    Mallen et al., "When Not to Trust Language Models" (ACL 2023), on quantities instead of strings.
    """
    if not fact.answerable:
        return refused(answer)
    return stated(" ".join(s.text for s in _supported(answer)), fact) >= fact.at_least


def cited_right(answer: Answer, fact: Fact) -> bool:
    """Whether what the supported sentences cite of the fact's articles bears what the fact accepts.

    A sentence that states the answer and cites another passage earns nothing. This is citation recall of Gao
    et al., "Enabling Large Language Models to Generate Text with Citations" (EMNLP 2023), with the fact's own
    words in the place of an entailment model.
    """
    by_number = {c.n: c for c in answer.citations}
    backed: list[tuple[Sentence, list[Citation]]] = []
    for sentence in _supported(answer):
        cited = [by_number[n] for n in sentence.citations if n in by_number]
        right = [c for c in cited if any(is_article(c.uri, name) for name in fact.articles)]
        if right:
            backed.append((sentence, right))
    texts = " ".join(sentence.text for sentence, _ in backed)
    quotes = "\n".join(c.quote for _, right in backed for c in right)
    return fact.answerable and min(stated(texts, fact), stated(quotes, fact)) >= fact.at_least


def stated(text: str, fact: Fact) -> int:
    """How many of the things that a fact accepts a text states. Units but money and per cent are not compared."""
    if fact.kind == "value":
        found = find_quantities(text)
        return sum(any(_has_figures(found, way) for way in ways) for ways in fact.accept)
    folded = to_simplified(text)
    return sum(any(_has_name(folded, way) for way in ways) for ways in fact.accept)


def misquoted(answer: Answer, body: Body) -> list[int]:
    """The numbers of the citations whose quote is not what the article has at the place they name."""
    return [c.n for c in answer.citations if not c.quote or body(c.article_id)[c.start : c.end] != c.quote]


def refused(answer: Answer) -> bool:
    """Whether the assistant said that the shelf does not answer the question."""
    return answer.status == "not_found"


def score(verdicts: Sequence[Verdict]) -> Scores:
    """The scores of a run.

    accuracy           right answers among the answerable questions; a refusal or a failure is not right
    citation_accuracy  rightly cited answers among the answerable questions
    refusal_precision  unanswerable questions among the refused ones
    refusal_recall     refused questions among the unanswerable ones

    Precision and recall have their usual meaning with refusal as the class to be found; mixing answerable and
    unanswerable questions follows SQuAD 2.0 (Rajpurkar, Jia and Liang, ACL 2018).
    """
    answerable = [v for v in verdicts if v.answerable]
    unanswerable = [v for v in verdicts if not v.answerable]
    return Scores(
        questions=len(verdicts),
        answerable=len(answerable),
        accuracy=_share([v.correct for v in answerable]),
        citation_accuracy=_share([v.cited_right is True for v in answerable]),
        refusal_precision=_share([not v.answerable for v in verdicts if v.refused]),
        refusal_recall=_share([v.refused for v in unanswerable]),
    )


def article_name(uri: str) -> str:
    """What facts call an article: its file's name without the suffix, with the record's id where it has one.

    >>> article_name("/pages/news.jsonl#n-7"), article_name("/pages/jiangmen.txt")
    ('news#n-7', 'jiangmen')
    """
    path, mark, record = uri.partition("#")
    return f"{Path(path).stem}{mark}{record}"


def is_article(uri: str, name: str) -> bool:
    """Whether a fact's name for an article means the one from that URI."""
    return name in (uri, article_name(uri))


def _supported(answer: Answer) -> list[Sentence]:
    return [] if refused(answer) else [s for s in answer.sentences if s.supported]


def _has_figures(found: Sequence[Quantity], written: str) -> bool:
    return all(any(_same(wanted, q) for q in found) for wanted in read_figures(written))


def _same(wanted: Quantity, found: Quantity) -> bool:
    kinds = {wanted.kind, *_READ_AS.get(wanted.kind, ())}
    return wanted.value == found.value and found.kind in kinds


def _has_name(folded: str, name: str) -> bool:
    """Whether a simplified text has the name, whatever its case, spaces, hyphens and apostrophes.

    Latin letters and digits must not run on: ``YC2026-05`` is not in ``YC2026-051``.
    """
    letters = re.sub(r"[\s'’-]", "", to_simplified(name))
    inner = r"[\s'’-]*".join(map(re.escape, letters))
    return re.search(rf"(?<![A-Za-z0-9]){inner}(?![A-Za-z0-9])", folded, re.I) is not None if letters else False


def _reason(answer: Answer, fact: Fact, correct: bool, cited: bool | None) -> str:
    if not fact.answerable:
        return "" if correct else "answers what the shelf does not hold"
    if refused(answer):
        return f"refuses what the shelf holds: {answer.answer}"
    if not correct:
        n = stated(" ".join(s.text for s in _supported(answer)), fact)
        of = f" ({n} of {len(fact.accept)} stated, {fact.at_least} wanted)" if fact.kind == "list" else ""
        flags = "".join(f"; flagged: {s.reason}" for s in answer.sentences if not s.supported)
        return f"does not state {fact.expected}{of}{flags}"
    return "" if cited else f"states it, but cites no passage of {' or '.join(fact.articles)} that does"


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
