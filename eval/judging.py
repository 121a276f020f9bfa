"""What one answer is worth: whether it is right, is rightly cited, or rightly refused. Pure functions.

A sentence that the system itself flags as unsupported states nothing: no score is earned by what the reader is told
not to trust.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eval.citations import Checked, Support, check_sentences
from eval.facts import Fact
from eval.matching import is_article, stated
from eval.outcome import Outcome
from eval.retrieval import rank_scores
from library.records import Answer, Citation, Sentence

Body = Callable[[str], str]
"""An article's cleaned body, by the article's id."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What judging one outcome showed; ``reason`` says what is wrong, and is empty where nothing is.

    ``correct`` is None where the system only retrieves, ``cited_right`` also where nothing is to be cited.
    ``citations`` counts the answer's, ``misquoted`` those that are not at the place they name. ``retrieval`` has the
    measures of ``rank_scores``, and is empty where there is nothing to be found.
    """

    id: str
    answerable: bool
    failed: bool = False
    refused: bool = False
    correct: bool | None = None
    cited_right: bool | None = None
    reason: str = ""
    sentences: tuple[Checked, ...] = ()
    citations: int = 0
    misquoted: int = 0
    retrieval: Mapping[str, float] | None = None

    @property
    def answered(self) -> bool:
        """Whether the system answered the question, rightly or not."""
        return self.correct is not None and not self.refused and not self.failed

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def judge(outcome: Outcome | None, fact: Fact, support: Support | None = None) -> Verdict:
    """Everything that is judged of one outcome; none at all is a failure.

    Args:
        outcome: what a system made of the fact's question.
        fact: what a right answer states.
        support: judges citations; without it ``Checked.supported`` is None.
    """
    found = rank_scores(outcome.ranked if outcome else (), fact) if fact.answerable else None
    if outcome is None or outcome.error:
        cited = False if fact.answerable else None
        reason = outcome.error if outcome else "was not asked"
        return Verdict(fact.id, fact.answerable, True, False, False, cited, reason, retrieval=found)
    if outcome.answer is None:
        missed = found is not None and not any(found.values())
        return Verdict(fact.id, fact.answerable, reason="finds no gold place" if missed else "", retrieval=found)
    answer = read_answer(outcome.answer)
    correct = is_correct(answer, fact)
    right = cited_right(answer, fact) and not outcome.misquoted if fact.answerable else None
    sentences = () if refused(answer) else check_sentences(answer, support)
    return Verdict(
        fact.id, fact.answerable, False, refused(answer), correct, right, _reason(answer, fact, correct, right),
        sentences, len(answer.citations), len(outcome.misquoted), found,
    )  # fmt: skip


def read_answer(fields: Mapping[str, Any]) -> Answer:
    """The record behind an Answer's JSON form; the closest passages of a refusal are left out.

    Raises:
        TypeError, KeyError: a field is missing or unknown.
    """
    sentences = (Sentence(**{**s, "citations": tuple(s["citations"])}) for s in fields["sentences"])
    citations = (Citation(**c) for c in fields["citations"])
    return Answer(
        fields["question"], fields["language"], fields["status"], fields["answer"], tuple(sentences), tuple(citations),
        fields["model"], fields["seconds"],
    )  # fmt: skip


def is_correct(answer: Answer, fact: Fact) -> bool:
    """Whether the supported sentences state what the fact accepts; for a refusal, whether it was refused.

    What else they state is not held against them. This is accuracy by inclusion of the gold answer, as in
    Mallen et al., "When Not to Trust Language Models" (ACL 2023), on quantities instead of strings.
    """
    if not fact.answerable:
        return refused(answer)
    return stated(" ".join(s.text for s in supported(answer)), fact) >= fact.at_least


def cited_right(answer: Answer, fact: Fact) -> bool:
    """Whether what the supported sentences cite of the fact's articles bears what the fact accepts.

    A sentence that states the answer and cites another passage earns nothing. It asks the fact's own words, and so
    of one sentence what ``citation_recall`` asks a judge of all.
    """
    by_number = {c.n: c for c in answer.citations}
    backed: list[tuple[Sentence, list[Citation]]] = []
    for sentence in supported(answer):
        cited = [by_number[n] for n in sentence.citations if n in by_number]
        right = [c for c in cited if any(is_article(c.uri, name) for name in fact.articles)]
        if right:
            backed.append((sentence, right))
    texts = " ".join(sentence.text for sentence, _ in backed)
    quotes = "\n".join(c.quote for _, right in backed for c in right)
    return fact.answerable and min(stated(texts, fact), stated(quotes, fact)) >= fact.at_least


def misquoted(answer: Answer, body: Body) -> list[int]:
    """The numbers of the citations whose quote is not what the article has at the place they name."""
    return [c.n for c in answer.citations if not c.quote or body(c.article_id)[c.start : c.end] != c.quote]


def refused(answer: Answer) -> bool:
    """Whether the system said that the articles do not answer the question."""
    return answer.status == "not_found"


def supported(answer: Answer) -> list[Sentence]:
    """The sentences that a reader is told to trust."""
    return [] if refused(answer) else [s for s in answer.sentences if s.supported]


def _reason(answer: Answer, fact: Fact, correct: bool, cited: bool | None) -> str:
    if not fact.answerable:
        return "" if correct else "answers what the shelf does not hold"
    if refused(answer):
        return f"refuses what the shelf holds: {answer.answer}"
    if not correct:
        n = stated(" ".join(s.text for s in supported(answer)), fact)
        of = f" ({n} of {len(fact.accept)} stated, {fact.at_least} wanted)" if fact.kind == "list" else ""
        flags = "".join(f"; flagged: {s.reason}" for s in answer.sentences if not s.supported)
        return f"does not state {fact.expected}{of}{flags}"
    return "" if cited else f"states it, but cites no passage of {' or '.join(fact.articles)} that does"
