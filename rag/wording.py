"""What a question is about, in words, and how much of it a text has."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from pypinyin import lazy_pinyin

from lang.dictionary import english_stems, is_glossed, stem
from lang.glossary import Term, find_all_terms, find_terms, has_form
from lang.quantities import Quantity, find_quantities
from lang.words import content_words
from rag.query import Query

# A question's own scaffolding: what it asks for, not what it is about.
_ASKING = frozenset(
    """目标 全市 全年 今年 我市 计划 力争 预期 达到 数量 总数 指标 要求 具体 主要 名字 情况 内容 包括 关于 提出 定下
    设定 确定 多少 预计 希望 打算 哪里 什么 名称 冲过 冲破 冲刺 跨过 迈过""".split()
)
_HOW_MANY = re.compile(
    r"(?:多少|几多|几)(?:[万亿]*(?:元|平方[公千]?米|公里|亩|吨|小时|倍)|个百分点|[家项个场人名件种所座条]?)"
)
# How a question points and asks: 那家车企叫什么 is about carmakers.
_POINTING = re.compile(
    r"[这那哪某](?:一|[两二三四五六七八九十几])?[项个家条场名位座次年月天类种件批份款所支些里]|叫(?:做|什么|啥)+(?:名字)?"
    r"|[是在到]?(?:什么|啥)(?:时候|时间|地方|地点|名字|样)|为什么|为啥|为何|咋样|哪儿|哪边|几时|多[长久]|都?有啥|[是由]谁来?|到底|究竟|一共|总共|分别|可以|百分之(?=多少|几)"
    r"|最[多高少低大小](?:能|可以?|不)?(?=[^，。]{0,8}(?:多少|几|多[大高长]))"
)
# How a question sets cities side by side.
_BESIDE = re.compile(
    r"各(?:自|是|为|有|要|占|达|定)?|分别|相比|比较|对比|相差|如何|怎样|[两三四五]市|哪[个座些]|城市|地市|[最更][高大多低小少快强]"
)
_OF_EACH = re.compile(
    r"\b(?:what|how)\b.*\band (?:what|how (?:many|much|large|big|high))\b"
    r"|[和与及、].*(?:各(?:是|为|有|要|占|达)?(?:多少|几)|分别)"
    r"|\b(?:respectively|each|both)\b|^what (?:were|are) the \w+s\b.* and\b"
    r"|多少.*多少|\bhow (?:many|much)\b.*\bhow (?:many|much|large|big|high)\b",
    re.I | re.M,
)
_ALIASES = dict.fromkeys(("年底", "年末", "岁末"), frozenset({"年底", "年末", "岁末"}))
_COUNTED = re.compile(r"[一二两三四五六七八九十几\d]+(?:[项家条场名大位座次年天类种件批份款所支]|个月?)?")
# What is counted in one word may be told in the others; 个 and 项 count anything.
_ALIKE = {
    "家": ("家", "户", "所", "个", "座"), "人": ("人", "名", "位", "个"), "名": ("人", "名", "位", "个"),
    "场": ("场", "次", "个", "项"),
}  # fmt: skip
_GROWN = re.compile(
    r"增长|增幅|增速|提高|上升|提升|下降|减少|降低|\b(?:gr[oe]w|ris[ei]|rose|increas|fell|fall|drop|climb)", re.I
)
_GROWING = re.compile(r"(?:增长|增幅|增速|提高|上升|提升|下降|减少|降低)[^，。；、\d]{0,8}$")
_VALUES = ("money", "percent", "points", "multiple", "count")
_RAREST_EN = 7.0  # of wordfreq's scale, on which the commonest word has 8
_SHARES = ("percent", "points", "multiple")
_PLACED = re.compile(r"首位|榜首|第一|冠军|前[\d一二三四五六七八九十]{1,3}[名位强列]")
_SURFACES = ("平方", "㎡", "亩", "公顷")


def key_words(query: Query) -> list[frozenset[str]]:
    """What the question is about: each thing as the set of words that may stand for it.

    They come from the question in Chinese, with aliases from the glossary. Of an English question that nobody
    put into Chinese, only what the glossary has can be looked for.
    """
    text = query.zh or query.text
    for city in query.cities:
        text = text.replace(f"{city}市", " ").replace(city, " ")
    text = _HOW_MANY.sub(" ", _POINTING.sub(" ", text))
    if query.compares:
        text = _BESIDE.sub(" ", text)
    terms = [t for t in find_terms(text) if not _ASKING.intersection(t.zh_forms)]
    groups = [
        frozenset(form for nested in (t, *_within(t, 2 if query.wants_list else 3)) for form in nested.zh_forms)
        for t in terms
    ]
    if query.zh:
        # The longest first: 孵化器 taken out of 科技企业孵化器 leaves 科技企业, which nobody asked for.
        for form in sorted({form for t in terms for form in t.zh_forms}, key=lambda form: (-len(form), form)):
            text = text.replace(form, " ")
        rest = content_words(text) - _ASKING
        groups += [_ALIASES.get(w, frozenset({w})) for w in sorted(rest) if not _COUNTED.fullmatch(w)]
    return groups


def sure_words(query: Query) -> list[frozenset[str]]:
    """Of what the question is about, what is surely said so in Chinese.

    All of it for a Chinese question. Of an English one what the glossary has, and figures and codes: where the model
    put the rest into words of its own, another wording in the sources is no sign that they don't have it.
    """
    if query.language == "zh":
        return key_words(query)
    terms = [t for t in find_terms(query.text) if not _ASKING.intersection(t.zh_forms)]
    verbatim = re.findall(r"(?<![A-Za-z\d])[A-Z]{2,}[\dA-Z-]*(?![a-z])|\d{2,}", query.text)
    return [frozenset(t.zh_forms) for t in terms] + [frozenset({w}) for w in dict.fromkeys(verbatim)]


def _within(term: Term, shortest: int) -> list[Term]:
    """Terms that stand inside a term: who asks for 高企存量 is served by a sentence about 高企.

    Short ones are too general (产业 in 高新技术产业), but name the items of a list (行动 in 六大行动).
    """
    return [t for t in find_all_terms(term.zh) if t != term and len(t.zh) >= shortest and t.zh not in _ASKING]


def stands(group: frozenset[str], text: str) -> bool:
    """Whether one of the words that may stand for a thing is in the text."""
    return any(has_form(text, form) for form in group)


def inverse_frequency(group: frozenset[str], texts: Sequence[str]) -> float:
    """How much a thing tells these sentences apart: BM25's inverse document frequency."""
    having = sum(stands(group, text) for text in texts)
    return math.log(1 + (len(texts) - having + 0.5) / (having + 0.5))


def share(wanted: Sequence[frozenset[str]], weights: Sequence[float], text: str) -> float:
    """The share, by weight, of the wanted things that a text has."""
    total = sum(weights)
    return sum(w for group, w in zip(wanted, weights, strict=True) if stands(group, text)) / total if total else 1.0


def has_figure(text: str) -> bool:
    """Whether a sentence bears a figure that is more than a date."""
    return any(q.kind in _VALUES for q in find_quantities(text))


def has_asked_figure(query: Query, text: str) -> bool:
    """Whether a sentence bears a figure of the kind that is asked for, if any is: a sum where a sum is."""
    if not query.wants_unit:
        asked = _HOW_MANY.findall(query.zh)
        counted = not asked or any(_is_counted_so(q, asked[-1][-1]) for q in find_quantities(text) if q.kind in _VALUES)
        return not query.wants_figure or (has_figure(text) and counted)
    if query.wants_unit == "rank":
        return _PLACED.search(text) is not None or any(q.kind == "ordinal" for q in find_quantities(text))
    if query.wants_unit == "area":
        return any(text.startswith(_SURFACES, q.end) or q.unit.startswith(_SURFACES) for q in find_quantities(text))
    if query.wants_unit == "share":
        grown = _GROWN.search(f"{query.zh}\n{query.text}") is not None
        # 12‰ and 3:1 are read as bare numbers; who asks for R&D as a share of GDP is not told by how much it grew.
        return any(
            (q.kind in _SHARES and (grown or not _GROWING.search(text[: q.start])))
            or (q.kind == "count" and not q.unit)
            for q in find_quantities(text)
        )
    return any(_is_sum(q, text) for q in find_quantities(text))


def wants_several(query: Query) -> bool:
    """Whether a figure is asked for of each of several things: 产值和企业数各是多少."""
    # One city's part of a question about several is asked in Chinese alone; its text is still about all.
    part = len(query.mentioned) > 1 and len(query.cities) == 1 and bool(query.zh)
    return query.wants_figure and _OF_EACH.search(query.zh if part else f"{query.zh}\n{query.text}") is not None


def has_all_figures(query: Query, text: str) -> bool:
    """Whether a text bears at least two figures where each of several things is asked for."""
    if not wants_several(query):
        return True
    return sum(q.kind in _VALUES for q in find_quantities(text)) > 1


def english_share(question: str, text: str) -> float:
    """The share, by rarity, of an English question's words that a dictionary has for a Chinese text, or that are in it.

    It needs no translation of the question: what a small model puts wrongly (a monopoly as 专利) may be found by it.
    Words that the dictionary never uses, such as names in pinyin, count only where they are found.

    >>> english_share("Where is the castle of Yunchuan?", "云川的城堡已成废墟")
    1.0
    >>> english_share("Which river is it?", "孵化器")
    0.0
    """
    from wordfreq import zipf_frequency  # takes .2 s

    there, plain, letters = english_stems(text), text.lower(), _letters(text)
    words = content_words(question)
    found = {w for w in words if stem(w) in there or w in plain or (not is_glossed(w) and w in letters)}
    known = [w for w in sorted(words) if w in found or is_glossed(w)]
    weights = {w: max(_RAREST_EN - zipf_frequency(w, "en"), 0.5) for w in known}
    borne = sum(weight for w, weight in weights.items() if w in found)
    return borne / sum(weights.values()) if weights else 1.0


@lru_cache(maxsize=500)
def _letters(text: str) -> str:
    """A Chinese text in pinyin, as names are spelled."""
    return "".join(lazy_pinyin(text))


def _is_counted_so(q: Quantity, asked: str) -> bool:
    """Whether a figure may count what is asked for: who asks for so many 家 is not told of 五项行动."""
    units = _ALIKE.get(asked)
    return units is None or q.kind != "count" or not q.unit or q.unit in units


def _is_sum(q: Quantity, text: str) -> bool:
    """Money, or a large number without a unit: 登记额80亿 is a sum, too, 千亿级 a size."""
    bare = q.kind == "count" and not q.unit and q.value >= 10_000
    return q.kind == "money" or (bare and text[q.end : q.end + 1] != "级")
