"""Credits: who wrote, edited and photographed a page, and whence and when it came, as pages write it.

One grammar for two readers: the cleaner takes out lines that are credits from end to end, the metadata reads
them, and those that stand in brackets inside a paragraph too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from lang.people import is_name
from lang.script import HAN, count_han

# Longer lines are prose; so each line costs a bounded time.
_MAX_LINE, _MAX_CAPTION, _MAX_VALUE = 200, 120, 30
# A caption that names no photographer is told by its brevity.
_MAX_STOCK = 30
# What makers of a page do, and how the word is lengthened: 值班编辑, 审核人, 摄影师, 视频拍摄.
_MORE = f"[{HAN}]{{0,4}}?"
_EDITORS = (
    f"{_MORE}(?:编辑|主编|编委|美编|责编)|值班主任|编审|{_MORE}(?:审核|审校|校对|审稿|签发)(?:人|员)?|校审|[初复终一二三]审(?:编辑|人)?"
    "|审签|监制|总?策划|统筹|编"
)
_PHOTO = (
    f"{_MORE}(?:摄影|拍摄|摄像|供图|制图|绘图|配图|插图|漫画|海报)(?:记者|师|者)?|图片(?:来源|提供)|图源|图片|图|摄"
)
_BOTH = r"图\s*[/／、]\s*文|文\s*[/／、]\s*[图摄]|图文"
_AUTHORS = "作者|撰文|撰稿|采写|执笔|供稿(?:人|单位)?|来稿|文字|发布者|发布人|录入|实习生|文"
_SOURCE = (
    "(?:本文|文章|稿件|新闻|信息)?来源(?:于|自)?|稿源|出处|转自|摘自|来自|(?:发布|供稿|发文)(?:单位|机构|部门|机关)"
)
_WHEN = "(?:发布|发表|刊发|更新|发文|编辑)?(?:时间|日期)|发布于|更新于"
_COUNTS = "(?:浏览|阅读|点击|访问)(?:次数|量|数)?|人气"
_KINDS = {
    "both": _BOTH,
    "editors": _EDITORS,
    "photos": _PHOTO,
    "authors": _AUTHORS,
    "source": _SOURCE,
    "published": _WHEN,
    "counts": _COUNTS,
}
_LABELS = "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items())
# A label begins a line or follows a separator; 校对：张三 and 编辑/张三 and 编辑 张三 are all written.
_LABEL = re.compile(rf"(?:^|(?<=[\s|｜丨;；，,\]】）)]))(?:{_LABELS})(?P<mark>\s*[:：/／丨|｜]\s*|\s+(?=\S)|$)")
_CONTROLS = re.compile(
    r"【?字[号体]\s*[:：]?[\[【（(\s]*(?:超大|特大|大)[\s|]*中[\s|]*小[\]】）)\s]*|[\[【]?(?:打印(?:本页)?|关闭(?:窗口)?|收藏|分享)[\]】]?(?=$|\s)"
)
_ROLE = re.compile(
    rf"(?:^|(?<=[\s/／、，,（(]))(?P<outlet>[{HAN}A-Za-z/]{{0,20}}?(?:全媒体?|融媒体?|新媒体)?(?:首席|特约|特派|实习|见习|摄影)?)(?:记者|通讯员)\s*[:：/／]?"
    r"|(?:本报|特约)?通讯员\s*[:：/／]?"
)
_DESK = re.compile("(?:全媒体?|融媒体?|新媒体|客户端|首席|特约|特派|实习|见习|摄影)+$|^[文图]?[/／]")
_REPORTED = re.compile(
    rf"\s(?:[{HAN}]{{0,6}}?(?:综合|摄影)?报道|整理|采写)$|\s*(?:综合报道|摄影报道|文[/／][图摄]|图[/／]文)$"
)
_SHOT = re.compile(r"(?:\s*(?:摄影?|供图|[制绘]图)|\s+图)\s*[)）]?[。]?$")
_STOCK = re.compile(
    r"[(（](?:资料图片?|图片由[^。，（(]{2,20}提供|受访者供图|图片来[源自][^。，（(]{2,20})[)）][。]?$|\s资料图片?$|^[^。，]{2,12}\s?供图[。]?$"
    rf"|^(?:图片?|配图|视频|海报)(?:由|据|自|来自|来源于?|源于?|源自)[{HAN}A-Za-z\s]{{2,20}}$"
    r"|^(?:资料|网络|视频|电视|手机|监控)?(?:图片?|照片|截图|画面)$"
)
_CUT = re.compile(r"[。！？”）)；\s（(]+")
_DATE = re.compile(
    r"(?:(?:20|19)\d\d\s?[-年/.]\s?)?\d{1,2}\s?[-月/.]\s?\d{1,2}\s?日?(?:[T\s]*\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?"
)
_LAST_DATE = re.compile(rf"\s({_DATE.pattern})$")
_BRACKETS = re.compile(r"[\[【(（](.*)[\]】)）]")
_SENTENCE = re.compile(r"[。！？!?；“”]")
# After these words and a colon, whatever follows is who did it; other words head lists of an article, too.
_LOOSE = re.compile(
    "(?:责任|实习|流程|值班|执行|本期|网络|新媒体)?(?:编辑|主编)|责编|编审|审核|审校|校对|校审|[初复终一二三]审|审签|监制|摄影|拍摄|供图"
    "|图片(?:来源|提供)|图源|作者|撰文|撰稿|采写|执笔|供稿|来稿|发布者|发布人"
)
_CODE = re.compile(r"\s+[A-Z]{2}\d+$")
_OUTLET = re.compile("(?:报|社|网|台|刊|中心|客户端|新闻|发布)$")
_INLINE = re.compile(r"[（(【\[]([^（）()【】\[\]\n]{2,80})[)）】\]]")
_DATELINE = re.compile(
    rf"^(?P<outlet>[{HAN}]{{1,10}}?(?:社|网|报|在线|新闻|台))[{HAN}\d]{{0,16}}?(?:电|讯)(?:\s?[（(](?P<names>[^（()）]{{2,40}})[）)]|\s)"
)


@dataclass(frozen=True, slots=True)
class Credits:
    """What credits say; ``published`` as it is written there, ``outlet`` the paper that a byline names."""

    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    source: str = ""
    outlet: str = ""
    published: str = ""

    def __add__(self, other: Credits) -> Credits:
        """Both: names once each, in order; of the single fields the first that is not empty."""
        return Credits(
            _once(self.authors + other.authors),
            _once(self.editors + other.editors),
            _once(self.photographers + other.photographers),
            _once(self.captions + other.captions),
            self.source or other.source,
            self.outlet or other.outlet,
            self.published or other.published,
        )


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def read_credits(line: str) -> Credits | None:
    """What a line says that is a credit from end to end; ``None`` for any other line.

    >>> read_credits("云川日报记者陆以宁 通讯员云科宣").authors
    ('陆以宁', '云科宣')
    >>> read_credits("市科技局局长沈知远：") is None
    True
    """
    line = line.strip().strip("□■◎●△▲ ")
    return _read(line) if line and len(line) <= _MAX_LINE and _is_balanced(line) else None


@lru_cache(maxsize=4096)  # the cleaner and the metadata read the same lines, and pages say some of them often
def _read(line: str) -> Credits | None:
    bracketed = _BRACKETS.fullmatch(line)
    if bracketed and not re.search(r"[\[【(（]", bracketed[1]):
        signed = _names(bracketed[1])  # a line of nothing but a name in brackets is who wrote it
        return Credits(authors=signed) if signed else read_credits(bracketed[1])
    return _read_photo(line) or _read_parts(_CONTROLS.sub(" ", line).strip(" |｜"))


def _is_balanced(line: str) -> bool:
    """Whether as many brackets open as close; else the line is a piece of running text that was broken."""
    return sum(map(line.count, "(（")) == sum(map(line.count, ")）"))


def inline_credits(paragraph: str) -> Credits:
    """The credits in brackets at a paragraph's beginning or end, and the outlet of its dateline."""
    if len(paragraph) > 2 * _MAX_LINE:
        return inline_credits(paragraph[:_MAX_LINE]) + inline_credits("…" + paragraph[-_MAX_LINE:])
    found = Credits()
    for match in _INLINE.finditer(paragraph):
        if match.start() < 60 or match.end() > len(paragraph) - 60:
            found += read_credits(match[1]) or Credits()
    dateline = _DATELINE.match(paragraph)
    if not dateline:
        return found
    return found + Credits(authors=_names(dateline["names"] or "") or (), outlet=_outlet(dateline["outlet"]))


def _read_parts(line: str) -> Credits | None:
    """A line of labels with their values, after perhaps a byline or a date."""
    labels = list(_LABEL.finditer(line))
    starts = [m.start() for m in labels] + [len(line)]
    found = _read_bare(line[: starts[0]].strip(" |｜丨;；，,"))
    for label, stop in zip(labels, starts[1:], strict=False):
        value = _CODE.sub("", line[label.end() : stop].strip(" |｜丨;；，,]】"))
        part = _read_value(label, value)
        if found is None or part is None:
            return None
        found += part
    return found if line else None


def _read_bare(text: str) -> Credits | None:
    """What stands before the first label: a date, a byline, an outlet's name before a date, or nothing."""
    date = _DATE.match(text)
    if date:
        rest = _read_bare(text[date.end() :].strip(" |｜丨"))
        return rest and Credits(published=date[0].strip()) + rest
    last = _LAST_DATE.search(text)
    if last:
        return _read_bare(f"{last[1]} {text[: last.start()]}")
    return _read_byline(text) if text else Credits()


def _read_value(label: re.Match[str], value: str) -> Credits | None:
    kind, colon = _kind(label), label["mark"].strip() != ""
    if len(value) > _MAX_VALUE or _SENTENCE.search(value):
        return None
    if kind == "published":
        return Credits(published=value) if not value or _DATE.fullmatch(value) else None
    if kind == "counts":
        return Credits() if re.fullmatch(r"\d*\s*次?", value) else None
    if kind == "source":
        return Credits(source=value) if (colon and "，" not in value) or _OUTLET.search(value) else None
    strict = not colon or "，" in value or _LOOSE.match(label[0]) is None
    return _read_makers(kind, value, strict)


def _kind(label: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if label[kind])


def _read_makers(kind: str, value: str, strict: bool) -> Credits | None:
    byline = _read_byline(value) if "记者" in value or "通讯员" in value else None
    names = byline.authors if byline else _names(value) if strict else tuple(_words(value))
    if names is None or (not names and (strict or kind == "both")):
        return None
    outlet = byline.outlet if byline else ""
    if kind == "editors":
        return Credits(editors=names)
    if kind == "photos":
        return Credits(photographers=names)
    return Credits(authors=names, photographers=names if kind == "both" else (), outlet=outlet)


def _read_byline(text: str) -> Credits | None:
    """Reporters and correspondents, with the outlet before the first of them."""
    text = _REPORTED.sub("", text.strip())
    roles = list(_ROLE.finditer(text))
    if not roles or roles[0].start():
        return None
    authors: tuple[str, ...] = ()
    for role, stop in zip(roles, [m.start() for m in roles[1:]] + [len(text)], strict=True):
        names = _names(text[role.end() : stop], pen_names="通讯员" in role[0])
        if names is None:
            return None
        authors += names
    outlet = _outlet(roles[0]["outlet"] or "")
    return Credits(authors=authors, outlet=outlet) if authors or text.startswith("本报") else None


def _outlet(text: str) -> str:
    """惠州日报全媒体 is 惠州日报; 本报 names none."""
    name = _DESK.sub("", text.strip())
    return name if _OUTLET.search(name) and not name.startswith("本") else ""


def _words(value: str) -> list[str]:
    """Names and offices parted by marks or spaces; a name of two characters may be spaced (常 理)."""
    joined = re.sub(rf"(?<![{HAN}])([{HAN}])\s+([{HAN}])(?![{HAN}])", r"\1\2", value)
    return [word for word in re.split(r"[\s、/／;；，,|｜丨&]+", joined) if word]


def _names(value: str, pen_names: bool = False) -> tuple[str, ...] | None:
    """Personal names and nothing else, or ``None``. A press office signs with a pen name: 云科宣."""
    words = _words(value)
    return tuple(words) if all(is_name(w) or "·" in w or (pen_names and _is_pen_name(w)) for w in words) else None


def _is_pen_name(word: str) -> bool:
    return 2 <= count_han(word) == len(word) <= 3 and not rjieba.has_word(word)


def _read_photo(line: str) -> Credits | None:
    """A photo's credit, with or without its caption before it."""
    stock = _STOCK.search(line.strip("()（）") if line[:1] in "(（" else line)
    if stock and count_han(line) <= _MAX_STOCK and not line.startswith("原标题"):
        return Credits(captions=(line,))
    shot = _SHOT.search(line)
    if not shot:
        return None
    begins = [0, *(m.end() for m in _CUT.finditer(line, 0, shot.start()) if m.end() <= shot.start())]
    for begin in begins:
        names = _photographers(line[begin : shot.start()].strip("（( "))
        caption = line[:begin].strip(" （(")
        if names is not None and len(caption) <= _MAX_CAPTION:
            return Credits(photographers=names, captions=(caption,) if _is_caption(caption) else ())
    return None


def _is_caption(text: str) -> bool:
    return bool(text) and not (_OUTLET.search(text) and count_han(text) <= 10) and not text.endswith("新华社发")


def _photographers(text: str) -> tuple[str, ...] | None:
    byline = _read_byline(f"{text}") if "记者" in text or "通讯员" in text else None
    if byline:
        return byline.authors
    if re.fullmatch(rf"[{HAN}]{{0,12}}(?:记者|通讯员)", text):
        return ()
    return _names(text) or None
