"""Whether a figure is planned or reached, and whether it is what was before."""

from __future__ import annotations

import re
from typing import Literal

from lang.claims.frames import Figure
from lang.quantities import find_quantities

Status = Literal["planned", "done", ""]

_PLANNED = re.compile(
    r"力争|争取|计划(?![”》项生管])|规划(?!面积)|目标|拟|预计|预期|确保|努力|有望|希望|打算|旨在|谋划"
    r"|(?<![重主必首须需纲摘])要(?![求点素闻件领])"
    r"|(?<!即)将(?![军来领])|到20\d\d年?(?=[，,])|安排部署|\b(?:aim(?:s|ed|ing)?|target(?:s|ed|ing)?|goals?"
    r"|plan(?:s|ned|ning)?(?! project)|expect(?:s|ed|ing)?"
    r"|intend(?:s|ed)?|striv(?:e|es|ing)|seeks?|seeking|will|would|shall|should|(?:is|are|was|were) to\b|to be"
    r"|hop(?:e|es|ing)|projected|forecast|set to|due to"
    r"|pledg(?:e|es|ed)|ambition|objective|envisag\w+|wants?|must|needs? to|by the end of 20\d\d|propos\w+"
    r"|schedul\w+|slated)\b",
    re.I,
)
_DONE = re.compile(
    r"已经?|达到了|实现了|完成了?(?!率)|截至|截止|现有|共有|建成了|去年|上年(?!度)|增长了|突破了|超过了|新增了|累计|同比"
    r"|获批了|荣获|取得了|目前|历史新高|实际|认定了|引进了"
    r"|发放了|落地了|拥有|创建了|培育了|组织了|举办了|签订了|签署了|提高了|下降了|减少了|通过了"
    r"|\b(?:reached|achieved|exceeded|surpassed|topped|rose|grew|increased|risen|grown|attained|hit|totall?ed|stood"
    r"|stands|completed|built|has|have|had"
    r"|already|now|so far|to date|registered|were|was|fell|dropped|declined|climbed|jumped|recorded|raised"
    r"|attracted|signed|issued|there (?:are|were)|last year|became"
    r"|doubled|tripled|quadrupled|met|approved|recognised|recognized|opened|held|trained|granted|won|landed"
    r"|accounted|came to|amounted|established|created|added|invested|spent)\b",
    re.I,
)
_STRONG = re.compile(
    r"已|[\u4e00-\u9fff](?<![为除])了|达到了|实现了|完成了|突破了|超过了|建成了|去年|上年(?!度)|截至|现有|共有|累计"
    r"|\b(?:reached|achieved|exceeded|surpassed|topped|rose|grew|risen|grown|attained|hit|totall?ed|stood|already"
    r"|so far|to date|fell|dropped|climbed|jumped"
    r"|recorded|accounted|came to|amounted|doubled|tripled|now (?:has|have)|has \w+ed|have \w+ed|had|there (?:are"
    r"|were)|completed|were (?:built|added|signed|opened|registered|recognised|trained|issued|established|created)"
    r"|was (?:reached|achieved)|opened|signed|attracted|increased|expanded|built|won|trained|issued|met|has"
    r"|(?<!to )have"
    r"|raised|invested|spent|registered|added|set up|held|launched|stood|stands|home to"
    r"|(?:was|were|(?:has|have) been) (?!plan|expect|target|schedul|project|intend|slated|propos|aim|set |due)"
    r"(?:\w+ly )?(?:\w+(?:ed|en)|built|put|handed over|brought|sold|held))\b",
    re.I,
)
_NOT_YET = re.compile(
    r"未能|没有|并未|尚未|未(?:达|完成|实现|突破|超)|没能|不再"
    r"|\b(?:not(?! (?:less|fewer|more|exceed|to exceed|higher|only|lower|be (?:lower|less|fewer|higher)))|n[o']t"
    r"|never|fail(?:s|ed)? to|fell short|missed|without)\b|n't\b",
    re.I,
)
_FROM = re.compile(
    r"(?:由|从|原为|原定的?|此前公布的|原来的?|此前的?)[^，。；、]{0,10}$|\b(?:from|previously"
    r"|originally|formerly|was)\s(?:[A-Za-z]+\s){0,2}(?:RMB\s?|US)?[¥$]?$",
    re.I,
)
_FROM_EN = re.compile(r"\bfrom\s(?:(?!to\b)[A-Za-z]+\s){0,2}(?:RMB\s?|US|CNY\s)?[¥$]?$", re.I)
_REPLACING = re.compile(
    r"[^，。；]{0,14}(?:调整|调至|改|提[高升]|增[加至长到]|降[低至到]|升至|扩[大至]|减[少至]|压[缩减]|缩[短减小]"
    r"|修订|上调|下调|to\b)"
)
_AS_BEFORE = re.compile(
    r"由|从|原|此前|去年|上年|\b(?:from|previous(?:ly)?|original(?:ly)?|earlier|former(?:ly)?"
    r"|old|before|up from|against|compared|than)\b|[高低]于",
    re.I,
)


# The target for registered contracts was #.
_AIM_IS = re.compile(
    r"\b(?:targets?|goals?) (?:for|of)\b[^,;]{0,60}\b(?:is|was|are|were|stands at|stood at)\s"
    r"(?:[a-z]+\s){0,3}(?:RMB\s?)?$",
    re.I,
)
# Of 完成年度目标的80.3% the target is no plan of what follows; of 确保完成全年目标80亿元 and 以3000家为目标 it is.
_FULFILLED = re.compile(r"(?:完成了?|占)(?:全年|年度|预期|既定|当年|省定|市定)*(?:目标|任务|计划)(?:任务|目标)?的")
# A target that was raised is a target still.
_TARGET = re.compile(r"目标|\b(?:targets?|goals?)\b", re.I)
_SET = re.compile(
    r"\b(?:(?:was|were|has been|have been|been|had been) )?"
    r"(?:raised|increased|lifted|set|cut|lowered|revised|adjusted|was|were|rose|up)\b",
    re.I,
)
# What is said of a figure after its comma, when it was reached: above the target, first in the province.
_REACHED = re.compile(
    r"^[，,、]?\s?(?:已|均|也|并|同样)?(?:(?:高于|超过|超出|超额|低于|未达|完成).{0,24}(?:目标|计划|任务)"
    r"|(?:居|位居|列|位列|排|排名|名列).{0,12}(?:首|第|前列)"
    r"|(?:above|below|exceeding|beating|short of|ahead of) .{0,40}\b(?:target|goal|plan)|ranking )",
    re.I,
)
_ASKED_PLAN = re.compile(
    r"目标|计划(?![”》项生管])|力争|打算|预计|预期|要达到|(?<![虚模比])拟(?!合)|规划(?!面积|局|院|馆)"
    r"|[要将](?:做到|达|超过|落地|扩大|提高|入库|新增|新建|增长|增加|建成|培育|引进|突破)"
    r"|\b(?:is|are|was|were) (?:[\w&'-]+ ){1,9}to (?:add|grow|build|reach|rise|increase|train|raise|expand|attract)\b"
    r"|\b(?:aim\w*|targets?|goals?|plan(?:s|ned|ning)?|expect\w*|hop(?:e|es|ing)|intend\w*|set (?:itself|themselves)"
    r"|supposed|likely|want(?:s|ed)?)\b",
    re.I,
)
_ASKED_DONE = re.compile(
    r"实际|完成(?:得|多少|没|情况|如何|怎|咋)|(?:达到|实现|达成)(?:了没|没)|最后|最终|超额|完成了|达到了|实现了|已经|现有"
    r"|\b(?:actual(?:ly)?|achieved|so far|already|turned? out)\b"
    r"|\bdid\b.*\b(?:hit\b|beat\b|meet\b|miss\b|exceed|reach|regist\w+|finish|achieve|complete|attain|spend|add)",
    re.I,
)
# "was RMB 8 billion", where nothing says that it is a plan.
_WAS = re.compile(r"\b(?:was|were)\s(?:[a-z]+\s){0,2}(?:RMB\s?|CNY\s?|US)?[¥$]?$", re.I)


def status_of(f: Figure) -> Status:
    """Planned or done, by the words nearest before the figure; empty where nothing says so."""
    first = (f.raw_before, *f.lead[:1], f.raw_after) if f.raw_before.strip() else (f.raw_after, *f.lead[:1])
    for stretch in (*first, *f.lead[1:]):
        if found := _status_in(stretch, last=stretch is not f.raw_after):
            return found
    return ""


def _status_in(stretch: str, last: bool) -> Status:
    if _AIM_IS.search(stretch):
        return "planned"
    stretch = _FULFILLED.sub(" 完成 ", stretch)
    if _TARGET.search(stretch):
        stretch = _SET.sub(" ", stretch)
    planned, done = list(_PLANNED.finditer(stretch)), list(_DONE.finditer(stretch))
    if not planned or not done:
        return "planned" if planned else "done" if done else ""
    if last:
        return "planned" if planned[-1].start() >= done[-1].start() or _governs(stretch, planned[-1].end()) else "done"
    return "planned" if planned[0].start() <= done[0].start() else "done"


def _governs(stretch: str, at: int) -> bool:
    """A plan that no mark of something reached follows at once: "the target was", "plans to have"."""
    return not _STRONG.search(stretch, at)


def is_strongly_done(f: Figure) -> bool:
    """Whether the words at the figure say that it was reached, and none that it is planned."""
    stretch = f"{f.raw_before} {f.raw_after}"
    return bool(_STRONG.search(stretch) or _WAS.search(f.raw_before)) and status_of(f) == "done"


def is_reached(f: Figure, year: str) -> bool:
    """Whether the figure stands for what was reached, by its words, by what follows it, or as one of a past year.

    Args:
        f: of a quote.
        year: in which the quote was published; empty where that is not known.
    """
    if is_strongly_done(f):
        return True
    leads = [stretch for stretch in f.lead if not _REACHED.search(stretch)]  # 超过730家目标 plans nothing
    stretches = (f.raw_before, f.raw_after, f.shared, *leads)
    if any(_PLANNED.search(stretch) for stretch in stretches):
        return False
    if any(_REACHED.search(stretch) for stretch in f.trail):
        return True
    years = {d.year for d in (f.dates or f.lead_dates[:1]) if d.year}
    return bool(year and years) and all(str(y) < year for y in years)


def asked_status(question: str) -> Status:
    """Whether a question asks for what is planned or for what was reached; empty where it tells neither, or both.

    >>> asked_status("2025年的目标是多少？"), asked_status("实际完成了多少？"), asked_status("有多少家？")
    ('planned', 'done', '')
    >>> asked_status("How many incubators was Suizhou to add in 2025?"), asked_status("随州2025年要新增几家孵化器？")
    ('planned', 'planned')
    """
    planned, done = _ASKED_PLAN.search(question) is not None, _ASKED_DONE.search(question) is not None
    return "" if planned == done else "planned" if planned else "done"


def tells_reached(text: str) -> bool:
    """Whether all figures of a text are what was reached, and it speaks of no plan.

    >>> tells_reached("寿命已提高到3万小时。"), tells_reached("力争达到4万小时。"), tells_reached("已达目标3000家。")
    (True, False, False)
    """
    return bool(_STRONG.search(text)) and not _PLANNED.search(text) and bool(find_quantities(text))


def tells_planned(text: str) -> bool:
    """Whether a text says of anything in it that it is planned.

    >>> tells_planned("力争达到4万小时。"), tells_planned("新增孵化器4家。")
    (True, False)
    """
    return _PLANNED.search(text) is not None


def is_denied(f: Figure) -> bool:
    """Whether the figure is what was not reached."""
    return _NOT_YET.search(f.raw_before[-60:]) is not None


def is_superseded(f: Figure) -> bool:
    """Whether the figure is what was before: 700家 in 由700家调整为600家."""
    if _FROM_EN.search(f.raw_before):
        return True
    return _FROM.search(f.raw_before) is not None and _REPLACING.match(f.raw_after) is not None


def told_as_before(f: Figure) -> bool:
    return _AS_BEFORE.search(f.raw_before[-16:]) is not None
