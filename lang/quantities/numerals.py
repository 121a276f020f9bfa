"""Reads the numbers of Chinese and English text, with multiplier and unit."""

from __future__ import annotations

import re
from decimal import Decimal

from lang.dates import MONTHS
from lang.quantities.bounds import find_bound
from lang.quantities.records import Kind, Quantity
from lang.script import count_han

_ZH_DIGITS = "〇零一二三四五六七八九十百千两廿卅"
_OLD = str.maketrans({"两": "二", "廿": "二十", "卅": "三十"})
_MULTIPLIERS = {
    "百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7,
    "亿": 10**8, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "bn": 10**9, "mn": 10**6, "m": 10**6, "b": 10**9, "k": 10**3, "tn": 10**12,
}  # fmt: skip
_UNITS = (
    "家|项|个(?!百分点)|人(?!工智|才)|名|场|亩|台|套|件|所|座|处|次(?!性)|年|月|日|号|平方米|平方公里|公顷|公里|千米|兆瓦时|兆瓦"
    "|千瓦时|千瓦|吉瓦|吨|辆|条|期|届|位|倍|番"
    "|分(?!之)|大|户|篇|款(?!项)|种(?!植)|类(?!似|别)|部(?!门|分|委|署)|支(?!持|撑|出|付)|艘|架(?!构)|颗|枚|块|天"
    "|只(?![有要是能会用需好得])|张(?![贴三开望])|具(?![有体备])|国(?![家际内务有企庆]|人(?!民))|代(?![表理码替价])|℃|摄氏度"
    "|点(?=[^，。、]{0,4}?(?:要求|意见|建议|希望|看法|体会|内容|举措))|晚(?![上会报间年点饭宴])|起(?=[^，。、]{0,8}(?:案|事故|事件|纠纷|灾害|火灾))"
    "|小时|周(?![年岁边围期身刊])|周年|岁|株|棵|杯(?![子具赛])|连[胜败]|升|米|镑|强(?=企业|[，。、]|$)"
)
CURRENCIES = {
    "元": "RMB", "美元": "US$", "港元": "HK$", "欧元": "EUR", "日元": "JPY", "英镑": "GBP", "韩元": "KRW",
    "卢布": "RUB", "卢比": "INR", "澳元": "A$", "加元": "C$", "泰铢": "THB",
}  # fmt: skip
_FOREIGN = {
    "$": "美元", "us$": "美元", "usd": "美元", "dollar": "美元", "hk$": "港元", "hkd": "港元",
    "€": "欧元", "eur": "欧元",
    "euro": "欧元", "£": "英镑", "gbp": "英镑", "jpy": "日元",
}  # fmt: skip
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {w: n for n, w in enumerate(_ONES) if n} | {w: n for n, w in zip(range(20, 100, 10), _TENS, strict=True)}
_WORDS |= {f"{t}-{o}": _WORDS[t] + n for t in _TENS for n, o in enumerate(_ONES[:10]) if n}
_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_MULTIPLES = {
    "double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "twofold": 2, "twice": 2,
    "triple": 3, "triples": 3, "tripled": 3, "tripling": 3, "threefold": 3,
    "quadruple": 4, "quadrupled": 4, "quadrupling": 4, "fourfold": 4, "fivefold": 5, "sixfold": 6, "tenfold": 10,
}  # fmt: skip
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
# 三成 is 30 %; 2024成都, 一成立 and 两成果 are not.
_TENTHS = "(?<=[一二三四五六七八九两半\\d])成(?![立果都员为功本效绩长熟品就人不])"
# 一万两千, but 三万 with its 万 outside.
_HAN_NUMBER = rf"[{_ZH_DIGITS}]+(?:[万亿]零?[一二三四五六七八九两][千百十][{_ZH_DIGITS}]*)*"
_GAP = " ?"  # 80 亿元, 3000 家

_ZH = re.compile(
    rf"(?P<ord>第|百分之)?(?P<num>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{_HAN_NUMBER}(?:点[{_ZH_DIGITS}]+)?)"
    rf"(?:[余多](?=[百千]?[万亿]))?(?:{_GAP}(?P<mul>万亿|千亿|百亿|千万|百万|千(?![瓦克米伏赫卡])|[百万亿]))?"
    rf"(?:{_GAP}(?P<unit>[余多]?(?:{'|'.join(CURRENCIES)}|人民币)|个百分点|[%％]|{_TENTHS}|[余多]?(?:{_UNITS})))?"
)
# 三分之二; 一半, 过半; 翻一番 is twice, 翻两番 four times.
_PART = re.compile(rf"(?P<below>[{_ZH_DIGITS}]{{1,4}}|\d{{1,4}})分之(?P<above>[{_ZH_DIGITS}]{{1,4}}|\d{{1,4}})")
_HALF = re.compile(r"一半|半数|(?<=[过近])半(?=[数的，。、]|$)|对半(?!导)")
_HALF_OF = re.compile("(?<![上下前后大多])半个?(?P<unit>小时|分钟|天|月)(?!以来)")
# 近亿元: one of them; 百 and 千 are numerals by themselves.
_BARE = re.compile(rf"(?<=[近超逾上达破过])(?P<mul>万亿|亿|万)(?P<unit>{'|'.join(CURRENCIES)}|吨|人次?|家|千瓦时)")
_DOUBLED = re.compile(r"翻了?(?P<times>[一两二三1-3])?番|(?<!翻)翻倍|成倍")
# 约占全国的1/7; a date is written so, too, but not after these words.
_SLASHED = re.compile(r"(?<=[占的近约过])(?P<above>\d{1,2})/(?P<below>\d{1,2})(?![\d/])")
# A figure shares the unit of the one that it is listed with: 0.3及0.4个百分点.
_LISTED = re.compile("[、及和与或]")
_ROUGH = re.compile("(?:一(?=[二两])|[二两](?=三)|三(?=四)|四(?=五)|五(?=六)|六(?=七)|七(?=八)|八(?=九))(?P<to>.)")
_LONGEST = 32  # numerals of a figure; cn2an takes the cube of their number
_END = "(?![A-Za-z])"  # of a Latin word: before a Chinese character there is no \b
_START = r"(?<![A-Za-z\d_.-])"
_CURRENCY = r"(?<![A-Za-z])(?:RMB|CNY|EUR|USD|HKD|GBP|JPY)|(?:US|HK|CN|NT)?\$|(?:CN)?[¥]|[€£]"
_EN = re.compile(
    rf"(?:(?P<cur>{_CURRENCY})\s?|(?<![A-Za-z\d_.]))"
    rf"(?P<num>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))}){_END}"
    rf"|an?(?=\s(?:hundred|thousand|million|billion|trillion){_END}))"
    rf"(?:[\s-]?(?P<mul>(?:hundred[\s-])?(?:thousand|million|billion|trillion)|hundred|tn|bn|mn|(?<=\d)[mbk]){_END})?"
    rf"(?:[\s-]?(?P<unit>[%％]|(?:per\s?cent|percentage[\s-]points?|ppt?s?|yuan|RMB|CNY|renminbi|(?:US\s"
    rf"|Hong Kong\s)?dollars?"
    rf"|euros?|-?fold|times(?=\s(?:as|that|the|more|higher|larger|over|its)\b)){_END}))?",
    re.IGNORECASE,
)
_ORDINAL_EN = re.compile(rf"{_START}(?:(?P<num>\d+)(?:st|nd|rd|th){_END}|(?P<word>{'|'.join(_ORDINALS)}){_END})", re.I)
_MULTIPLE_EN = re.compile(rf"(?<![A-Za-z])(?P<word>{'|'.join(_MULTIPLES)}){_END}", re.I)
_PART_EN = re.compile(
    rf"(?<![A-Za-z])(?<!first )(?<!last )(?<!next )(?P<above>{'|'.join(_ONES[1:10])}|an?)"
    r"[\s-](?P<below>third|quarter|fifth|tenth)s?(?=\sof\b"
    rf"|[,.;]|$)",
    re.I,
)
_HALF_EN = re.compile(
    r"(?<!first )(?<!second )(?<!other )(?<![A-Za-z-])half(?![A-Za-z-])"
    r"(?! (?:an?|year|of 20|of the year|yearly|past|hour|day|month|minute))",
    re.I,
)
_HALF_OF_EN = re.compile(r"(?<![A-Za-z-])half[ -](?:an? )?(?P<unit>hour|month|day|minute)(?![A-Za-z])", re.I)
_DOTTED_DATE = re.compile(r"(?<![\d.])(?:19|20)\d\d\.\d{1,2}\.\d{1,2}(?![\d.])")
_TO = re.compile(r"\s?[-–—~～―−]{1,2}\s?|[至到]|\s(?:to|and)\s")
_MONTH = re.compile(r"\b(" + "|".join(MONTHS) + r")\b")
# One character for one, so that places in the text stay where they are.
_FOLD = {
    ord(full): chr(ord(full) - 0xFEE0) for full in "０１２３４５６７８９．％＋～＄－" + "ＲＭＢＵＳＤＣＮＹＨＫＲ＆Ｄ"
}
_FOLD |= {
    ord("￥"): "¥",
    **{
        ord(a): b
        for a, b in zip("億萬餘項個點場畝兩與過於達約數時號", "亿万余项个点场亩两与过于达约数时号", strict=True)
    },
}
# Markers; addresses; telephones; numbers of files (0162023010号) and shares; names with numerals: 5G, MH17, V6.0.
# What looks like a name but is a sum (RMB80, US$5m) or a measure (5kg) is none; 十分 is very, 零部件 a part.
_NO_FIGURES = re.compile(
    r"\[\d+\]|(?:https?://|www\.)[\w./?=&%#~:-]+|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org)(?:/[\w./?=&%#-]*)?"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}[- —–]\d{7,8}(?!\d)|(?<!\d)[48]00-?\d{3}-?\d{4}(?!\d)"
    r"|[（(]\d{6}[)）]|(?<!\d)1\d{4}(?=客服|热线|平台|网|电话)|(?<!\d)\d{6,}号|(?<!\d)\d{5,6}\.(?:HK|SH|SZ)"
    r"|(?<![A-Za-z\d.])\d{1,2}[GDCK](?![A-Za-z\d])"
    r"|(?<![A-Za-z])(?!RMB|CNY|USD|EUR|HKD|GBP|JPY|US|HK|CN|R(?=\d))(?:[A-Z]{1,3}|[A-Z][a-z]?)-?\d+(?:\.\d+)?(?![\d%.])(?!年)"
    r"|(?<![\d得扣约满近])十分(?![之钟制位球])|零(?=部件|售|件|距离|星|食)|四处(?=[飞奔打寻求走张逃躲])",
    re.A,
)
# Windows 11 and iPhone 14 Plus in a Chinese text; RMB 80亿元 and May 12日 are none.
_PRODUCT = re.compile(
    rf"(?<![A-Za-z])(?!RMB|CNY|USD|EUR|US|HK|{'|'.join(MONTHS)})[A-Za-z]*[A-Z][A-Za-z]+ ?\d{{1,2}}(?![\d.,%:/])"
    rf"(?! ?(?:{_UNITS}|[百千万亿]|{'|'.join(CURRENCIES)}|个百分点))"
)


def read_numbers(text: str) -> list[Quantity]:
    """The figures of the text, in order and apart. Citation markers such as ``[1]`` are not figures."""
    plain = _DOTTED_DATE.sub(lambda m: m[0].replace(".", " "), text.translate(_FOLD))
    plain = _NO_FIGURES.sub(lambda m: " " * len(m.group()), plain)
    if count_han(plain):
        plain = _PRODUCT.sub(lambda m: " " * len(m.group()), plain)
    found = [_read_en(m) for m in _EN.finditer(plain)]
    found += [Quantity(Decimal(MONTHS.index(m[1]) + 1), "date", "month", *m.span()) for m in _MONTH.finditer(plain)]
    found += _english_words(plain)
    if count_han(plain):
        found = [_read_zh(m) for m in _ZH.finditer(plain)] + _chinese_words(plain) + found
    return [_bounded(plain, q) for q in _apart([q for q in found if q])]


def _bounded(text: str, q: Quantity) -> Quantity:
    bound, _, _ = find_bound(text, q)
    return Quantity(q.value, q.kind, q.unit, q.start, q.end, bound)


def _apart(found: list[Quantity]) -> list[Quantity]:
    """In order; where two readings meet, the longer: 8 billion and 80亿元 rather than 8 and 80, in any mixture."""
    kept: list[Quantity] = []
    for q in sorted(found, key=lambda q: (q.start, -q.end)):
        if not kept or q.start >= kept[-1].end:
            kept.append(q)
    return kept


def _chinese_words(text: str) -> list[Quantity | None]:
    """Halves, fractions and doublings."""
    found: list[Quantity | None] = [Quantity(Decimal(50), "percent", "%", *m.span()) for m in _HALF.finditer(text)]
    found += [Quantity(Decimal("0.5"), "count", m["unit"], *m.span()) for m in _HALF_OF.finditer(text)]
    for m in _PART.finditer(text):
        below, above = _chinese_number(m["below"]), _chinese_number(m["above"])
        if below and above and not m["below"].startswith("百"):
            found.append(Quantity(_share(above, below), "percent", "%", *m.span()))
    slashed = ((Decimal(m["above"]), Decimal(m["below"]), m.span()) for m in _SLASHED.finditer(text))
    found += [Quantity(_share(a, b), "percent", "%", *span) for a, b, span in slashed if 0 < a < b]
    found += [
        Quantity(Decimal(_MULTIPLIERS[m["mul"]]), _kind_zh("", m["unit"]), m["unit"], *m.span())
        for m in _BARE.finditer(text)
    ]
    for m in _DOUBLED.finditer(text):
        times = _chinese_number(m["times"]) if m["times"] else Decimal(1)
        found.append(Quantity(2 ** (times or Decimal(1)), "multiple", "番", *m.span()))
    return found


def _english_words(text: str) -> list[Quantity | None]:
    """Ordinals, halves, fractions and doublings."""
    found: list[Quantity | None] = []
    for m in _ORDINAL_EN.finditer(text):
        value = int(m["num"]) if m["num"] else _ORDINALS.index(m["word"].lower()) + 2
        found.append(Quantity(Decimal(value), "ordinal", "", *m.span()))
    doubled = ((_MULTIPLES[m["word"].lower()], m.span()) for m in _MULTIPLE_EN.finditer(text))
    found += [Quantity(Decimal(times), "multiple", "番", *span) for times, span in doubled]
    for m in _PART_EN.finditer(text):
        above = Decimal(_WORDS.get(m["above"].lower(), 1))
        found.append(Quantity(_share(above, Decimal(_PARTS[m["below"].lower()])), "percent", "%", *m.span()))
    found += [Quantity(Decimal(50), "percent", "%", *m.span()) for m in _HALF_EN.finditer(text)]
    found += [Quantity(Decimal("0.5"), "count", m["unit"], *m.span()) for m in _HALF_OF_EN.finditer(text)]
    return found


def _share(above: Decimal, below: Decimal) -> Decimal:
    return (100 * above / below).quantize(Decimal("0.01"))


def _read_zh(m: re.Match[str]) -> Quantity | None:
    number, (multiplier, unit) = m["num"], _scale_and_unit(m)
    vague = "余" in m[0] or "多" in m[0]
    unit = "元" if unit.endswith("人民币") else unit.lstrip("余多")
    value = _chinese_number(number)
    ranked = m["ord"] == "第" and (
        m.string[m.start() - 1 : m.start()] in tuple("省市国界居列位排球") or m.string[m.end() : m.end() + 1] == "批"
    )
    if value is None or not (number[0].isdigit() or unit or multiplier or m["ord"] == "百分之" or ranked):
        return None
    large = "亿" in multiplier or (unit and (multiplier or vague))
    bounded = unit and m.string[max(m.start() - 1, 0) : m.start()] in tuple("近超逾上达")
    if number in ("百", "千") and m["ord"] != "百分之" and not (large or bounded):
        return None  # 百家争鸣 and 千万不要 are words; 千亿级, 千万元, 近百家 and 百余家 are figures
    if number[0] in "十百千" and m.string[max(m.start() - 1, 0) : m.start()] in ("几", "数"):
        return None  # 几十亿元 is some, not one
    if unit == "番" and m.string[max(m.start() - 1, 0) : m.start()] != "翻":
        return None
    if unit == "元" and len(number) == 1 and m.string[m.end() : m.end() + 1] in tuple("组论化制素色次方"):
        return None  # 三元组 and 二元论 cost nothing
    if unit == "成":
        value *= 10
    value *= _MULTIPLIERS.get(multiplier, 1)
    return Quantity(value, _kind_zh(m["ord"] or "", unit), unit, m.start(), m.end())


def _scale_and_unit(m: re.Match[str]) -> tuple[str, str]:
    """Its multiplier and unit; for the first figure of a range (5—8亿元, 5 to 8 billion), those of the second."""
    if not (m["mul"] or m["unit"]) and (to := _TO.match(m.string, m.end())):
        other = m.re.match(m.string, to.end())
        if other and not _falls(m["num"], other["num"]):
            m = other
    elif not (m["mul"] or m["unit"]) and (to := _LISTED.match(m.string, m.end())):
        other = m.re.match(m.string, to.end())
        if other and (other["unit"] or "").endswith(("%", "％", "个百分点")):
            m = other
    return m["mul"] or "", m["unit"] or ""


def _falls(low: str, high: str) -> bool:
    """Whether the first figure is the larger as written: 500,000 of "500,000 to 1 million" is no number of millions."""
    return low[0].isdigit() and high[0].isdigit() and Decimal(low.replace(",", "")) > Decimal(high.replace(",", ""))


def _kind_zh(before: str, unit: str) -> Kind:
    if before:
        return "ordinal" if before == "第" else "percent"
    if unit in CURRENCIES:
        return "money"
    if unit in ("%", "％", "成"):
        return "percent"
    if unit == "个百分点":
        return "points"
    if unit in ("倍", "番"):
        return "multiple"
    return "date" if unit in ("年", "月", "日", "号") else "count"


def _chinese_number(number: str) -> Decimal | None:
    if number[0].isdigit():
        return Decimal(number.replace(",", ""))
    if number in ("百", "千"):
        return Decimal(_MULTIPLIERS[number])
    if len(number) > _LONGEST:
        return None
    if rough := _ROUGH.fullmatch(number):  # 一两个月 is up to two, not twelve
        return Decimal("一二三四五六七八九".index(rough["to"].replace("两", "二")) + 1)
    try:
        import cn2an  # takes .2 s, and most figures are written in digits

        return Decimal(str(cn2an.cn2an(number.translate(_OLD), "smart")))
    except (ValueError, KeyError):  # cn2an raises either for what is no number
        return None


def _read_en(m: re.Match[str]) -> Quantity | None:
    number = m["num"].lower()
    scale, unit = (part.lower() for part in _scale_and_unit(m))
    if scale in ("m", "b", "k") and not m["cur"]:
        scale = ""  # 5 m may be metres
    value = Decimal(_WORDS.get(number, 1)) if number[0].isalpha() else Decimal(number.replace(",", ""))
    kind, unit = _kind_en((m["cur"] or "").lower(), unit)
    # "one" is mostly a pronoun or an article; as a figure it says nothing that a source could deny.
    if number == "one" and kind == "count" and not scale:
        return None
    for part in re.findall("[a-z]+", scale):
        value *= _SCALES[part]
    return Quantity(value, kind, unit, m.start("num"), m.end())


def _kind_en(currency: str, unit: str) -> tuple[Kind, str]:
    if unit.startswith("hong kong"):
        return "money", "港元"
    if currency or unit.startswith(("yuan", "rmb", "cny", "renminbi", "us", "dollar", "euro")):
        return "money", _FOREIGN.get((currency or unit).removeprefix("us ").rstrip("s"), "元")
    if unit.startswith(("percentage", "pp")):
        return "points", unit
    if unit.endswith("fold") or unit == "times":
        return "multiple", "倍"
    return ("percent", unit) if unit else ("count", unit)
