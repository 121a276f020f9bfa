"""Is a claim's place its quote's? Cities, provinces and districts that figures are said of."""

from __future__ import annotations

import re

from pypinyin import lazy_pinyin

from lang.claims.frames import Figure, Frame
from lang.places import find_districts, find_places, province_of

SCOPES = ("city", "nation", "province", "world")
"""Of ``lang.places.Place.name``, what names no city."""
_AMONG = re.compile(r"(?:\b(?:among|out of|of)(?: the| all| China(?:'s|’s))?|在全[国省球]?)\s*$", re.I)
_LIES_IN = re.compile("(?:在|位于|坐落于?|落户|来自|选址|赴|到|向|对|与|和)$")
# 松溪县氢能产业园: the park's figures may be told without the county that it lies in.
_INSTITUTION = re.compile(
    r"的?[^，。；、的#]{0,10}?(?:园|公司|厂|[学医研][院校]|大学|中心|实验室|集团|基地|局|平台|项目|街道|镇)"
)


def place_differs(c: Figure, q: Figure, frame: Frame, source: Frame, question: str) -> bool:
    """Whether a claim's figure is said of another place than its quote's; what leaves the place open agrees."""
    if c.kind == q.kind == "ordinal":
        return _fields_differ(c, q)
    if _AMONG.search(c.raw_before):  # 22nd among 78 cities: the size of a field is of no place
        return False
    if _is_districts(c, q, frame, question):
        return True
    home = source.city or next((p.name for p in find_places(source.title) if p.name not in SCOPES), "")
    theirs = _named(q, home) or {home}
    mine = _named(c, "")
    if not mine and len(named := {p.name for p in frame.places} - {"city"}) == 1:
        mine = named
    if not mine and len(asked := {p.name for p in find_places(question)} - {"city"}) == 1:
        mine = asked
    wider = theirs & {"nation", "province", "world"}
    if not mine:
        # "The city has 3,000" of 全省3000家.
        return bool(wider) and any(p.name == "city" for p in c.places + c.lead_places)
    allowed = theirs | {province_of(t) for t in theirs}
    if "province" in theirs:
        allowed |= {province_of(home)} - {""}
    return theirs != {""} and not mine & allowed


def _is_districts(c: Figure, q: Figure, frame: Frame, question: str) -> bool:
    """Whether a quote's figure is a county's or district's that neither claim nor question names."""
    said = f"{frame.text}\n{question}"
    latin = re.sub(r"[\s'’-]", "", said.lower())
    for end, name in find_districts(q.before):
        sound = "".join(lazy_pinyin(name[:-1])) + ("" if len(name) > 2 else "county")  # 随县 is not Suizhou
        named = name in said or (len(name) > 2 and name[:-1] in said) or sound in latin
        where = _LIES_IN.search(q.before, 0, end - len(name))
        if not (named or where or _INSTITUTION.match(q.before, end)):
            return True
    return False


def _fields_differ(c: Figure, q: Figure) -> bool:
    """Of places in a ranking: whether they are among other cities, 全省 and not 全国, or are another city's."""
    mine, theirs = ({p.name for p in f.places} or {p.name for p in f.lead_places[:1]} for f in (c, q))
    fields = mine & set(SCOPES) - {"city"}, theirs & set(SCOPES) - {"city"}
    cities = mine - set(SCOPES), theirs - set(SCOPES)
    return any(a and b and not a & b for a, b in (fields, cities))


def _named(f: Figure, home: str) -> set[str]:
    """The places that a figure is said of: those in its stretch, else the nearest before; 全市 is ``home``."""
    # The province of a city, named some clauses before, is not whose the figure is: 湖北省的项目，登记额达80亿元.
    lead = [p.name for p in f.lead_places if p.name != province_of(home)]
    here = {p.name for p in f.places} or set(lead[:1])
    if "city" not in here:
        return here
    return here - {"city"} or ({home} if home else {p.name for p in f.lead_places if p.name not in SCOPES})
