"""An English question put into Chinese, for the search and the model that answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from lang.cities import english_name
from lang.dates import YEAR, chinese_date, find_dates
from lang.glossary import find_terms, put_into_chinese
from lang.quantities import figure_zh, find_quantities
from lang.script import HAN, count_han, to_simplified
from rag.llm import ChatModel, complete
from rag.prompts import EXAMPLE_WORDS, query_prompts

_LEFT_OVER = re.compile(r"\s*(?<![A-Za-z-])[a-z]{3,}(?![A-Za-z-])\s*")
_ASKS = re.compile("[？?吗谁哪何几]|什么|多少|怎|是否|多[大高长远久]")
# A question of these is not answered by yes or no.
_OPEN = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.I)
_ASKS_OPENLY = re.compile("[谁哪何几]|什么|多少|怎|为啥|多[大高长远久]")
_GROWS = re.compile(
    r"\b(?:how much|how fast|what percentage|what rate)\b.*\b(?:grow|grew|rise|rose|increase|climb)", re.I
)
_GROWTH = ("增长", "提高", "上升", "增加", "增幅", "增速", "提升", "涨")
_TARGET = "目标"  # as the glossary has it
_TARGET_WORDS = frozenset("target targets goal goals aim aims aiming".split())
_FRAME_WORDS = frozenset(
    "what which how many is are was were the s for of in by at a its it city number total set sets does do did has have"
    " to end year".split()
)
_CURRENCY = re.compile(r"(?:\b(?:RMB|CNY|USD|HKD)|(?:US|HK)\$|[¥￥$€])\s?$")
_LATE = re.compile(r"(?:\b(?:the )?end of|\blate|\bend-)\s?$", re.I)
_CLASS = re.compile(
    r"[ -](?:class|scale|level|(?:yuan )?(?=(?:\w+ )?(?:cluster|park|industr(?:y|ies|ial)\b)(?! funds?\b)))", re.I
)
_CLASSES = {Decimal(10) ** 10: "百亿级", Decimal(10) ** 11: "千亿级", Decimal(10) ** 12: "万亿级"}
_SCALED = re.compile(r"thousand|million|billion|trillion|per ?cent|percentage", re.I)
_COMPARING_WORDS = frozenset(
    "which higher lower more fewer less larger bigger smaller than two between gap difference differ rank"
    " compare compared with versus vs or and above below highest lowest most least first each both respectively"
    " they do their one ones big far much together combined sum growth grow up city cities these those"
    " them".split()
)
_MAX_QUESTION_TOKENS = 60
_LEAST = 4  # characters of a question
_COMMON = 3.5  # of wordfreq's scale; a rarer word may be a term that Chinese writes so, too


def translate_question(
    question: str, model: ChatModel, cities: Sequence[str], names: Mapping[str, str] | None = None
) -> str:
    """An English question in Chinese, for the search; an empty string where the result can't be trusted.

    Cities, names and terms are put in beforehand, for a small model guesses at them (Yunchuan: 玉川; high-tech
    enterprise: 高科技企业, which no notice says).

    Args:
        question: in English.
        model: translates.
        cities: in Chinese, that the question names; a translation that loses one is not used.
        names: English names with their Chinese, see ``pinyin_names``.
    """
    named = put_into_chinese(question)
    for city in cities:
        named = re.sub(rf"\b{re.escape(english_name(city))}\b", city, named, flags=re.IGNORECASE)
    for name, chinese in (names or {}).items():
        named = re.sub(rf"\b{re.escape(name)}\b", chinese, named)
    aims = [_TARGET] if re.search(r"\b(?:target|goal|aim)", question, re.I) else []  # "growth target" is put as 增长
    if plain := _target_question(f"{named} {''.join(aims)}", cities, [term.zh for term in find_terms(question)]):
        return plain
    named, figures = _with_figures(named)
    known = [(term.zh, *term.zh_forms) for term in find_terms(question)] + [(zh,) for zh in (names or {}).values()]
    handed = [*((city,) for city in cities), *(forms for forms in known if forms[0] in named)]
    asks = _ASKS_OPENLY if _OPEN.search(question) else _ASKS
    handed += [(figure,) for figure in figures]
    handed += [_GROWTH] if _GROWS.search(question) else []
    made: list[str] = []
    for prompt in query_prompts(named):  # 肯尼亚 came out as 肯雅, or the examples' places got into it
        made.append(_first_line(complete(model, prompt, _MAX_QUESTION_TOKENS)))
        if not _lost(made[-1], handed, asks):
            break
    zh = _without_english(min(made, key=lambda text: (count_han(text) < _LEAST, _lost(text, handed, asks))))
    for year in YEAR.findall(question):  # 2025科技创新券 would be read as a number of them
        zh = re.sub(rf"(?<!\d){year}(?=[{HAN}])(?![年至到])", f"{year}年", zh)
    kept = all(city in zh for city in cities)
    return zh if kept and count_han(zh) >= _LEAST and len(zh) <= 2 * len(question) else ""


def _with_figures(question: str) -> tuple[str, list[str]]:
    """An English question with its dates and scaled figures in Chinese, and these: the model loses or misreads them.

    A year alone stays as it is.

    >>> _with_figures("When will output pass RMB 20 billion after the first three quarters of 2025?")
    ('When will output pass 200亿元 after the 2025年前三季度?', ['2025年前三季度', '200亿元', '2025'])
    """
    spans = []
    for d in find_dates(question):
        zh = chinese_date(replace(d, year=d.year * (str(d.year) in question)))  # a year that it took from another
        late = _LATE.search(question, 0, d.start)
        if (d.half or d.quarter) and str(d.year) not in question:
            continue  # the second half of the project
        if zh and question[d.start : d.end].isascii() and (late or not question[d.start : d.end].isdigit()):
            spans.append((late.start() if late else d.start, d.end, f"{zh}底" if late and not d.day else zh))
    for q in find_quantities(question):
        before = _CURRENCY.search(question, 0, q.start)
        start = before.start() if before and before.end() == q.start else q.start
        if _SCALED.search(question[q.start : q.end]) and not any(a < q.end and q.start < b for a, b, _ in spans):
            of_class = _CLASS.match(question, q.end)
            rank = _CLASSES.get(q.value, "") if of_class else ""
            spans.append((start, of_class.end() if rank and of_class else q.end, rank or figure_zh(q)))
    for start, end, zh in sorted(spans, reverse=True):
        question = f"{question[:start]}{zh}{question[end:]}"
    return question, [*(zh for _, _, zh in spans), *YEAR.findall(question)]


def _target_question(named: str, cities: Sequence[str], terms: Sequence[str]) -> str:
    """A question for cities' targets of one term, in Chinese; an empty string where it says anything besides.

    That is what is asked most, and the small model makes of it: is it the target to develop such enterprises?

    Args:
        named: the question, with cities and terms in Chinese.
        cities: in it.
        terms: in it.

    >>> _target_question("What is 江门's 2024 target for 高新技术企业?", ["江门"], ["高新技术企业"])
    '江门市2024年的高新技术企业目标是多少？'
    >>> _target_question("Is 随州's 2025 目标 for 高企 above 江门's?", ["随州", "江门"], ["目标", "高企"])
    '随州（2025年）和江门的高企目标各是多少？'
    >>> _target_question("Who set 江门's target for 高新技术企业?", ["江门"], ["高新技术企业"])
    ''
    """
    of = [term for term in terms if term not in (_TARGET, _GROWTH[0])]
    grows = _GROWTH[0] if _GROWTH[0] in terms else ""
    rest = {word.lower() for word in re.findall(r"[A-Za-z]+|\d+", YEAR.sub(" ", named))}
    aimed = _TARGET in named or rest & _TARGET_WORDS
    known = _TARGET_WORDS | _FRAME_WORDS | (_COMPARING_WORDS if len(cities) > 1 else set())
    if re.search(r"\b(?:last|this|next) year\b|\b(?:above|below) (?:the|its|their)\b", named, re.I):
        return ""
    if not (cities and len(of) == 1 and of[0] in named and aimed and rest <= known):
        return ""
    own = {city: m[1] for city in cities if (m := re.search(rf"{city}(?:['’]s)?(?: in)? \(?({YEAR.pattern})", named))}
    years = [year for year in YEAR.findall(named) if len(cities) == 1 or year not in own.values()]
    if len(years) > 1:
        return ""
    year = f"{years[0]}年" if years else ""
    if len(cities) == 1:
        return f"{cities[0]}市{year}的{of[0]}{grows}目标是多少？"
    each = "和".join(f"{city}（{own[city]}年）" if city in own else city for city in cities)
    return f"{year}{each}的{of[0]}{grows}目标各是多少？"


def _lost(zh: str, handed: Sequence[Sequence[str]], asks: re.Pattern[str]) -> int:
    """How many words that were handed over, each with its other forms, a translation lost; how many it left in English,
    or took from the examples; one more where it does not ask what ``asks`` finds.
    """
    lost = sum(not any(form in zh for form in forms) for forms in handed) + (not asks.search(zh))
    return lost + len(_LEFT_OVER.findall(zh)) + sum(word in zh for word in EXAMPLE_WORDS)


def _first_line(text: str) -> str:
    return to_simplified(text.split("\n")[0].strip())


def _without_english(zh: str) -> str:
    """Without the common English words that the model left where it knew no Chinese for them."""
    from wordfreq import zipf_frequency  # takes .2 s

    left = (m for m in _LEFT_OVER.finditer(zh) if zipf_frequency(m[0].strip(), "en") > _COMMON)
    for match in reversed(list(left)):
        zh = zh[: match.start()] + zh[match.end() :]
    return zh
