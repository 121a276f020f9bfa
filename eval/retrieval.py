"""Where a ranking has what a fact wants: recall, success, reciprocal rank and nDCG by trec_eval.

Systems cut pages differently, so what is to be found are not passages but the fact's gold places, each once: at the
first passage that holds it. Whoever cuts smaller gains no more relevant documents by it.

Ellen Voorhees and Donna Harman, "TREC: Experiment and Evaluation in Information Retrieval" (2005), for the measures;
Kalervo Järvelin and Jaana Kekäläinen, "Cumulated Gain-Based Evaluation of IR Techniques" (TOIS 2002), for nDCG.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

import pytrec_eval

from eval.facts import Fact, Gold
from eval.matching import is_article, stated
from eval.outcome import Passage
from lang.script import skeleton

_DEEP = 10
_NAMES = {
    "recall_5": "recall@5", "recall_10": "recall@10", "success_1": "success@1", "success_5": "success@5",
    "recip_rank": "mrr@10", "ndcg_cut_10": "ndcg@10",
}  # fmt: skip
_ASKED = {"recall.5,10", "success.1,5", "recip_rank", "ndcg_cut.10"}
MEASURES = tuple(_NAMES.values())


def rank_scores(ranked: Sequence[Passage], fact: Fact) -> dict[str, float]:
    """The measures of one question's ranking, each from 0 to 1.

    recall@k   the share of the fact's gold places that the first k passages hold
    success@k  1 if they hold any of them
    mrr@10     one by the rank of the first passage that holds one, 0 beyond the tenth
    ndcg@10    gains of 1 a gold place, discounted by the logarithm of the rank, by those of the best order

    Raises:
        ValueError: the fact has no gold.
    """
    if not fact.gold:
        raise ValueError(f"{fact.id} has no gold to be found.")
    run: list[str] = []
    for rank, passage in enumerate(ranked[:_DEEP]):
        new = [name for n in found_gold(passage, fact) if (name := f"gold-{n}") not in run]
        # Two gold places in one passage stand at one rank; trec_eval, which ranks documents, sees the second below it.
        run += new or [f"other-{rank}"]
    return trec_scores(run, [f"gold-{n}" for n in range(len(fact.gold))])


def trec_scores(ranked: Sequence[str], wanted: Iterable[str]) -> dict[str, float]:
    """The measures of a ranking of names, each once and best first, of which those ``wanted`` are to be found."""
    run = {name: float(-rank) for rank, name in enumerate(ranked)}
    evaluator = pytrec_eval.RelevanceEvaluator({"q": dict.fromkeys(wanted, 1)}, _ASKED)
    scores = evaluator.evaluate({"q": run})["q"]
    return {name: float(scores[key]) for key, name in _NAMES.items()}


def found_gold(passage: Passage, fact: Fact) -> list[int]:
    """The numbers of the fact's gold places, from 0, that a passage holds."""
    return [
        n for n, gold in enumerate(fact.gold) if is_article(passage.uri, gold.article) and _holds(passage, gold, fact)
    ]


def _holds(passage: Passage, gold: Gold, fact: Fact) -> bool:
    """Half of the gold quote, or of its span; without either, the answer, of a list any of it.

    A system that does not know where its passages stood in the file is asked for the answer in the place of a span.
    """
    if gold.quote:
        return _shares_half(skeleton(gold.quote), skeleton(passage.text))
    if gold.span and passage.raw:
        common = min(gold.span[1], passage.raw[1]) - max(gold.span[0], passage.raw[0])
        return 2 * common >= gold.span[1] - gold.span[0]
    return stated(passage.text, fact) >= 1


def _shares_half(quote: str, text: str) -> bool:
    if not quote or quote in text:
        return bool(quote)
    matcher = SequenceMatcher(None, text, quote, autojunk=False)
    return 2 * matcher.find_longest_match(0, len(text), 0, len(quote)).size >= len(quote)
