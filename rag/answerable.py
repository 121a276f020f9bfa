"""Whether the evidence answers a question: measured signals, weighed together by a fitted logistic regression.

No signal alone tells it: on a shelf of one field every sentence is near every question, and a small model answers
whatever it is asked. What the model says of its own answer was measured too, and added nothing, see docs/answers.md.
The weights are fitted by ``eval.answerable_fit`` on questions of DRCD's development set, asked with their paragraph on
the shelf and without it. Questions in English have their own: put into Chinese by a small model, they share fewer words
with what answers them, and lie further from it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from lang.unigram import rarity
from library.models import ENCODER_NAME
from library.records import Passage
from rag.evidence import Evidence
from rag.retrieve import Query
from rag.wording import english_share, has_asked_figure, sure_words

_PARTLY = 0.8  # of a word whose parts stand apart in the text


def found_signals(
    query: Query, evidence: Sequence[Evidence], passages: Sequence[Passage], encoder: str
) -> dict[str, float]:
    """What search found for a question, as numbers.

    Args:
        query: the question.
        evidence: chosen for it, best first.
        passages: found for it, best first.
        encoder: whose similarities those are; only of the embedded one is it known what they mean.

    Returns:
        Of a question that compares, nothing of similarity and agreement: no one sentence is near all of it. Else
        ``similarity`` and ``similarity_best``: cosine with the question of the first piece of evidence, and the best.
        ``sentence``, ``article``, ``any_article``: the share, by rarity, of what the question names that stands in
        the first piece, in the passages of its article, and in those of the best article.
        ``rarest``: the rarity of the rarest word that the article's passages lack.
        ``agreed``: 1 where the first piece is of the first passage's article, ½ where of the second article found, ⅓ ….
        ``named``: how many things the question names.
        ``english``, ``english_article``: of an English question the share of its words, by rarity, that a dictionary
        has for the first piece, and for the passages of its article.
        ``figure``: 0 where a figure is asked for and no evidence bears one.
    """
    if not evidence:
        return {}
    groups = [(group, min(map(rarity, group)) + 0.5) for group in sure_words(query)]
    articles: dict[str, str] = {}
    for p in passages:
        articles[p.article_id] = articles.get(p.article_id, f"{p.title} {p.city} ") + p.text
    first = evidence[0]
    own = articles.get(first.article_id, "")
    cosines = {"similarity": first.similarity, "similarity_best": max(e.similarity for e in evidence)}
    return {
        **(cosines if encoder == ENCODER_NAME and not query.compares else {}),
        **(_coverage(groups, first.text, own, list(articles.values())) if groups else {}),
        **({} if query.compares else {"agreed": _agreed(first, passages)}),
        **(
            {"english": english_share(query.text, first.text), "english_article": english_share(query.text, own)}
            if query.language == "en"
            else {}
        ),
        "figure": float(any(has_asked_figure(query, e.text) for e in evidence)),
    }


def _agreed(first: Evidence, passages: Sequence[Passage]) -> float:
    ranked = list(dict.fromkeys(p.article_id for p in passages))
    return 1 / (1 + ranked.index(first.article_id)) if first.article_id in ranked else 0.0


def answerable(signals: Mapping[str, float], language: str) -> float:
    """The probability, 0 to 1, that the evidence answers a question that was asked in this language, ``zh`` or ``en``.

    A signal that is missing counts as its mean, so that another encoder costs certainty, not the answer.
    """
    return weighed(signals, _weights()[language])


def weighed(signals: Mapping[str, float], weights: Mapping[str, Sequence[float]]) -> float:
    """The logistic function of the weighed signals.

    Args:
        signals: those that are there.
        weights: by signal its mean, standard deviation and weight; ``bias`` has itself alone.
    """
    odds = weights["bias"][0]
    for name, fitted in weights.items():
        if name != "bias" and name in signals:
            mean, spread, weight = fitted
            odds += weight * (signals[name] - mean) / spread
    return 1 / (1 + math.exp(-odds))


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, list[float]]]:
    found: dict[str, dict[str, list[float]]] = json.loads(files("rag").joinpath("answerable.json").read_text("utf-8"))
    return found


def _coverage(
    groups: Sequence[tuple[frozenset[str], float]], sentence: str, article: str, articles: Sequence[str]
) -> dict[str, float]:
    return {
        "sentence": _covered(groups, sentence),
        "article": _covered(groups, article),
        "any_article": max((_covered(groups, text) for text in articles), default=0.0),
        "rarest": max((weight for group, weight in groups if _stands(group, article) < 0.5), default=0.0),
        "named": float(len(groups)),
    }


def _covered(groups: Sequence[tuple[frozenset[str], float]], text: str) -> float:
    """The share, by weight, of the groups that stand in the text."""
    total = sum(weight for _, weight in groups)
    return sum(weight * _stands(group, text) for group, weight in groups) / total if total else 1.0


def _stands(group: frozenset[str], text: str) -> float:
    """1 where a form of the thing stands in the text; of a longer one, less where only its parts do."""
    return max((_form_stands(form, text) for form in group), default=0.0)


def _form_stands(form: str, text: str) -> float:
    if form in text:
        return 1.0
    parts = [a + b for a, b in pairwise(form)] if len(form) > 2 else []
    return _PARTLY * sum(part in text for part in parts) / len(parts) if parts else 0.0
