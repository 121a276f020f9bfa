"""Whether what stands on its quote answers the question: of its year, its kind, and of what it asks for at all.

A sentence copied from a page verifies, whatever was asked; ``rag.verify`` tells whether it is true, this whether it is
an answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from itertools import pairwise

import rjieba

from lang.claims import asked_status, tells_planned, tells_reached
from lang.concepts import find_grades
from lang.dates import YEAR, find_dates
from lang.quantities import find_quantities
from lang.sentences import split_clauses
from lang.unigram import rarity
from library.records import Passage, Sentence
from rag.evidence import Evidence, stated_years, years_of
from rag.query import Query
from rag.reasons import REASONS
from rag.verify import MARKER
from rag.wording import english_share, has_asked_figure, key_words
from rag.wording import stands as stands_in

# What is told of what the sentence before names.
_GOING_ON = re.compile("其中|同时|此外|另外|对此|为此|[该此其它他她]")
_NOBODY = re.compile("某(?![些种时])")
_ASKS_NAME = re.compile(
    r"叫(?:什么|啥)|哪一?[家个位座所]|是谁|名称|名字|\b(?:who|which|what is the name|what was the name|named)\b", re.I
)
# What carries a name of its own; 氢能产业园 is none of the others.
_NAMED_KINDS = (
    "产业园|科技园|工业园|实验室|研究院|孵化器|创谷|基金|公司|集团|银行|大学|学院|医院|高新区|开发区|新区|大赛|论坛"
)
_NAMED = re.compile(f"([\u4e00-\u9fff]{{2,10}}?)({_NAMED_KINDS})")
_ACTUAL = re.compile(
    r"实际|实绩|现在|如今|眼下|现有|已有|目前|当前|\b(?:actual(?:ly)?|currently|today|so far|to date|as of)\b", re.I
)
_WHETHER = re.compile("吗|是否|有没有|能否|会不会|可否|[是要能会]不[是要能会]|还是")
_NO_WORDS = re.compile(r"\W|[的是了在有为和与及]")
# Asked for as such, and how a name of the kind may end.
_ENDINGS = {
    "实验室": "实验室", "产业园": "园", "银行": "行|信用社", "医院": "院", "基金": "基金", "县": "县|旗", "镇": "镇",
    "村": "村|屯|庄",
}  # fmt: skip
_ASKED_KIND = re.compile(rf"(?:哪|什么)(?:一|几|[两三四五])?[个家所座只支]?({'|'.join(_ENDINGS)})(?![痛静级域民银])")
_TIME = re.compile("[年月天日周]|小时")
_BESIDES = re.compile(r"除|继|之后|[成工产]后|还|另|\b(?:besides|after|other than|apart from|following)\b", re.I)
_LATIN = re.compile("[A-Za-z]")
_LARGE = 100  # smaller counts are of words (两个, 五项)
_SOME = 0.3  # of the question's words
_TELLING = 2.2  # of lang.unigram's scale: 科技, 企业 and 项目 are below, 平台 and 预算 above
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
    beside = _is_beside(query, sentence, evidence) or _is_of_another_kind(query, sentence, evidence)
    unnamed = _names_nobody(query, _said(sentence)) or _names_another(query, _said(sentence))
    if beside or unnamed or _says_nothing_new(query, sentence) or _is_of_another_phase(query, _said(sentence)):
        return REASONS[language]["beside"]
    cited = [evidence[n - 1] for n in sentence.citations]
    if not any(_bears_asked(query, e, evidence, passages) for e in cited):
        return REASONS[language]["beside"]
    if sentence.numbers == "none":
        return ""
    if any(is_of_another_thing(query, e, evidence, passages) for e in cited):
        return REASONS[language]["beside"]
    other = [e for e in cited if is_of_another_year(query, e, passages)]
    if other and (len(other) == len(cited) or any(map(stated_years, other))):
        return REASONS[language]["year"].format("、".join(query.years))
    if _wants_actual(query) and _tells_only_planned(_said(sentence)):
        return REASONS[language]["planned"]
    return REASONS[language]["reached"] if query.wants_plan and tells_reached(_said(sentence)) else ""


def stands(query: Query, sentences: Sequence[Sentence], evidence: Sequence[Evidence]) -> bool:
    """Whether something of an answer is supported, and has the figure that was asked for, or the date.

    A period (within three years) is as good as a date, and so is any time where its quote has no date either.
    """
    kept = [s for s in sentences if s.supported]
    dated = not query.wants_date or any(_tells_time(_said(s)) for s in kept)
    dated = dated or not any(find_dates(evidence[n - 1].text) for s in kept for n in s.citations)
    return dated and any(has_asked_figure(query, _said(s)) for s in kept)


def _tells_time(text: str) -> bool:
    return bool(find_dates(text)) or any(_TIME.search(q.unit) for q in find_quantities(text))


def may_answer(query: Query, e: Evidence, passages: Sequence[Passage]) -> bool:
    """Whether a quotation can be an answer: it has words of the question, and the figure, date and year asked for."""
    wanted = key_words(query)
    # 科技 and 项目 stand anywhere.
    telling = [group for group in wanted if min(map(rarity, group)) >= _TELLING] or wanted
    told = any(stands_in(group, f"{e.title} {e.text}") for group in telling)
    told = told or not telling or not query.zh  # else there are few words
    dated = not query.wants_date or bool(find_dates(e.text))
    # What bears the figure counts, not what stands beside it.
    clauses = [e.text[a:b] for a, b in split_clauses(e.text)]
    bearing = [c for c in clauses if has_asked_figure(query, c)] if query.wants_figure else clauses
    own = not bearing or not all(_names_another(query, c) or _names_nobody(query, c) for c in bearing)
    actual = not (_wants_actual(query) and bearing and all(map(_tells_only_planned, bearing)))
    fits = told and dated and own and actual
    fits = fits and _bears_asked(query, e, [e], passages)
    return fits and has_asked_figure(query, e.text) and not is_of_another_year(query, e, passages)


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


def _bears_asked(query: Query, e: Evidence, evidence: Sequence[Evidence], passages: Sequence[Passage]) -> bool:
    """Whether a piece tells when what a question says of a figure (何时突破200亿元): it has the figure, or none has.

    Where no piece has it, the piece's article must.
    """
    asked = _given_figures(query) if query.wants_date else set()
    if not asked:
        return True
    if any(asked & _values(f"{x.title}\n{x.before}\n{x.text}") for x in (e, *evidence)):
        return bool(asked & _values(f"{e.title}\n{e.before}\n{e.text}"))
    return any(asked & _values(p.text) for p in passages if p.article_id == e.article_id)


def _given_figures(query: Query) -> set[Decimal]:
    dates = find_dates(query.text)
    return {
        q.value
        for q in find_quantities(query.text)
        if (q.kind in ("money", "percent", "points") or (q.kind == "count" and q.value >= _LARGE))
        and not _LATIN.match(query.text, q.end)  # 800G光模块
        and not any(d.start <= q.start < d.end for d in dates)
    }


def _values(text: str) -> set[Decimal]:
    return {q.value for q in find_quantities(text)}


def _is_beside(query: Query, sentence: Sentence, evidence: Sequence[Evidence]) -> bool:
    """Whether a sentence is taken from pieces that have no word of the question, though others have some of it.

    Of the sentences chosen for a question 1 to 2 % of those that answer it are so, and 8 to 13 % of the others (300
    questions of DRCD dev, 79 of the fact set). A figure or date is never taken from such.
    """
    told = sentence.numbers == "ok" or bool(find_dates(_said(sentence)))
    told = told or max(e.coverage for e in evidence) >= _SOME
    cited = [evidence[n - 1] for n in sentence.citations]
    if any(_GOING_ON.match(e.text) for e in cited):
        return False
    # What a model put otherwise into Chinese, the dictionary may know.
    return told and not any(
        e.coverage or (query.language == "en" and english_share(query.text, e.text) > 0) for e in cited
    )


def _names_nobody(query: Query, said: str) -> bool:
    """Whether a name is asked for and a text answers with 某车企, which its source leaves unnamed."""
    asked = _ASKS_NAME.search(f"{query.zh}\n{query.text}") is not None and not query.wants_figure
    return asked and _NOBODY.search(said) is not None and not _NOBODY.search(query.zh)


def _says_nothing_new(query: Query, sentence: Sentence) -> bool:
    """Whether a sentence only repeats the question: 三个产业在准备中, of 在准备中的三个产业是什么."""
    said = _said(sentence)
    if not query.zh or _WHETHER.search(query.zh) or sentence.numbers == "ok" or find_dates(said):
        return False
    new = {a + b for a, b in pairwise(_NO_WORDS.sub("", said))} - {
        a + b for a, b in pairwise(_NO_WORDS.sub("", query.zh))
    }
    return len(new) < 2 and set(_NO_WORDS.sub("", said)) <= set(query.zh)


def _is_of_another_kind(query: Query, sentence: Sentence, evidence: Sequence[Evidence]) -> bool:
    """Whether a laboratory is asked for, the evidence names one, and the sentence none."""
    asked = _ASKED_KIND.search(query.zh)
    if asked is None or query.wants_figure or query.wants_date:
        return False
    named = re.compile(f"[\u4e00-\u9fff]{{2}}(?:{_ENDINGS[asked[1]]})")
    return not named.search(_said(sentence)) and any(named.search(e.text) for e in evidence)


def _is_of_another_phase(query: Query, said: str) -> bool:
    """Whether the second phase is asked for and a text tells of the first."""
    if _BESIDES.search(f"{query.zh}\n{query.text}"):
        return False
    asked, told = find_grades(f"{query.zh}\n{query.text}"), find_grades(said)
    kinds = {name.split()[-1] for name in asked} & {name.split()[-1] for name in told}  # a phase is no prize
    return bool(kinds) and not asked & told


def _wants_actual(query: Query) -> bool:
    """Whether a question insists on what is, and speaks of no plan: 实际有多少家."""
    either = f"{query.zh}\n{query.text}"
    insists = _ACTUAL.search(either) is not None and not tells_planned(either)
    return query.wants_figure and (insists or asked_status(either) == "done")


def _tells_only_planned(text: str) -> bool:
    told = any(tells_reached(text[a:b]) for a, b in split_clauses(text))
    return tells_planned(text) and not told and not _ACTUAL.search(text)


def _names_another(query: Query, said: str) -> bool:
    """Whether a Chinese question names a park, an institute or a fund, and a text another of that kind.

    A text that names none, or that has the name of the one asked for anywhere, is left alone.
    """
    if query.language != "zh":
        return False
    wanted = _own_names(query.zh, query.mentioned)
    return any(
        kind in wanted and names and wanted[kind] and not any(name in said for name in wanted[kind])
        for kind, names in _own_names(said, query.mentioned).items()
    )


def _own_names(text: str, cities: Collection[str]) -> dict[str, frozenset[str]]:
    """What tells things of a kind apart in a text, by kind: 产业园 to 氢能, of 云川氢能产业园; their city does not."""
    found: dict[str, frozenset[str]] = {}
    for match in _NAMED.finditer(text):  # of 中科院与江门签约共建的实验室 nothing
        own = re.split("[的在与和由]", match[1])[-1]
        words = (w for w in rjieba.cut(own) if len(w) > 1 and rarity(w) >= _NAME and w not in cities)
        found[match[2]] = found.get(match[2], frozenset()) | frozenset(words)
    return found


def _said(sentence: Sentence) -> str:
    return MARKER.sub("", sentence.text)
