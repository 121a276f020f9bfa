"""Chinese personal names, the offices that stand before them, and their pinyin, as English text writes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import rjieba
from pypinyin import Style, lazy_pinyin

# The surnames of nine Chinese in ten; a name here is a guess that a title before or after it confirms.
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂柴焦向柳邢骆岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧"
    "甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商"
    "蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙伏岑习胥保和蔺"
)
_COMPOUND = "欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木|呼延"
_TITLES = "局长|书记|市长|主任|院长|校长|董事长|总经理|教授|博士|研究员|会长|科长|处长|组长|成员|负责人|记者|通讯员"
_SAYING = "出席|主持|介绍|表示|说|指出|强调|接受|谈|认为|透露|告诉"
_AFTER_TITLE = rf"{_SAYING}|在|带|率|为|:|：|，|,|。|、|和|与|\s|等|”|）|\)|$"
_NAME = f"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}?"
_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")
_TEAM = re.compile("团队|课题组|研究组")  # 和 may end the name before it: 教授叶清和团队
_TITLED = re.compile(rf"(?:{_TITLES})([{SURNAMES}][\u4e00-\u9fff]{{1,2}}(?={_TEAM.pattern})|{_NAME}(?={_AFTER_TITLE}))")
_SPEAKING = re.compile(rf"(?<![\u4e00-\u9fff])({_NAME})(?={_SAYING})")


def find_people(text: str) -> list[str]:
    """Personal names in a simplified Chinese text, in order: those after a title, or before a verb of saying.

    A general tagger finds more, and finds names where there are none (成果展); a wrong romanisation in a
    prompt does more harm than a missing one.

    >>> find_people("市科技局局长白玉涛表示，副局长方金旺主持会议，教授叶清和团队参加")
    ['白玉涛', '方金旺', '叶清和']
    """
    found = sorted((m.start(1), m[1]) for pattern in (_TITLED, _SPEAKING) for m in pattern.finditer(text))
    return list(dict.fromkeys(name for _, name in found))


def romanize(name: str) -> str:
    """The name in pinyin, surname first: Bai Yutao.

    >>> romanize("白玉涛")
    'Bai Yutao'
    """
    surname, given = name[0], name[1:]
    first = lazy_pinyin(surname, style=Style.NORMAL)[0]
    return f"{first.capitalize()} {''.join(lazy_pinyin(given)).capitalize()}"


@lru_cache(maxsize=1)
def pinyin_surnames() -> frozenset[str]:
    """The common surnames in pinyin, in small letters."""
    return frozenset(lazy_pinyin(list(SURNAMES), style=Style.NORMAL))


_LATIN_NAME = re.compile(r"\b[A-Z][a-z]+(?:'(?!s\b)[a-z]+)?(?: [A-Z][a-z]+)?\b")


def pinyin_names(text: str, sources: Sequence[str]) -> dict[str, str]:
    """Names in an English text that are the pinyin of something that Chinese sources say, with the commonest of these.

    >>> pinyin_names("When did Xu Yanqiu see Qingyu's park?", ["许砚秋到青屿园区。青屿港。清语。"])
    {'Xu Yanqiu': '许砚秋', 'Qingyu': '青屿'}
    """
    found: dict[str, str] = {}
    runs = [(run, lazy_pinyin(run)) for source in sources for run in _HAN_RUN.findall(source)]
    for match in _LATIN_NAME.finditer(text):
        for name in (match.group(), *match.group().split()):
            wanted = name.replace(" ", "").replace("'", "").lower()
            forms = Counter(form for run, sounds in runs for form in _sounding(wanted, run, sounds))
            if forms and not any(name in other for other in found):
                found[name] = forms.most_common(1)[0][0]
    return found


def _sounding(wanted: str, run: str, sounds: list[str]) -> Iterator[str]:
    """The stretches of two to four characters that are read so."""
    for at in range(len(sounds) - 1):
        if wanted.startswith(sounds[at]):
            for size in (2, 3, 4):
                if "".join(sounds[at : at + size]) == wanted and len(sounds[at : at + size]) == size:
                    yield run[at : at + size]


# Offices -----------------------------------------------------------------------------------------------

_OFFICES = (
    "书记|局长|厅长|部长|省长|市长|州长|县长|区长|旗长|镇长|乡长|司长|处长|科长|所长|站长|院长|校长|馆长|台长|社长|行长|队长|会长|理事长|董事长"
    "|秘书长|检察长|园长|组长|主任|主席|总统|总理|首相|外长|大使|总领事|总裁|总经理|总监|经理|总工程师|首席科学家|首席经济学家|首席分析师|首席专家|首席执行官"
    "|创始人|负责人|发言人|教授|研究员|院士|工程师|分析师|党组成员|党委委员|常委|巡视员|调研员|理事|主编|律师|医师|参赞|主教练|支书|博士"
)
_OFFICE_END = re.compile(rf"(?:{_OFFICES})$")
# One or two characters after the surname, no longer name within a foreign one (安东尼·…).
_TITLED_NAME = re.compile(rf"(?:{_OFFICES})\s?(?P<name>(?:{_COMPOUND}|[{SURNAMES}])[\u4e00-\u9fff]{{1,2}})(?![·•・])")
# What may follow a name. Longest first is not needed: one that fits is enough.
_FOLLOWS = re.compile(
    r"$|[\s，,。；;：:、！？!?（(）)”’」』》】\]|]"
    r"|(?:出席|主持|介绍|表示|指出|强调|接受|认为|透露|告诉|宣布|参加|参与|带队|率队|带领|率领|率|讲话|致辞|致词|作了?|做了?|就|对|向"
    r"|说|称|谈|在|为|和|与|及|以及|同|等|是|于|一行|分别|代表|先后|陪同|回答|提醒|代为|来到|会见|走访|调研|坦言|呼吁|建议|解释|分析|补充|回忆|回应|直言|总结|提到"
    r"|提出|看来|团队|同志|先生|女士|教授|博士|院士|告诫|感慨|感叹|主讲|领衔|担任|受邀|应邀|还|也|则|曾|将|已|到|从|以|被|的|进行|发表|签署|签约)"
)
_VERB = re.compile(
    "表示|出席|主持|介绍|指出|强调|接受|认为|透露|参加|参与|带队|率队|分别|应邀|邀请|通过|进行|发表|回应|回答|告诉|要求|指导|带领|来到|提醒|呼吁"
)
_NO_NAME = re.compile("^和|[你我他她它们这那其某]")
_LONG_VERB = re.compile(
    f"{_VERB.pattern}|来到|代为|会见|走访|调研|坦言|解释|分析|补充|回忆|直言|总结|提到|提出|宣布|致辞|讲话"
)
# A third character that is a word of its own: 局长李明对记者说. 为 is left out, for many names end in it.
_FUNCTION_WORDS = frozenset("说称谈在和与及同等是于就对向作做还也则曾将已到从以被的率先后分表介指强主出会代")
_EDGE = re.compile(r"[，,。；;：:！？!?（(）)“”‘’「」『』《》【】\[\]\s…—|]")
_NOT_OFFICE = frozenset(
    "记者 会议 专家 嘉宾 代表 同志 作者 主持人 近日 日前 日电 活动 现场 会上 期间 随后 同时 其中 一行 报道 会见 采访"
    " 学习 认真".split()
)
# Verbs that stand inside the names of bodies: 科技创新委员会, 应急管理局.
_INSIDE = frozenset(
    """
    创新 开发 发展 改革 管理 建设 投资 监督 监管 服务 规划 保护 交流 合作 研究 教育 控股 交通 运输 应用 检测 统计
    审计 执法 卫生 健康 保障 工作 领导 协调 推进 指导 运营 执行 设计 宣传 组织 统战 防控 治疗 研发 销售 传播 评价
    促进 咨询 检验 检疫 救援 安全 运行 控制 监测 预警 预报 养老 理财 招商 贸易 物流 制造 环保 处置 救助 学习 实践
    勘探 勘察 测绘 考古 收藏 创作 编辑 出版 发行 演出 维权 维护 一级 二级 三级 四级 兼 兼任 原 时任 副 总
    """.split()
)
# The tagger takes 由市 for a word.
_LEAD = re.compile("^[由访摄据与及了经请]")
_MODIFIERS = frozenset("n ns nt nr nz nrt nrfg j b vn an eng f s ng l g".split())


class Official(NamedTuple):
    """A person with the office that stands before the name."""

    name: str
    office: str


@lru_cache(maxsize=20_000)
def is_name(text: str) -> bool:
    """Whether two or three characters (four after a compound surname) can be a Chinese personal name.

    >>> is_name("白玉涛"), is_name("应邀"), is_name("欧阳明远"), is_name("科技局")
    (True, False, True, False)
    """
    match = re.fullmatch(rf"(?:(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[{SURNAMES}][\u4e00-\u9fff]{{1,2}})", text)
    if not match or text[0] == text[1] or _NO_NAME.search(text):  # 谢谢您
        return False
    tags = rjieba.tag(text)
    if len(tags[0][0]) > 1 and tags[0][1] in ("p", "c", "r", "u"):  # 关于党
        return False
    if tags[0][1] == "d" and tags[-1][1] in ("v", "vn"):  # 曾预计
        return False
    return len(tags) > 1 or tags[0][1].startswith(("nr", "x")) or not rjieba.has_word(text)


def find_officials(text: str) -> list[Official]:
    """People whose office stands before their name, in order, once each, with the fullest office given.

    Made for precision: a name without an office, or with the office after it, is passed over, and so is
    one whose end cannot be told.

    >>> find_officials("近日，市科技局党组书记、局长宋巍主持召开会议，副局长方金旺出席。")
    [Official(name='宋巍', office='市科技局党组书记、局长'), Official(name='方金旺', office='副局长')]
    """
    found: dict[str, str] = {}
    for match in _TITLED_NAME.finditer(text):
        name = _name_at(text, match.start("name"), match.end("name"))
        if name:
            office = _office_before(text, match.start("name"))
            found[name] = max(found.get(name, ""), office, key=len)
    longer = {name[:-1] for name in found}
    return [Official(name, office) for name, office in found.items() if name not in longer]


def _name_at(text: str, start: int, end: int) -> str:
    """The longer reading of a name, unless its last character is a word or begins one; empty where neither ends."""
    if _TEAM.match(text, end) and is_name(text[start:end]):  # 教授叶清和团队
        return text[start:end]
    shorter = text[end - 1] in _FUNCTION_WORDS or _LONG_VERB.match(text, end - 1)
    fits = (
        text[start:e] for e in ([end - 1] if shorter else [end, end - 1]) if e - start > 1 and _FOLLOWS.match(text, e)
    )
    return next((n for n in fits if is_name(n) and n[-1] not in _FUNCTION_WORDS and not _VERB.search(n)), "")


def _office_before(text: str, end: int) -> str:
    """The office that ends at ``end``: 市科技局党组书记、局长, from the body's name to the last title."""
    clause = _EDGE.split(text[max(0, end - 60) : end].rstrip())[-1]
    parts = clause.split("、")
    first = len(parts) - 1
    while first and _OFFICE_END.search(parts[first - 1]) and _without_lead(parts[first]) == parts[first]:
        first -= 1
    return "、".join([_without_lead(parts[first]), *parts[first + 1 :]])


def _without_lead(part: str) -> str:
    """Less what stands before the office in its clause: 采访了市科技局局长 is 市科技局局长."""
    kept: list[str] = []
    for word, tag in reversed(rjieba.tag(part)):
        if word in _NOT_OFFICE or (tag not in _MODIFIERS and word not in _INSIDE and kept):
            break
        kept.append(word)
    return _LEAD.sub("", "".join(reversed(kept)))
