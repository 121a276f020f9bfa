"""Does a claim give a deed or an office to the person who has it in the quote?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lang.people import find_officials, find_people

_DEED = re.compile("主持|作报告|作工作报告|讲话|牵头|负责|陪同|签署|签字|揭牌|汇报")
_ASKED = re.compile("主持|作报告|作工作报告|讲话|揭牌|签署")
_CLAUSE = re.compile("[，。；！？：、“”]")
_OFFICE = re.compile("副?(?:局长|市长|书记|主任|院长|校长|董事长|总经理|会长|科长|处长|区长|县长|省长|部长)")


def find_misattributed(claim: str, quotes: Sequence[str], question: str = "") -> list[str]:
    """The people of a Chinese claim whose deed is somebody else's in the quotes, or whose office is another there.

    A claim that only names somebody claims the deed that the question asks for.

    >>> quote = "局长刘长虹到会讲话，主持会议的是副局长方金旺。"
    >>> find_misattributed("会议由刘长虹主持。", [quote]), find_misattributed("会议由方金旺主持。", [quote])
    (['刘长虹'], [])
    >>> find_misattributed("局长是方金旺。", [quote]), find_misattributed("副局长方金旺主持会议。", [quote])
    (['方金旺'], [])
    >>> find_misattributed("方金旺", [quote], "会议由谁主持？"), find_misattributed("刘长虹", [quote], "会议由谁主持？")
    ([], ['刘长虹'])
    """
    text = "\n".join(quotes)
    offices = {official.name: set(_OFFICE.findall(official.office)) for official in find_officials(text)}
    names = dict.fromkeys([*find_people(text), *offices])
    wrong = []
    for name in (n for n in names if n in claim):
        theirs = _deeds(text, names)
        mine = {deed for deed, doer in _deeds(claim, names) if doer == name}
        other = {deed for deed, doer in theirs if doer == name}
        asked = set() if _DEED.search(claim) else set(_ASKED.findall(question))
        mine |= asked
        done_by = {deed: {doer for d, doer in theirs if d == deed} for deed in mine}
        deed_differs = any(doers and name not in doers for doers in done_by.values())
        office = _office_of(claim, name)
        if (
            deed_differs
            or (asked and other and not asked & other)
            or (office and offices.get(name) and office not in offices[name])
        ):
            wrong.append(name)
    return wrong


def _deeds(text: str, names: Sequence[str] | dict[str, None]) -> set[tuple[str, str]]:
    """``(deed, name)``: who does what; the last person named before it in its clause, else 主持的是… after it."""
    found = set()
    for match in _DEED.finditer(text):
        clause = _CLAUSE.split(text[: match.start()])[-1]
        before = [n for n in names if n in clause]
        if before:
            found.add((match.group(), max(before, key=clause.rfind)))
        elif after := re.match(r"[^，。；、]{0,14}的?是([^。；]{2,24})", text[match.end() :]):
            named = [n for n in names if n in after[1]]
            found |= {(match.group(), n) for n in named[:1]}
    return found


def _office_of(claim: str, name: str) -> str:
    """The office that a claim gives somebody: 局长是刘长虹, 局长刘长虹, 刘长虹任局长; empty where it gives none."""
    person = re.escape(name)
    match = re.search(rf"({_OFFICE.pattern})(?:是|为|由)?{person}", claim) or re.search(
        rf"{person}(?:是|任|担任|为)[^，。；]{{0,12}}?({_OFFICE.pattern})", claim
    )
    return match[1] if match else ""
