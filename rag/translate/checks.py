"""What is wrong with a translation: figures, dates, bounds, names and terms, compared in code; Chinese that is left."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pypinyin import lazy_pinyin

from lang.cities import english_name, find_cities
from lang.dates import MONTHS
from lang.glossary import Term, find_terms
from lang.quantities import describe_en, find_quantities, missing_quantities
from lang.script import HAN
from rag.translate.rendering import DECADE, PLAN, SMALL, cities_of, decade_en

LEFT = "left in Chinese"
CHINESE = re.compile(f"[{HAN}]+")
_SAYING_ZH = re.compile(
    r"据|按|依照|对话|获悉|报道|显示|宣布|曝|发布|说|表示|指出|强调|介绍|认为|坦言|提出|要求|透露|告诉|称|谈|讲|答|问"
)
_SAYING_EN = re.compile(r"\b(?:said|says|stated|emphasi[sz]ed|stressed|pointed out|according to)\b", re.IGNORECASE)
_BOUNDS = {
    "more than": r"more than|over|exceed\w*|above|surpass\w*|in excess of",
    "at least": r"at least|no (?:less|fewer) than|not less than|minimum of",
    "at most": r"at most|no more than|up to|maximum of",
    "nearly": r"nearly|almost|close to",
    "about": r"about|around|approximately|roughly",
}
_CLOCK = re.compile(r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s?(?P<half>[ap])\.?m\b\.?", re.I)
_FULL_HOUR = re.compile(r"(?<![\d:])(?P<hour>\d{1,2}):00\b(?!:|\s?[ap]\.?m)", re.I)  # 22时
_DECADES_EN = {"two": 20, "three": 30, "four": 40, "five": 50}
_WORD = re.compile(r"[a-z&]+")
_SMALL_WORDS = frozenset("a an and at by for from in of on the to with".split())
_STEM = 6  # letters
_MOST = 0.6
_OFFICIAL = 4  # characters of a term that is hardly an everyday word
_FIVE_YEARS = re.compile("十[一二三四五六]五|五年|5年|规划|计划")
_CAPITALISED = re.compile(r"\b[A-Z][a-z]+\b")
_SOUNDING = 5  # letters
_FIRST_HALF = re.compile("[1一] ?[-—~至到] ?[6六]月")
# What a reader takes for no figure: where the Chinese has the first, the second is read as the third.
_SPOKEN = (
    (re.compile("中午|正午"), re.compile(r"\b12(?::00)?\s?(?:p\.?m\b\.?|noon)", re.I), "noon"),
    (re.compile("百公里"), re.compile(r"\bper (?:a |one )?(?:hundred|100) kilomet", re.I), "per kilomet"),
    (re.compile("全天候"), re.compile(r"\b24/7\b"), "around the clock"),
)
_PAIR = re.compile("(?<!第)(?:两|二)(?:人|者)")  # they, in English
_PAIRED = re.compile("双(?!方|人|倍)")  # double, of which no figure is parsed
_MONTH_EN = re.compile(
    rf"\b({'|'.join(m for m in MONTHS if m != 'May')}|(?:(?<=[Ii]n )|(?<=\d )|(?<=of ))May|May(?= \d))\b"
)
_MONTHS_ZH = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_MONTH_ZH = "(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]) ?(?:月|[-—~、至到和或](?=(?:1[0-2]|[1-9])月))"
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_SPELLED_ZH = dict(zip("一二三四五六七八九十两双", (*range(1, 11), 2, 2), strict=True))
_THINGS = frozenset("名 人 家 项 元 户 所 台 件 套".split())
_RANGE = re.compile("[-–—~～至到]")
# 粤港澳, 广深, 京津冀
_SHORT_NAMES = {
    "香港": "港", "澳门": "澳", "深圳": "深", "广州": "广", "珠海": "珠", "武汉": "汉", "北京": "(?<![南东])京",
    "天津": "津", "上海": "沪|上证|上交所", "重庆": "渝",
}  # fmt: skip


def check_translation(zh: str, en: str) -> list[str]:
    """What is wrong with a translation, a few words each; empty where nothing was found.

    >>> check_translation("20世纪70年代建成，沿用近四十年。", "Built in the 1970s, it served for nearly four decades.")
    []
    """
    zh = DECADE.sub(decade_en, zh)
    zh = _FIRST_HALF.sub("上半年", zh) if "first half" in en else zh
    said = en
    for there, written, plain in _SPOKEN:
        said = written.sub(plain, said) if there.search(zh) else said
    years = re.sub(
        r"\b(two|three|four|five) decades\b", lambda m: f"{_DECADES_EN[m[1].lower()]} years", said, flags=re.I
    )
    years = re.sub(r"\bdecade\b", "10 years", years, flags=re.I) if re.search("十年|10年", zh) else years
    years = re.sub(r"\b(?:both|pair|couple)\b", "two", years, flags=re.I) if "两" in zh else years
    years = re.sub(r"\b(?:double|dual|twin)\b", "paired", years, flags=re.I) if _PAIRED.search(zh) else years
    years = re.sub(r"\bcovid-?19\b", "COVID", years, flags=re.I) if "冠" in zh else years
    years = re.sub(r"\bsecondary\b", "two times", years, flags=re.I) if "二次" in zh else years
    years = _FULL_HOUR.sub(r"\g<hour> o'clock", years)
    hours = _CLOCK.sub(_hour, years)  # 5 p.m. may be 17时, or 下午5时
    flags = [f"figure missing: {f}" for f in missing_quantities(_PAIR.sub("他们", zh), [years, hours])]
    added = missing_quantities(years, [zh]) if missing_quantities(hours, [zh]) else []
    flags += [f"figure added: {f}" for f in added if not (_is_spelled(f, zh) or _is_in_name(f, en, zh))]
    flags += _check_ordinals(zh, en) + _check_days(zh, en) + _check_times(zh, en) + _check_bounds(zh, en)
    flags += _check_names(zh, en) + _check_terms(zh, en)
    chinese: Sequence[str] = CHINESE.findall(en)
    flags += [f"{LEFT}: {'、'.join(dict.fromkeys(chinese))}"] if chinese else []
    if not en:
        flags.append("nothing was written")
    elif not 0.8 <= len(en) / max(len(zh), 1) <= 9:
        flags.append("length is out of proportion")
    return flags


def _check_ordinals(zh: str, en: str) -> list[str]:
    """Plans and sessions by their number: “十四五” came out as the 15th Five-Year Plan."""
    said = {q.value for q in find_quantities(en)}
    flags = [
        f"figure missing: {plan[0]}"
        for plan in PLAN.finditer(zh)
        if not re.search(rf"\b{10 + SMALL[plan['number']]}th\b", en)
    ]
    there = find_quantities(zh)
    counted = [q for q in there if q.kind == "ordinal" and q.value > 1]
    flags += [f"figure missing: {zh[q.start : q.end]}" for q in counted if q.value not in said]
    # 与3名干部 came out as the 3rd officials.
    ranked = {q.value: en[q.start : q.end] for q in find_quantities(en) if q.kind == "ordinal"}
    ages = re.findall(r"\b(\d+)-year-old", en)  # 1小时前 came out as a 1-year-old
    flags += [f"figure added: {age}-year-old" for age in ages if not re.search(f"{age} ?(?:周?岁|多岁|年)", zh)]
    things = {q.value for q in there if q.unit in _THINGS} - {q.value for q in there if q.unit not in _THINGS}
    return flags + [f"figure added: {written}" for value, written in ranked.items() if value in things]


def _check_times(zh: str, en: str) -> list[str]:
    """Times of day whose hour and minute went apart: 6日4时30分 came out as 6:30 on the 4th."""
    told = {(int(h) % 12, int(m)) for h, m in re.findall(r"(\d{1,2})[:.](\d{2})", en)}
    times = re.finditer(r"(?<!\d)(?P<hour>\d{1,2}) ?[时点](?P<minute>\d{1,2})分", zh)
    return [f"figure missing: {t[0]}" for t in times if told and (int(t["hour"]) % 12, int(t["minute"])) not in told]


def _check_days(zh: str, en: str) -> list[str]:
    """Months and days of the week that the Chinese does not have: (4日) came out as Thursday, April 4th."""
    months = {MONTHS.index(name) + 1: name for name in _MONTH_EN.findall(en)}
    zh = unicodedata.normalize("NFKC", zh)
    told = {int(n) for n in re.findall(r"(?<!\d)(?:19|20)\d\d[-/.](\d{1,2})", zh)}
    told |= {int(n) if n.isdigit() else _MONTHS_ZH.index(n) + 1 for n in re.findall(_MONTH_ZH, zh)}
    flags = [f"figure added: {name}" for n, name in months.items() if n not in told]
    if (day := _WEEKDAY.search(en)) and not re.search("周[一二三四五六日天末]|星期|礼拜", zh):
        flags.append(f"figure added: {day[0]}")
    return flags


def _hour(clock: re.Match[str]) -> str:
    """A time of day as Chinese pages have it, on 24 hours: 5:00 PM is 17:00, and :00 is not said."""
    hour = int(clock["hour"]) % 12 + (12 if clock["half"].lower() == "p" else 0)
    return f"{hour} o'clock" if clock["minute"] in (None, "00") else f"{hour}:{clock['minute']}"


def _is_spelled(figure: str, zh: str) -> bool:
    """Whether an English number word stands for a numeral that is part of a Chinese word: four-note, of 四音符."""
    found = find_quantities(figure)
    return figure.isalpha() and any(_SPELLED_ZH.get(char) == found[0].value for char in zh) if found else False


def _is_in_name(figure: str, en: str, zh: str) -> bool:
    """Whether a figure is there only as the Chinese has it, behind the same Latin word: Galaxy Watch 6."""
    there = re.findall(rf"[A-Za-z]+[ -]?(?={re.escape(figure)}(?!\d))", en)
    written = zh.lower().replace(" ", "")
    return bool(there) and all(f"{word.rstrip(' ')}{figure}".lower() in written for word in there)


def _check_bounds(zh: str, en: str) -> list[str]:
    """Where the English says at least, or more than, and the Chinese does not, or the other way round."""
    flags = []
    for written, rendered in describe_en(zh):
        wanted = next((bound for bound in _BOUNDS if rendered.startswith(bound)), "")
        figure = rendered.removeprefix(wanted).strip()
        found = re.search(rf"(?P<before>.{{0,24}}?){re.escape(figure)}(?P<after> or more)?(?![\d,.]*\d)", en)
        if not found:
            continue
        said = next(
            (b for b, p in _BOUNDS.items() if re.search(rf"\b(?:{p})\s*(?:RMB\s*)?$", found["before"], re.I)), ""
        )
        said = "at least" if found["after"] else said
        in_range = _RANGE.search(zh, max(zh.find(written) - 2, 0), zh.find(written) + len(written) + 2)
        if in_range and {said, wanted} <= {"", "about"}:
            continue  # about 30 to 33: the word stands beside one end and is of both
        if said != wanted and not {said, wanted} <= {"at least", "more than"}:
            flags.append(f"bound differs: {written} as {' '.join([said, figure]).strip()}")
    return flags


def _check_terms(zh: str, en: str) -> list[str]:
    """Official terms whose English is neither the glossary's nor one of its variants.

    Terms of two or three characters are mostly words (企业, 孵化器) that may well be rendered otherwise; the user's own
    always count.
    """
    stems = {_stem(word) for word in _WORD.findall(en.lower())}
    added = ["term added: Five-Year Plan"] if "Five-Year Plan" in en and not _FIVE_YEARS.search(zh) else []
    return added + [
        f"term differs: {t.zh} is {t.en}"
        for t in official_terms(zh)
        if not any(_is_said(form, stems) for form in t.en_forms) or not _names_of(t) <= stems
    ]


def _names_of(term: Term) -> set[str]:
    """Stems of the words of a term's English that are its Chinese by sound: Zhongkai, of 仲恺高新区."""
    sound = "".join(lazy_pinyin(term.zh))
    return {_stem(w.lower()) for w in _CAPITALISED.findall(term.en) if len(w) >= _SOUNDING and w.lower() in sound}


def official_terms(zh: str) -> list[Term]:
    """The terms of a sentence whose English is not free."""
    return [t for t in find_terms(zh) if t.source == "user" or any(len(f) >= _OFFICIAL and f in zh for f in t.zh_forms)]


def _is_said(form: str, stems: set[str]) -> bool:
    """Whether most words of an English term are there: total number of high-tech enterprises as 3,000 of them."""
    wanted = _stems(form)
    return len(wanted & stems) >= _MOST * len(wanted)


def _stems(form: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(form.split(" (")[0].lower()) if word not in _SMALL_WORDS}


def _stem(word: str) -> str:
    """Cuts endings off, so that plurals and both spellings meet: commercialisation, commercialized."""
    return word[:_STEM].replace("z", "s")


def _check_names(zh: str, en: str) -> list[str]:
    """Cities that came out as others, and speakers that the Chinese does not have."""
    there = cities_of(zh)
    flags = [f"name missing: {city}" for city in there if english_name(city).lower() not in en.lower()]
    rest = en
    for form in (form for term in find_terms(zh) for form in term.en_forms):  # 暨南大学 is Jinan University
        rest = re.sub(rf"\b{re.escape(form)}\b", " ", rest)
    flags += [
        f"name added: {english_name(c)}"
        for c in find_cities(rest)
        if english_name(c) not in map(english_name, find_cities(zh)) and not re.search(_SHORT_NAMES.get(c, "$^"), zh)
    ]
    if _SAYING_EN.search(en) and not _SAYING_ZH.search(zh):
        flags.append("a speaker was added")
    return flags
