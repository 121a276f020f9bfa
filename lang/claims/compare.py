"""Does a claim agree with its quotes? Every figure and date, with bound, unit, time, place, status and subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from lang.cities import unlisted_cities
from lang.claims.frames import Figure, Frame, read_frame, without_bases
from lang.claims.reasons import Disagreement, disagreement
from lang.claims.regions import SCOPES, place_differs
from lang.claims.status import (
    asked_status,
    is_denied,
    is_reached,
    is_strongly_done,
    is_superseded,
    status_of,
    told_as_before,
)
from lang.claims.subjects import is_anothers_span, ranked_for_another, subject_differs
from lang.claims.times import date_differs, is_of_first, lies_ahead, undated
from lang.claims.vocabulary import DURATIONS, classes_differ, names_nothing, unit_class
from lang.concepts import find_denominators, find_turns
from lang.script import count_han

Stage = Literal["value", "unit", "bound", "date", "place", "turn", "status", "subject"]
_STAGES: tuple[Stage, ...] = ("value", "unit", "bound", "date", "place", "turn", "status", "subject")
# How far a rounded figure may lie from the exact one: "more than 3,000" of 3,012.
_ROUNDED = Decimal("0.05")
_BOUND_WORDS = "突破|超过|超|约|近|逾|不少于|不低于|more than|over|about|nearly|at least|around|almost|RMB|US|[$¥\\s]"
# A first that is a place in a ranking, and how a source tells of such a place.
_RANKED_FIRST = re.compile(
    r"(?:排名?|位[列居]|名列|居)[^，。；]{0,8}(?:首位|榜首|第[一1](?![产步个次阶]))|\brank(?:s|ed|ing)?\b[^,.;]{0,20}\b(?:first|1st)\b",
    re.I,
)
_FOREMOST = re.compile(r"首位|榜首|第一|冠军|领跑|\bfirst\b|\btop of\b", re.I)
_TOGETHER = re.compile(r"\b(?:together|combined|in total|in all)\b|合计|总共|合共", re.I)
_LAST_YEARS = re.compile(r"(?:去年|上年|此前|原来)(?:同期)?(?:仅|只)?(?:有|为|是)?$")
# A figure that is by how much one is more than another, and what tells of such a one (光电占21家，氢能占9家 does not).
_GAP_ZH = re.compile(r"比[^，。；]{1,14}?[高低快慢多少][出了]?[约近超过]*$")
_GAP_EN = re.compile(r"^\s?(?:[\w-]+ ){0,3}(?:more|fewer|less|higher|lower|larger|smaller) than\b", re.I)
_APART = re.compile(
    r"[比较差增提升降减超多少高低快慢涨扩]"
    r"|\b(?:more|fewer|less|higher|lower|larger|smaller|ahead|above|below|than|up|down|rose|grew|by|gap|exceed\w*|increas\w*)\b",
    re.I,
)
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff]) (?=\d)|(?<=\d) (?=[\u4e00-\u9fff%％])|(?<=[%％]) (?=[\u4e00-\u9fff])")
_NET = re.compile(r"净增|\bnet (?:increase|gain|addition|growth)", re.I)
_MUST = re.compile(r"须|应当?|必须|\b(?:must|should|shall|ha(?:s|ve) to|needs? to|required)\b", re.I)
_AVERAGING = re.compile(r"\b(?:average(?:s|d)?(?: of)?|averaging)\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Source:
    """A quote, and the article that it is from: when published, of which city (in Chinese), under which title.

    ``before`` is what stands before the quote: it names whom the quote calls 本种 or does not name at all.
    """

    text: str
    published: str = ""
    city: str = ""
    title: str = ""
    before: str = ""


def check_claim(claim: str, sources: Sequence[Source], question: str = "") -> list[Disagreement]:
    """What of a claim's figures and dates the sources do not bear; empty where all of it stands.

    Each figure must stand in one source with its value, unit and a bound that follows, at the same time and place,
    planned or reached as there, and be said of the same thing.

    Args:
        claim: one sentence, Chinese or English, without citation markers.
        sources: what it cites.
        question: that it answers; gives the subject where the claim has none ("The target is 400.").
    """
    claim, sources = _closed(claim), [replace(s, text=_closed(s.text)) for s in sources]
    published = next((s.published for s in sources if s.published), "")
    named = [*unlisted_cities("\n".join(f"{s.title}\n{s.text}" for s in sources)), *(s.city for s in sources if s.city)]
    known = tuple(dict.fromkeys(named))
    frame = read_frame(claim, published, known=known)
    frames = [replace(read_frame(s.text, s.published, s.city, s.title, known), before=s.before) for s in sources]
    titles = [read_frame(s.title, s.published, s.city, s.title, known) for s in sources if s.title]
    found = [d for f in frame.figures if (d := _check(f, frame, frames + titles, question))]
    found += [disagreement("date", frame.text[d.start : d.end], "") for d in undated(frame, frames + titles)]
    if first := _RANKED_FIRST.search(frame.text):
        if not any(_FOREMOST.search(s.text) for s in frames + titles):
            found.append(disagreement("value", first[0], ""))
        elif ranked_for_another(frame.text, [s.text for s in frames], _FOREMOST):
            found.append(disagreement("subject", first[0], ""))
    return found


def _closed(text: str) -> str:
    """Without the blanks that some set between Chinese and figures: 9 月 1 日, 20 % 以上."""
    return _BLANK.sub("", text)


def _check(f: Figure, frame: Frame, sources: Sequence[Frame], question: str) -> Disagreement | None:
    if f.kind == "ordinal" and f.value == 1:
        return None
    furthest, nearest = -1, ""
    for source in sources:
        for candidate in source.figures:
            stage = _differs(f, candidate, frame, source, question)
            if stage is None:
                return None
            if _STAGES.index(stage) > furthest:
                furthest, nearest = _STAGES.index(stage), candidate.written
    return disagreement(_STAGES[max(furthest, 0)], f.written, nearest if furthest > 0 else "")


def _differs(c: Figure, q: Figure, frame: Frame, source: Frame, question: str) -> Stage | None:
    """The first thing in which a quote's figure is not the claim's, in the order of ``_STAGES``."""
    if not _same_value(c, q):
        return "value"
    if _unit_differs(c, q):
        return "unit"
    if not _bound_follows(c, q):
        return "bound"
    if _is_light(c, q):
        return "turn" if _steps_differ(c, q) else "subject" if is_anothers_span(c, q, source) else None
    if date_differs(c, q, frame, source, question):
        return "date"
    if place_differs(c, q, frame, source, question):
        return "place"
    if _turn_differs(c, q):
        return "turn"
    if _status_differs(c, q, source, question):
        return "status"
    return "subject" if subject_differs(c, q, source, question) else None


def _is_light(c: Figure, q: Figure) -> bool:
    """Spans of time and small numerals within words (两次, 三年) belong to no indicator: their value is enough."""
    if c.kind != "count" or q.kind != "count":
        return False
    numeral = (
        not any(char.isdigit() for char in q.written)
        and q.value <= 10
        and q.unit in ("个", "次", "种", "类", "项", "位", "名")
    )
    return unit_class(q.unit, q.raw_after) in DURATIONS or numeral


# Value and unit ---------------------------------------------------------------------------------


def _same_value(c: Figure, q: Figure) -> bool:
    if c.upper is None and q.upper is not None:
        return (c.bound in ("least", "more") and c.value == q.value) or (c.bound == "most" and c.value == q.upper)
    if c.upper != q.upper:
        return False
    if {c.kind, q.kind} == {"multiple", "percent"}:
        multiple, percent = (c, q) if c.kind == "multiple" else (q, c)
        return percent.value == 100 * (multiple.value - 1)
    if c.kind == q.kind == "multiple" and c.bound in ("more", "least") and c.value <= q.value < c.value + 1:
        return True  # more than doubled, of 增长1.15倍
    return c.value == q.value or _rounds(c, q)


def _rounds(c: Figure, q: Figure) -> bool:
    """Whether a claim rounds an exact figure, and says so."""
    if q.bound != "exact" or c.kind != q.kind or c.kind == "ordinal" or not q.value:
        return False
    off = (q.value - c.value) / q.value
    low, high = {"more": (0, 1), "least": (0, 1), "nearly": (-1, 0), "less": (-1, 0), "about": (-1, 1)}.get(
        c.bound, (0, 0)
    )
    return low * _ROUNDED <= off <= high * _ROUNDED


def _unit_differs(c: Figure, q: Figure) -> bool:
    kinds = {c.kind, q.kind}
    if kinds == {"money"}:
        return c.unit != q.unit
    if kinds == {"money", "count"}:
        count = c if c.kind == "count" else q
        return count.unit != "" or count.value < 10_000 or _classed(count) != ""
    if kinds == {"multiple", "percent"}:
        return False
    if c.kind == "ordinal" and q.unit == "年" and q.raw_before.endswith("连续"):
        return not re.match(r"\s(?:consecutive |straight )?year", c.raw_after)
    if len(kinds) > 1:
        return True
    if c.kind != "count" or (not c.unit and names_nothing(c.raw_after)):
        return False
    return classes_differ(_classed(c), _classed(q))


def _classed(f: Figure) -> str:
    return unit_class(f.unit, f.raw_after)


# Bound ------------------------------------------------------------------------------------------

# What a claim may say of a figure with that bound. 突破 and 以上 differ by the figure itself, which no reader of a
# plan minds; "about" may be said of what is exact, and a lower bound or 约 may be left out, an upper bound not.
_FOLLOWS = {
    "exact": {"exact", "about"},
    "least": {"least", "more", "exact"},
    "more": {"least", "more", "exact"},
    "most": {"most", "less"},
    "less": {"most", "less", "nearly"},
    "about": {"about", "exact"},
    "nearly": {"nearly", "less", "about"},
}


def _bound_follows(c: Figure, q: Figure) -> bool:
    if c.value != q.value and c.kind == q.kind:
        return True  # rounded, with the bound that says so
    if c.upper is None and q.upper is not None:
        return True
    if c.bound == "most" and q.raw_before.endswith(("可达", "最长", "长达")):
        return True
    return c.bound in _FOLLOWS[q.bound]


# Turn, status ----------------------------------------------------------------------


def _turn_differs(c: Figure, q: Figure) -> bool:
    """Up or down, share or growth, by or to, new or in all, on average or not."""
    mine, theirs = _turns(c), _turns(q) | find_turns(q.shared)
    mine |= find_turns(c.shared) & theirs & {"average"}
    if (each := find_denominators(c.own)) and (others := find_denominators(q.own)) and not each & others:
        return True
    if "average" in mine - theirs:  # 平均融资成本由5.2%降至3.9%，下降1.3个百分点
        theirs |= find_turns(without_bases(" ".join(q.lead[:1]))) & {"average"}
    if c.kind in ("percent", "points") and not mine & {"up", "down", "share"}:
        mine |= find_turns(" ".join(c.lead[:1])) & {"up", "down", "share"} if len(c.own) < 16 else frozenset()
    for one, other in (("up", "down"), ("down", "up")):
        if one in mine and other not in mine and other in theirs and one not in theirs:
            return True
    if c.kind in ("percent", "points", "multiple") and _step(q) != "to" and _share_for_growth(mine, theirs):
        return True
    # A ceiling is set for each (每家不超过20万元); who asks what a team may get need not be told so.
    whole = "total" in mine or _TOGETHER.search(c.own) or any(place.name in SCOPES for place in c.places)
    ceiling = q.bound == "most" and not whole
    if ("average" in mine) != ("average" in theirs) and not (ceiling and "average" in theirs):
        return True
    if c.kind in ("percent", "points"):
        return _steps_differ(c, q)
    if _is_gap(c) and not _APART.search(f"{q.own} {q.shared}"):
        return True
    if _NET.search(c.own) and "new" in theirs and not _NET.search(f"{q.own} {q.shared}"):
        return True
    if is_superseded(c) and _step(q) == "by":
        return True
    if "total" in mine and "new" in theirs and "total" not in theirs and "new" not in mine:
        return True
    if "new" in mine and "new" not in theirs and "total" in theirs and "total" not in mine:
        return True
    return _steps_differ(c, q)


def _is_gap(f: Figure) -> bool:
    return bool(_GAP_ZH.search(f.before.rstrip()) or _GAP_EN.search(f.after))


def _turns(f: Figure) -> frozenset[str]:
    """Those of a figure's own stretch; 平均 of 120个项目平均每个20万元 is said of the figure that follows."""
    turns = find_turns(f.own)
    of_next = f.crowded and "average" not in find_turns(f"{f.before} #")
    if of_next and (count_han(f.after) or _AVERAGING.search(f.after)):
        turns -= {"average"}
    if f.kind == "percent" and re.match(r"\s?of\b", f.after):
        return turns | {"share"}
    return turns


def _steps_differ(c: Figure, q: Figure) -> bool:
    return _step(c) != _step(q) and "" not in (_step(c), _step(q))


def _share_for_growth(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    grows, grown = mine & {"up", "down"}, theirs & {"up", "down"}
    if "share" in mine and not grows:
        return bool(grown) and "share" not in theirs
    return bool(grows) and "share" in theirs and not grown


def _step(f: Figure) -> str:
    """``by`` where the figure is what was added, ``to`` where it is what was reached by adding; else empty."""
    before, turns = f.before.rstrip(" 的"), find_turns(f.own)
    bounds = rf"(?:{_BOUND_WORDS})*$"
    if not turns & {"up", "down", "new"}:
        around = find_turns(" ".join((f.shared, *f.lead[:1])))
        return "to" if around & {"up", "down", "new", "total"} and _search(rf"达到?了?{bounds}", before) else ""
    if _search(rf"(?:[增升提降减扩缩压]\S{{0,3}}[到至]|增长到)了?(?:原[来先]的?)?{bounds}|\bto\s*{bounds}", before):
        return "to"
    grown = rf"(?:增长|增加|提高|提升|减少|下降|降低|缩短|压缩|压减|缩减|净增|新增)了?{bounds}"
    if _search(grown, before) or _search(rf"\bby\s*{bounds}", before):
        return "by"
    return ""


def _search(pattern: str, text: str) -> bool:
    return re.search(pattern, text[-60:], re.I) is not None


def _status_differs(c: Figure, q: Figure, source: Frame, question: str) -> bool:
    if is_denied(c) != is_denied(q):
        return True
    if is_superseded(q) and not (told_as_before(c) or is_superseded(c) or is_of_first(c, q, source)):
        return True
    if is_superseded(c) and not is_superseded(q) and told_as_before(q) and not _LAST_YEARS.search(q.raw_before):
        return True
    if c.bound == q.bound and c.bound in ("least", "most") and _MUST.search(c.raw_before):
        return False  # a condition that is set (不低于5%) is neither planned nor reached
    mine, theirs = status_of(c), status_of(q) or ("planned" if lies_ahead(q, source) else "")
    if theirs == "planned" and mine == "done":
        return is_strongly_done(c)
    year = str(source.published[0].year) if source.published else ""
    if mine == "planned" and is_reached(q, year):
        return True
    # What the claim leaves open, the question may have said: 3.08% answers it only if it was planned or reached so.
    asked = "" if mine else asked_status(question)
    return is_reached(q, year) if asked == "planned" else asked == "done" and theirs == "planned"
