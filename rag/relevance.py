"""Whether what stands on its quote answers the question: of its year, its kind, and of what it asks for at all.

A sentence copied from a page verifies, whatever was asked; ``rag.verify`` tells whether it is true, this whether it is
an answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from lang.claims import tells_reached
from lang.dates import YEAR, find_dates
from lang.unigram import rarity
from library.records import Passage, Sentence
from rag.evidence import Evidence, stated_years, years_of
from rag.query import Query
from rag.reasons import REASONS
from rag.verify import MARKER
from rag.wording import english_share, has_asked_figure, key_words
from rag.wording import stands as stands_in

_SOME = 0.3  # of the question's words
_NAME = 4.5  # of lang.unigram's scale: 青屿 and 氢能 are above, 产业园 below


def find_miss(
    query: Query, sentence: Sentence, evidence: Sequence[Evidence], passages: Sequence[Passage], language: str
) -> str:
    """Why a sentence that stands on its quote is no answer, in that language; an empty string where it may be one.

    Args:
        query: the question.
        sentence: verified; its citations count ``evidence`` from 1.
        evidence: that the answer was written from.
        passages: found for the question; they tell of which years an article speaks.
        language: ``zh`` or ``en``.
    """
    if not sentence.supported or not sentence.citations:
        return ""
    if _is_beside(query, sentence, evidence):
        return REASONS[language]["beside"]
    if sentence.numbers == "none":
        return ""
    cited = [evidence[n - 1] for n in sentence.citations]
    if any(is_of_another_thing(query, e, evidence, passages) for e in cited):
        return REASONS[language]["beside"]
    other = [e for e in cited if is_of_another_year(query, e, passages)]
    if other and (len(other) == len(cited) or any(map(stated_years, other))):
        return REASONS[language]["year"].format("、".join(query.years))
    return REASONS[language]["reached"] if query.wants_plan and tells_reached(_said(sentence)) else ""


def stands(query: Query, sentences: Sequence[Sentence]) -> bool:
    """Whether something of an answer is supported, and has the figure that was asked for."""
    return any(s.supported and has_asked_figure(query, _said(s)) for s in sentences)


def may_answer(query: Query, e: Evidence, passages: Sequence[Passage]) -> bool:
    """Whether a quotation can be an answer: it has words of the question, and the figure, date and year asked for."""
    told = e.coverage > 0 or not query.zh  # without a translation few words can be looked for
    dated = not query.wants_date or bool(find_dates(e.text))
    return told and dated and has_asked_figure(query, e.text) and not is_of_another_year(query, e, passages)


def is_as_near(sentence: Sentence, evidence: Sequence[Evidence], tried: Sequence[Evidence]) -> bool:
    """Whether what a second try cites has half of the question's words that the best piece of the first try had.

    A small model that is left with sentences beside the question copies one of them.
    """
    cited = [evidence[n - 1].coverage for n in sentence.citations]
    return not sentence.supported or not cited or max(cited) >= max(e.coverage for e in tried) / 2


def is_of_another_year(query: Query, e: Evidence, passages: Sequence[Passage]) -> bool:
    """Whether a question names a year and the evidence speaks of others only.

    Its years are those of the sentence; where that states none, all that its article's passages name.
    """
    years = years_of(e)
    if not stated_years(e):
        years |= {year for p in passages if p.article_id == e.article_id for year in YEAR.findall(p.text)}
    return bool(query.years and years) and not years & set(query.years)


def is_of_another_thing(query: Query, e: Evidence, evidence: Sequence[Evidence], passages: Sequence[Passage]) -> bool:
    """Whether a question names things, a park or a person, and the evidence's article none of them, another's some.

    Such an article has figures of the same kind for a park of its own.
    """
    wanted = [group for group in key_words(query) if min(map(rarity, group)) >= _NAME]
    articles: dict[str, str] = {}
    for p in passages:
        articles[p.article_id] = f"{articles.get(p.article_id, p.title)} {p.text}"
    for piece in evidence:
        articles[piece.article_id] = f"{articles.get(piece.article_id, piece.title)} {piece.before}{piece.text}"
    told = {id: any(stands_in(group, text) for group in wanted) for id, text in articles.items()}
    return not told[e.article_id] and any(told.values())


def _is_beside(query: Query, sentence: Sentence, evidence: Sequence[Evidence]) -> bool:
    """Whether a sentence is taken from pieces that have no word of the question, though others have some of it.

    Of the sentences chosen for a question 1 to 2 % of those that answer it are so, and 8 to 13 % of the others (300
    questions of DRCD dev, 79 of the fact set). A figure or date is never taken from such.
    """
    told = sentence.numbers == "ok" or bool(find_dates(_said(sentence)))
    told = told or max(e.coverage for e in evidence) >= _SOME
    cited = [evidence[n - 1] for n in sentence.citations]
    # What a model put otherwise into Chinese, the dictionary may know.
    return told and not any(
        e.coverage or (query.language == "en" and english_share(query.text, e.text) > 0) for e in cited
    )


def _said(sentence: Sentence) -> str:
    return MARKER.sub("", sentence.text)
