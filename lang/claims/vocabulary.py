"""Words that every plan and report has, and that say nothing of what a figure is of; and classes of units."""

from __future__ import annotations

import re
from functools import lru_cache

import rjieba

from lang.concepts import without_concepts
from lang.places import find_places
from lang.script import is_han

WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]")
"""An English one."""
COMMON_ZH = frozenset(
    """
    目标 力争 争取 达到 实现 完成 突破 超过 全市 全省 全国 全年 今年 去年 明年 上年 年底 我市 计划 预计 预期 数量
    总数 总量 存量 总额 金额 额度 数额 总金额 总值 规模 新增 增长 增加 提高 提升 下降 减少 降低 同比 占比 比重 累计 共有
    拥有 新建 建设 建成
    打造 培育 发展 推进 推动 开展 组织 举办 实施 认定 获批 引进 引育 投入 支持 给予 安排 确保 不少于 不低于 以上
    以下 左右 其中 目前 已经 截至 有望 努力 希望 提出 部署 会议 要求 工作 水平 全部 总计 合计 共计 数据 显示 时间
    期间 情况 方面 领域 指标 任务 总体 主要 重点 继续 不断 持续 进一步 力度 保持 位居 排名 建立 增速 增幅 贡献 提供
    服务 获得 取得 带动 参加 参与 签订 签署 签约 登记 入库 备案 培养 培训 发放 落实 创建 设立 成立 落地 启动 开工
    使用 需要 可以 进行 以来 所有 全体 每年 年均 平均 人均 报告 介绍 表示 指出 公布 发布 对应 相应 分别 成为 属于
    包括 含有 前后 本市 该市 当地 地区 全区 全县 区域 城市 市级 省级 国家级 预算 资金 上升 扩大 增至 降至 翻一番
    翻番 一半 约为 大约 接近 近年 问题 要 有 是 为 达 个 实际 具有 转为 调整 修订 由此 之后 之前 名列 跻身 位列 首次
    不到 不足 不满 将近 至少 至多 最多 最少 高出 高于 低于 多于 少于 多达 可达 已有 现有 只有 仅有 已达 设有 设置
    年度 季度 月底 年末 末期 初期 阶段 集中 投资 投用 报销 兑付 支付 拨付 拿到 领取 申领 补助 补贴 奖励 资助
    """.split()
)
COMMON_EN = frozenset(
    """
    the and for with from that this which have has had was were are will would its their into than then also per all
    by of in on at to a an is be been being as it they them there here who whose while when where over under more
    most less least above below about around nearly almost approximately roughly some between within up down city
    cities county province country municipality region local government authorities bureau aim aims aimed aiming
    target targets targeted goal goals plan plans planned planning expect expects expected intend intends strive
    strives seek seeks hope hopes projected reach reaches reached reaching achieve achieves achieved achieving
    exceed exceeds exceeded exceeding surpass surpasses surpassed top topped topping total totals totalled totaled
    totalling number numbers amount amounts value values figure figures level levels rate rates scale size sum worth
    annual annually yearly year years month months quarter half first second third last next end grow grows grew
    grown growing growth rise rises rose risen rising increase increases increased increasing fall falls fell fallen
    drop drops dropped decline declines declined decrease decreased cut cuts reduce reduces reduced lower lowered
    share shares account accounts accounted accounting proportion percent percentage point points cent ratio
    compared comparison new newly add adds added adding additional addition build builds built building set
    establish established establishing establishes create created creates open opened opens launch launched hold
    held host hosted run carry carried carrying out make makes made put bring brings brought get got give gives
    given take taken took provide provides provided offer offers offered receive received recipients support
    supports supported fund spend spends spent pay paid invest invested cost develop develops developed developing
    cultivate cultivated cultivating foster fostered promote promoted recruit recruited attract attracted attracting
    train trained issue issued sign signed signing register registered registering approve approved recognise
    recognised recognize recognized recognition certify certified grant granted award awarded win won complete
    completed completing finish finished implement implemented sets remain remained remains stay stayed keep kept
    become became stock stood stand stands came come comes hit maintain maintained maintaining already now currently
    mu jin tonne tonnes ton tons metre metres meter meters square cubic kilometre kilometres hectare hectares lent
    far aside earmark earmarked allocate allocated working date until since before after during through throughout
    so only just even still each every both other others
    another same such one two three four five six seven eight nine ten dozen hundred thousand million billion
    trillion yuan rmb cny renminbi dollars dollar euro euros usd double doubled doubling triple tripled times twice
    high higher highest low lowest large larger largest big small minimum maximum average cumulative cumulatively
    overall altogether combined together entire whole full main major respectively alone including includes included
    include involve according source sources article says say said states stated report reported reports announced
    notes noted shows show kind kinds type types item items unit units case cases piece pieces place places group
    groups batch round rounds can could may might should must shall not does did doing done use used using need
    needs needed want wants see saw seen there's what how many much further continue continues continued ensure
    ensures ensuring ahead once again very well enter entered entering list listed join joined land landed settle
    settled back earlier later previous previously original originally revised revise adjusted adjust raised raise
    raises lift lifted based existing exist active year-on-year month-on-month year's plan's city's province's
    people person persons members part parts area areas field fields mark marks success successful successfully
    strong stable steady rapid fast quickly quick slightly up-to-date along across amid upon via january february
    march april june july august september october november december
    """.split()
)
# Words at which the noun that a figure counts has ended.
HEADLESS = (
    "in|of|for|by|to|at|on|from|with|over|under|and|or|but|as|than|that|which|who|is|are|was|were|be|been|has|have"
    "|had|will|would"
    "|this|last|next|during|since|until|through|across|after|before|up|down|while|per|each|every|more|year-on-year"
    "|within|into"
    "|reached|built|completed|added|signed|registered|among|between|so|not|its|their|the|a|an|when|where|against"
    "|compared|via"
    "|respectively|annually|yearly|overall|altogether|participated|attended|took|joined|received|entered|passed"
    "|opened|including"
)

_CLASSES = {
    "org": "家 户", "item": "项 件 篇 款 种 类 部 期 条 门", "person": "人 名 位", "thing": "辆 台 套 架 艘 支 颗 枚",
    "event": "场 次 届", "place": "座 处 所 块 栋 幢",
}  # fmt: skip
_CLASS = {unit: name for name, units in _CLASSES.items() for unit in units.split()}
_GENERIC = ("", "个", "大", "只")
# 项 is said of activities and platforms, 条 and 支 of lines and teams: only these cannot be one thing.
_APART = {
    frozenset(pair)
    for pair in (("person", "org"), ("person", "item"), ("person", "thing"), ("person", "event"), ("person", "place"),
                 ("org", "item"), ("org", "event"), ("org", "thing"), ("place", "event"))
}  # fmt: skip
_NOUNS = (
    ("亩", r"mu\b"), ("平方公里", r"(?:sq(?:uare)?\.?\s?k(?:ilo)?m\w*|km2"
        r"|km²)"), ("平方米", r"(?:sq(?:uare)?\.?\s?m\w*|m2|m²)"),
    ("公顷", r"hectares?|ha\b"), ("公里", r"k(?:ilo)?m(?:et\w+)?s?\b"), ("米", r"met(?:re"
        r"|er)s?\b"), ("吨", r"(?:metric )?ton(?:ne)?s?\b"),
    ("兆瓦时", r"MWh|megawatt[- ]hours?"), ("兆瓦", r"MW\b|megawatts?"), ("千瓦时", r"kWh"
        r"|kilowatt[- ]hours?"), ("千瓦", r"kW\b|kilowatts?"),
    ("吉瓦", r"GW\b|gigawatts?"), ("年", r"years?\b"),
    ("月", r"months?\b"), ("天", r"days?\b"), ("小时", r"hours?\b"), ("分钟", r"minutes?\b"), ("周", r"weeks?\b"),
    ("person", r"(?:\w+ ){0,2}(?:people|persons?|workers?|staff|researchers?|experts?|talents?|students?|engineers?"
        r"|visitors?|farmers?|graduates"
               r"|professionals|residents|employees|technicians|scientists|doctors|commissioners?|brokers?"
               r"|participants?)\b"),
    ("org", r"(?:[\w&-]+ ){0,3}(?:enterprises?|firms?|company|companies|SMEs?|businesses|institutions?"
        r"|universities)\b"),
    ("item", r"(?:[\w&-]+ ){0,3}(?:projects?|patents?|papers?|policies|measures|standards)\b"),
)  # fmt: skip
_NOUN = [(name, re.compile(rf"[\s-]*(?:{pattern})", re.I)) for name, pattern in _NOUNS]
# 12,000 of "12,000 to 30,000 hours" counts hours.
_UPPER = re.compile(r"^\s?(?:to|and|or|-|–)\s?[\d,.]+")
_SAME_UNIT = {"日": "天", "号": "天", "千米": "公里", "个月": "月"}


_NO_NOUN = re.compile(rf"\s*(?:(?:{HEADLESS})\b|[^A-Za-z\s]|$)")


def names_nothing(after: str) -> bool:
    """Whether no noun follows an English figure: "the goal of 40,000"."""
    return _NO_NOUN.match(after) is not None


def unit_class(unit: str, after: str) -> str:
    """What a count is counted in: a class of things, a measure such as 亩, or nothing where the text does not say."""
    if unit in _CLASS:
        return _CLASS[unit]
    if unit == "分" and after.startswith("钟"):
        return "分钟"
    if unit and unit not in _GENERIC:
        return _SAME_UNIT.get(unit, unit)
    if unit == "个" and after.startswith("月"):
        return "月"
    if unit:
        return ""
    after = _UPPER.sub("", after)
    found = [(m.end(), name) for name, pattern in _NOUN if (m := pattern.match(after))]
    return min(found)[1] if found else ""


DURATIONS = frozenset("年 月 天 小时 周 分钟".split())


def classes_differ(claim: str, quote: str) -> bool:
    """Whether two counts can't be of one thing: 亩 and 家, 人 and 项; what the claim leaves open agrees with things."""
    if claim == quote:
        return False
    classes = set(_CLASSES)
    if claim in classes or quote in classes or not claim or not quote:
        measured = (claim and claim not in classes) or (quote and quote not in classes)
        return bool(measured) or frozenset((claim, quote)) in _APART
    return True


def measure(unit: str) -> str:
    """What a unit measures, area of 亩 and 平方米, where it measures anything; else the unit itself."""
    return "area" if unit in ("亩", "平方米", "平方公里", "公顷") else unit


@lru_cache(maxsize=2_000)
def chinese_words(text: str) -> frozenset[str]:
    """Nouns of a Chinese stretch, without indicators, places and words of every plan."""
    rest = without_concepts(text)
    for place in reversed(find_places(rest)):
        rest = f"{rest[: place.start]} {rest[place.end :]}"
    return frozenset(
        word
        for word, tag in rjieba.tag(rest)
        if len(word) > 1 and all(map(is_han, word)) and tag[0] in "nvj" and word not in COMMON_ZH
    )


@lru_cache(maxsize=2_000)
def english_words(text: str) -> frozenset[str]:
    """English words that say what a stretch is about, in lower case."""
    rest = without_concepts(text)
    for place in reversed(find_places(rest)):
        rest = f"{rest[: place.start]} {rest[place.end :]}"
    return frozenset(w for w in map(str.lower, WORD.findall(rest)) if w not in COMMON_EN and len(w) > 2)
