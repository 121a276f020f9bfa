"""Quantitative targets of an article: what is to be reached, how much, by when, whose.

A target is a figure that the text plans, see ``lang.claims``: it stands after 力争, 要 or 目标, or in an order
(培育200家) of a text that plans, and was not reached already. What it counts is read from the words around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

import rjieba

from lang.claims.frames import Figure, Frame, read_frame
from lang.claims.status import is_denied, is_reached, is_superseded, status_of
from lang.concepts import find_concepts
from lang.indicators import indicator_in_english
from lang.places import find_places
from lang.quantities import Bound, Quantity, figure_en
from lang.quantities.english import BOUNDS_EN
from lang.script import count_han
from lang.sentences import split_sentences
from library.records import Article, Target

_KINDS = frozenset(("count", "money", "percent", "points", "multiple"))
_NO_TARGET = frozenset(
    "届 期 版 部 次 维 代 轮 号 楼 层 岁 年 月 日 天 周 小时 分钟 点 级 强 度 条 章 句 者 字".split()
)
# Words in which a small numeral is part of a name: 五项行动, 三大工程.
_NAMED = frozenset("项 个 大 类 种 方 方面 条 件 点 位 步".split())
_ORDER = re.compile(
    r"(?:举办|组织|开展|培育|引进|打造|建设|支持|扶持|遴选|选派|安排|发放|滴灌|攻克|促成|设立|组建|新增|新建|建成|转化|认定)"
    r"[^，。；]{0,4}$"
)
# What says nothing without what comes before it.
_HELD = re.compile("(?<=[\u4e00-\u9fff]{2})(?:举办|开展|办)$")  # 活动举办不少于5场
_TAIL = re.compile(r"(?:其|这部分)?(?:占|比重|增速|增幅|总数|总量|存量|总额|规模|面积|产值|数量)")
# 完成全年目标的55.7%, and what is listed after it, are results.
_MET = re.compile(r"(?:完成|超过|超额|低于|高于|超出|未达|比(?!重|例))[^，。；]{0,16}(?:目标|计划|任务|预算)")
# How things are, in the middle of plans.
_IS_SO = re.compile(r"占|不到|不足|因|被|只差|还差|仅|眼下|目前|现有|^(?:另)?有|按|每亩|已")
_PLANS = re.compile(r"力争|争取|要|将|目标|计划|预计|确保|达到|突破|超过|比重|占比")
_AIM = re.compile(
    r"力争|争取|力促|确保|(?<!达到)(?<!实现)目标(?![价客人用的])|计划(?![的，。；、出为全生于在给#]|\s|$)|规划(?!的|建设)|努力(?!下|学)|奋力"
    r"|要(?:达到?|有|超过|突破|提高|增|新|保持|在|到|建|实现)"
)
_WILL = re.compile(r"要|将|预计|预期|拟|有望|计划|希望|打算")
_SUM = re.compile("额|值|资金|经费|投入|收入|投资|预算|规模")
_PAST = re.compile(r"超过|超出|高于|低于|完成|达到")
_OPENING = re.compile(
    r"(?:[，,、；;：:（(“]|力争|争取|力促|确保|努力|计划|预计|预期|今年|明年|全年|年内|年度|全市|我市|全省|本市|我们|市科技局|各地"
    r"|要|将|拟|再|其中|同时|并|和|与|及|以及|到|使|让|实现|完成|推动|促进|带动|的|期间|年底前?|年末前?|末|力|由|市里"
    r"|市(?![级场民属])|达到|主要|总体|目标|是|为|大力|加快|包括|开展|组织|举办|把|培育|打造|支持|扶持|实施|安排|部署)"
)
_BOUND = re.compile(
    r"(?:的?(?:全年|年度|年初定下的)?目标(?:由.*)?|的全年|全年|今年|年内|要|的|将|突破|超过|超|不少于|不低于|不小于|至少|不超过|控制在"
    r"|达到|达|到|至|为|是|有|在|约|近|逾|保持|稳定|实现|完成|力争|争取|计划|目标|[“‘ ：:]|并|不|共)$"
)
_TURN = re.compile(r"(?:同比|年均|平均|每年|再|力争)*(增长|增加|提高|提升|上升|增幅|增速|下降|降低|减少)了?$")
_YEAR = re.compile(r"(?:到|至)?20\d\d年(?:度|底|末)?")
_RATES = ("增幅", "增速")
_DOING = re.compile(
    r"(?:净增|再增|新增|新建|新认定|新引进|新培育|举办|组织|开展|培育|培养|引进|引育|打造|建设|建成|建立|支持|扶持|遴选|选派|实施|安排"
    r"|发放|转化|促成|认定|精准滴灌|滴灌|攻克|推进|力促|设立|组建|创建|布局|发布|征集|解决|服务|招引|孵化|获批|申报|储备|落地|签约"
    r"|培训|选出|开设|增加|增加到|扩充|交付)$"
)
_NEW = re.compile("净增|再增|新增|新建|新认定|新引进|新培育")
_BEFORE_NOUN = re.compile(r"^(?:以上|以下|左右|的|“(?=[^”]*$))+")
_NOUN_END = re.compile(
    r"[，。；！？：,;!?（(]|上规|入库(?!企)|建设(?!项目|工程|用地)|立项(?!项)|(?<!级)以上|左右|会得到|、(?![^“]*”)"
)
_LONGEST = 24  # characters of an indicator
_SIGNS: dict[Bound, str] = {
    "least": "≥", "more": ">", "most": "≤", "less": "<", "about": "≈", "nearly": "≈", "exact": "="
}  # fmt: skip
_REACHING = re.compile(r"(?:达到?|[到至])$")
_UNITS = {"percent": "%", "points": "百分点", "multiple": "倍"}


def find_targets(article: Article) -> list[Target]:
    """The quantitative targets that an article states, in its order; one that it repeats, once."""
    frame = read_frame(article.body, article.published, article.city, article.title)
    if len(frame.text) != len(article.body):
        return []  # folded to another length, its places would be wrong
    found = [_target(f, frame, article) for f in planned_figures(frame)]
    first = {(t.city, t.indicator, t.bound, t.value, t.unit, t.year): t for t in reversed(found) if t.indicator}
    return [t for t in found if first.get((t.city, t.indicator, t.bound, t.value, t.unit, t.year)) is t]


def _target(f: Figure, frame: Frame, article: Article) -> Target:
    indicator = indicator_of(f)[-_LONGEST:]
    start, end = _quoted(f, article.body)
    value = f.value.normalize()
    return Target(
        city=_whose(f, article.city), indicator=indicator, indicator_en=indicator_in_english(indicator, f.unit),
        bound=_sign(f), value=int(value) if value == value.to_integral_value() else float(value),
        unit=_UNITS.get(f.kind, f.unit or ("元" if f.kind == "money" else "")), text_en=_in_english(f),
        year=_year(f, frame), article_id=article.id, start=start, end=end, quote=article.body[start:end],
    )  # fmt: skip


def _whose(f: Figure, home: str) -> str:
    """The place of a target: the one named with it, else the article's city; 全市 is that, too."""
    named = [p.name for p in (*f.places, *f.lead_places[:1])]
    name = next((n for n in named if n != "city"), "") if "city" not in [p.name for p in f.places] else ""
    return _SCOPES.get(name, name) or home


_SCOPES = {"nation": "全国", "province": "全省", "world": "全球"}


def _sign(f: Figure) -> str:
    """The bound as a sign; what a plan wants to be reached may be passed."""
    reaching = f.bound == "exact" and not f.upper and _REACHING.search(f.raw_before.rstrip(" “"))
    return "≥" if reaching or f.upper else _SIGNS[f.bound]


def _in_english(f: Figure) -> str:
    """The value with what is asked of it: more than 400, up by at least 20%, RMB 8 billion."""
    kind = "money" if f.kind == "count" and not f.unit else f.kind
    figure = figure_en(Quantity(f.value, kind, f.unit, 0, 0))
    if f.kind == "multiple":
        figure = f"{figure}-fold"
    if f.upper:
        return f"{figure} to {figure_en(Quantity(f.upper, kind, f.unit, 0, 0))}"
    _, turn = _subject(f.raw_before)
    change = {"增长": "up by ", "增加": "up by ", "提高": "up by ", "提升": "up by ", "上升": "up by "}.get(turn, "")
    change = change or {"下降": "down by ", "降低": "down by ", "减少": "down by "}.get(turn, "")
    bound = BOUNDS_EN[f.bound]
    return " ".join(filter(None, (change.strip(), bound, figure))) if f.kind != "count" or not change else figure


def _year(f: Figure, frame: Frame) -> int | None:
    """The year in which it is to be reached: the one named with it, else that of the article."""
    published = frame.published[0].year if frame.published else 0
    for d in f.dates or (() if _THIS_YEAR.search(f.raw_before) else f.lead_dates[:1]):
        year = d.year or (published + (d.relative or 0) if published else 0)
        if year >= published:  # nothing is planned for the past
            return year or None
    return published or None


_THIS_YEAR = re.compile("全年|年内|今年")


def _quoted(f: Figure, body: str) -> tuple[int, int]:
    """The span that shows a target: its clause; where that names nothing, from the beginning of its sentence."""
    start, end = f.start - len(f.raw_before), f.end + len(f.raw_after)
    if _leans(_subject(f.raw_before)[0]) or len(f.raw_before) < 2:
        start = next((a for a, b in split_sentences(body) if a <= f.start < b), start)
    while start < f.start and body[start] in " \n　，,、；;。：:":
        start += 1
    while end > f.end and body[end - 1] in " \n　，,、；;：:":
        end -= 1
    return start, end


def planned_figures(frame: Frame) -> Iterator[Figure]:
    """The figures of a text that state a target, in order."""
    planning = any(status_of(f) == "planned" for f in frame.figures)
    year = str(frame.published[0].year) if frame.published else ""
    for f in frame.figures:
        if _is_countable(f, frame.text) and _is_planned(f, frame, year, planning):
            yield f


def _is_planned(f: Figure, frame: Frame, year: str, planning: bool) -> bool:
    if _MET.search(f.raw_before) or (f.raw_after.startswith(("目标", "的目标")) and _PAST.search(f.raw_before)):
        return False
    if _IS_SO.search(f.raw_before) and not _PLANS.search(f.raw_before):
        return False
    near = tuple(takewhile(lambda stretch: not _MET.search(stretch), f.lead))
    planning = planning and len(near) == len(f.lead)
    f = replace(f, lead=near)
    if is_reached(f, year) or is_denied(f) or is_superseded(f):
        return False
    status = status_of(f)
    if status == "planned":
        return _is_aim(f) or (frame.city != "" and bool(find_concepts(indicator_of(f))))
    return planning and not status and frame.city != "" and bool(_ORDER.search(f.raw_before))


def _is_aim(f: Figure) -> bool:
    """Whether it is aimed for in so many words; what will be, or is expected, may be a forecast or an appointment."""
    stretch = next((s for s in (f.raw_before, *f.lead, f.shared, f.raw_after) if _AIM.search(s) or _WILL.search(s)), "")
    return _AIM.search(stretch) is not None


def _is_countable(f: Figure, text: str) -> bool:
    if f.kind not in _KINDS or not f.value or f.unit in _NO_TARGET:
        return False
    if f.kind == "count" and not f.unit:
        return f.value >= 10_000 and text[f.end : f.end + 1] != "级" and bool(_SUM.search(f.own))
    written = text[f.start : f.end]
    small = f.kind == "count" and f.value <= 10 and not any(c.isdigit() for c in written)
    return not (small and f.unit in _NAMED) and not _in_name(text, f.start, f.end)


def _in_name(text: str, start: int, end: int) -> bool:
    """Whether a figure is part of a short name in quotes: “两个维护”."""
    opened, closed = text.rfind("“", max(0, start - 8), start), text.find("”", end, end + 8)
    return opened >= 0 and closed >= 0 and "”" not in text[opened:start] and "“" not in text[end:closed]


def indicator_of(f: Figure) -> str:
    """What a figure counts, in the words of its text: 高企存量 of 力争全市高企存量达3000家.

    What grows or makes up a share says so: 研发投入增长, 来自企业的研发投入占比.
    """
    found = _of_figure(f)
    named = found.rpartition("等")[2] if re.search(r"、.*等", found) else found
    return _HELD.sub("", named if count_han(named) > 1 else found)


def _of_figure(f: Figure) -> str:
    before, turn = _subject(f.raw_before)
    doing = _DOING.search(before)
    if f.kind in ("count", "money") and (doing or not _names_something(before)) and (after := _counted(f.raw_after)):
        return _new(doing) + after
    if doing and count_han(before[: doing.start()]) > 1 and f.kind == "count":
        return _new(doing) + _subject(before[: doing.start()])[0]
    if _leans(before):
        lead = next((s for s in map(_lead_subject, (*f.lead[:2], *f.earlier[:1])) if s), "")
        before = lead + before if _TAIL.match(before) else lead or before
    return before + turn if turn else before


def _new(doing: re.Match[str] | None) -> str:
    found = _NEW.search(doing.group()) if doing else None
    return found.group() if found else ""


def _leans(before: str) -> bool:
    """Whether the words before a figure say nothing without what comes before them: 占GDP的比重, 总数."""
    return bool(_TAIL.match(before)) or not _names_something(before)


def _subject(before: str) -> tuple[str, str]:
    """The words before a figure without what opens and what leads to it; and how it turns, 增长 or 提高."""
    text, turn, to = _YEAR.sub("", before).strip(" ，,、；;：:").rpartition(" ")[2], "", False
    while True:
        if found := _TURN.search(text):
            turn, text = "" if to and found[1] not in _RATES else found[1], text[: found.start()]
        elif found := _BOUND.search(text):
            to = to or found.group() in ("到", "至", "为", "达到", "达")
            text = text[: found.start()]
        else:
            break
    return _balanced(_opened(text)), turn


def _opened(text: str) -> str:
    """Without plan, place and time at its beginning."""
    for place in reversed(find_places(text)):
        if place.start < 8 and text[place.end : place.end + 1] != "级":
            text = text[: place.start] + text[place.end :].removeprefix("市")
    while found := _OPENING.match(text):
        text = text[found.end() :]
    return text.strip(" ，,、")


def _lead_subject(lead: str) -> str:
    named = _DOING.sub("", _subject(re.sub(r"#.*$", "", lead))[0])
    return _NEW.sub("", named, count=1) if _NEW.match(named) else named


def _names_something(text: str) -> bool:
    return bool(find_concepts(text)) or any(
        tag.startswith(("n", "vn", "j", "l", "eng")) and len(word) > 1 for word, tag in rjieba.tag(text)
    )


def _counted(after: str) -> str:
    """The noun that follows a figure: 省级科普基地 of 8家省级科普基地建设."""
    text = _BEFORE_NOUN.sub("", after)
    end = _NOUN_END.search(text)
    return _balanced((text[: end.start()] if end else text).strip(" ，。"))


def _balanced(text: str) -> str:
    """Without quotation marks at its edges that have no partner, or that hold all of it."""
    if text.startswith("“") and text.find("”") in (-1, len(text) - 1):
        text = text[1:].removesuffix("”")
    return text if "“" in text else text.replace("”", "")
