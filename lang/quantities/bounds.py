"""What the words beside a figure make of it: at least, more than, at most, less than, about, nearly."""

from __future__ import annotations

import re

from lang.quantities.records import Bound, Quantity

_REACH = 40  # characters before a figure in which its bound may stand
# In this order: 不少于 holds 少于, and "no less than" holds "less than".
_ZH_BEFORE: tuple[tuple[Bound, str], ...] = (
    ("least", "不少于|不低于|不小于|不得低于|不得少于|至少|最少|最低|起码|≥|>=|不亚于|下限为?"),
    ("most", "不超过|不高于|不多于|不大于|不得超过|不得高于|最高|最多|至多|上限为?|封顶|≤|<=|控制在"),
    ("nearly", "将近|接近|逼近|(?<![最附邻相远])近"),
    ("less", "不足|不到|不满|未满|未达到?|低于|少于|小于|<"),
    ("more", "突破|超过|超出|超|逾|高于|多于|大于|超越|>"),
    ("about", "大约|约为|(?<![合签节条公契大])约|大概|大致|左右"),
)
_ZH_GAP = (
    r"(?:了|过|已经?|有|给予|可以?|能够?|给|获得?|领取?|享受?|拿到?|报销|兑付|申请|申领|就|得|奖励|补助|补贴|资助|支持|达到?|为|人民币"
    r"|[¥$]|US\$| )*"
)
# 5个工作日以内; but 规模以上 and 省级以上 belong to what follows.
_ZH_NOUN = "(?:[\u4e00-\u9fff]{1,4}?(?<![级模额位]))?"
_ZH_AFTER: tuple[tuple[Bound, str], ...] = (
    ("least", f"{_ZH_NOUN}及?以上|起(?=[，。]|$)"),
    ("most", f"{_ZH_NOUN}(?:及?以下|以内|之内)|封顶"),
    ("about", f"{_ZH_NOUN}左右|上下"),
    ("more", r"有余|开外|出头|余|多(?![家个项种元样边方年级])|[+](?=[家个项人名件元万亿%，。、；）)]|$)"),
)
_EN_BEFORE: tuple[tuple[Bound, str], ...] = (
    ("least", r"at least|no (?:less|fewer|lower) than|not (?:less|fewer) than|(?:a )?minimum(?: of)?|≥|>="),
    (
        "most",
        r"at most|no (?:more|higher|greater|older|longer|later|larger|bigger|wider) than|not (?:more|higher) than"
        r"|not (?:to )?exceed(?:ing)?|n[o']t exceed"
        r"|up to|(?:a )?maximum(?: of)?|within|capped at|(?:a )?(?:ceiling|cap|limit) of|≤|<=",
    ),
    ("nearly", r"nearly|almost|close to|just (?:under|below|short of)|approaching|nearing"),
    ("less", r"less than|fewer than|lower than|under|below|short of|<"),
    (
        "more",
        r"more than|over|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|in excess of|beyond|upwards of|greater than"
        r"|top(?:s|ped|ping)|higher than|>",
    ),
    (
        "about",
        r"about|around|approximately|roughly|circa|approx\.?|some|(?<![\d%℃])(?<!\d[\u4e00-\u9fff])~|in the region of",
    ),
)
_EN_GAP = (
    r"(?:\s+(?:a|the|an|some|total|cumulative|combined|of|RMB|CNY|US|HK|CN|EUR|USD))*[\s$¥€£]*"
    r"(?:RMB|CNY|USD|US|HK|CN)?[\s$¥€£]*"
)
_EN_AFTER: tuple[tuple[Bound, str], ...] = (
    (
        "least",
        r"(?<! at)(?<! at )\s?(?:or|and) (?:more|above|higher|over|better|up)\b|\s?at (?:least|a minimum)\b"
        r"|\s?minimum\b",
    ),
    ("most", r"\s?(?:or|and) (?:less|fewer|below|lower|under)\b|\s?at (?:most|the most)\b"),
    ("more", r"-plus\b|\s?\+(?=[\s,.;)]|$)|\s(?:odd|plus)\b"),
    ("about", r"\s?or so\b|\s?or thereabouts\b"),
)
# The words that follow the number belong between it and "or more": 400 enterprises or more.
_EN_NOUN = r"(?:\s[a-z&-]+){0,4}?"
_DURATIONS = ("年", "月", "日", "天", "周", "小时", "号")
_SPAN_EN = re.compile(r"\s?(?:years?|months?|weeks?|days?|hours?)\b", re.I)


def _before(rules: tuple[tuple[Bound, str], ...], gap: str, flags: int) -> list[tuple[Bound, re.Pattern[str]]]:
    edge = r"(?<![A-Za-z])" if flags else ""
    return [(bound, re.compile(rf"{edge}(?P<word>{words}){gap}$", flags)) for bound, words in rules]


_BEFORE = [*_before(_ZH_BEFORE, _ZH_GAP, 0), *_before(_EN_BEFORE, _EN_GAP, re.I)]
_AFTER = [(bound, re.compile(words)) for bound, words in _ZH_AFTER]
_AFTER += [(bound, re.compile(rf"(?:{_EN_NOUN})(?:{words})", re.I)) for bound, words in _EN_AFTER]


def find_bound(text: str, q: Quantity) -> tuple[Bound, int, int]:
    """The bound of a figure, and the span of the figure with the words that say so.

    >>> from decimal import Decimal
    >>> text = "登记额不少于80亿元"
    >>> find_bound(text, Quantity(Decimal(80), "money", "元", 6, 10))
    ('least', 3, 10)
    """
    if q.kind == "date" and q.value > 1900:
        return "exact", q.start, q.end
    if inner := _inner(text[q.start : q.end]):
        return inner, q.start, q.end
    duration = q.unit in _DURATIONS or bool(_SPAN_EN.match(text, q.end))
    for bound, pattern in _AFTER:
        found = pattern.match(text, q.end)
        # 三年内 is when, 三年以下 how long; from a day on (8月1日起) is no bound of the day.
        if found and not (duration and "内" in found.group()) and not (q.kind == "date" and "起" in found.group()):
            return bound, q.start, found.end()
    at = max(0, q.start - _REACH)
    before = text[at : q.start]
    if q.kind == "percent" and (of := _OF_WHOLE.search(before)):
        before = of["word"]
        at = q.start - len(of[0])
    for bound, pattern in _BEFORE:
        # 近三年 and "over the three years" are spans of time, not bounds.
        if (found := pattern.search(before)) and not (duration and found["word"].lower() in _OF_TIME):
            return bound, at + found.start("word"), q.end
    return "exact", q.start, q.end


_WORDS = "|".join(word for _, words in _ZH_BEFORE for word in words.split("|") if len(word) > 1)
# 超过全校总人数的七成
_OF_WHOLE = re.compile(rf"(?P<word>{_WORDS})[\u4e00-\u9fff]{{2,10}}的$")
_OF_TIME = frozenset({"近", "over", "within", "about"})


def _inner(written: str) -> Bound | None:
    return "more" if "余" in written or "多" in written else None
