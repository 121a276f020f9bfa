"""Chinese to English, sentence by sentence; figures are rendered beforehand and checked afterwards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

from lang.cities import city_spans, english_name, find_cities, is_word
from lang.glossary import Term, find_terms, put_into_chinese
from lang.people import SURNAMES, find_people, is_name, romanize
from lang.quantities import describe_en, find_quantities, missing_quantities
from lang.script import HAN, count_han, to_simplified
from lang.sentences import split_sentences
from library.records import TranslatedSentence
from rag.hostile import harmless
from rag.llm import ChatModel, complete, in_latin_script
from rag.prompts import EXAMPLE_WORDS, Message, plain_translation_prompt, query_prompt, translation_prompt

_LEFT = "left in Chinese"
_LEFT_OVER = re.compile(r"\s*(?<![A-Za-z-])[a-z]{3,}(?![A-Za-z-])\s*")
_CAPITALISED = re.compile(r"\b[A-Z][a-z]+\b")
_SPELLED = 0.85  # of difflib's ratio
_CHINESE = re.compile(f"[{HAN}]+")
# 二是 before an item came out as "Two is" and "Two actions".
_ITEM_NUMBER = re.compile(r"^[一二三四五六七八九十]{1,2}[是要](?!不|否)")
_SAYING_ZH = re.compile(
    r"据|按|依照|获悉|报道|显示|宣布|曝|发布|说|表示|指出|强调|介绍|认为|坦言|提出|要求|透露|告诉|称|谈|讲|答|问"
)
_SAYING_EN = re.compile(r"\b(?:said|says|stated|emphasi[sz]ed|stressed|pointed out|according to)\b", re.IGNORECASE)
_BOUNDS = {
    "more than": r"more than|over|exceed\w*|above|surpass\w*|in excess of",
    "at least": r"at least|no (?:less|fewer) than|not less than|minimum of",
    "at most": r"at most|no more than|up to|maximum of",
    "nearly": r"nearly|almost|close to",
    "about": r"about|around|approximately|roughly",
}
# 张某某: the rest of the name is withheld.
_WITHHELD = re.compile(
    rf"(?<![{HAN}]某)(?P<surname>[{SURNAMES}])(?P<some>某{{1,2}})(?![些种个天日年月人物地市县区省镇村公单位项])"
)
_DECADE = re.compile(
    r"(?:(?P<century>\d\d|十八|十九|二十|二十一)世纪|(?P<last>上个?世纪))(?P<decade>[一二三四五六七八九]十|\d0)年代"
)
_CLOCK = re.compile(r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s?(?P<half>[ap])\.?m\b\.?", re.I)
_FULL_HOUR = re.compile(r"(?<![\d:])(?P<hour>\d{1,2}):00\b(?!:|\s?[ap]\.?m)", re.I)  # 22时
_CENTURIES = {"十八": 18, "十九": 19, "二十": 20, "二十一": 21}
_DECADES_EN = {"two": 20, "three": 30, "four": 40, "five": 50}
_WORD = re.compile(r"[a-z&]+")
_SMALL_WORDS = frozenset("a an and at by for from in of on the to with".split())
_STEM = 6  # letters
_MOST = 0.6
_OFFICIAL = 4  # characters of a term that is hardly an everyday word
_COMMA = re.compile("[，,；;](?![^（(]*[)）])")
_HALF = 14  # characters
_PLAN = re.compile('[“"]?十(?P<number>[一二三四五六])五(?![岁户年万亿])[”"]?(?:规划|计划)?')
_PAIR = re.compile("(?<!第)(?:两|二)(?:人|者)")  # they, in English
_PAIRED = re.compile("双(?!方|人|倍)")  # double, of which no figure is parsed
_MONTHS_EN = "January February March April May June July August September October November December".split()
_MONTH_EN = re.compile(
    rf"\b({'|'.join(m for m in _MONTHS_EN if m != 'May')}|(?:(?<=[Ii]n )|(?<=\d )|(?<=of ))May|May(?= \d))\b"
)
_MONTHS_ZH = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_MONTH_ZH = "(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]) ?(?:月|[-—~、至到和或](?=(?:1[0-2]|[1-9])月))"
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_ADDED_YEAR = re.compile(r"figure added: (?:19|20)\d\d$")
_YEAR_AFTER_DAY = re.compile(rf"\b((?:{'|'.join(_MONTHS_EN)}) \d{{1,2}}(?:st|nd|rd|th)?),? (?:19|20)\d\d\b,?")
_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年)?(?P<month>1[0-2]|0?[1-9]) ?月(?:份|(?P<day>3[01]|[12]\d|0?[1-9]) ?[日号])(?!楼|线)"
    r"|(?<![\d月.])(?P<alone>3[01]|[12]\d|[1-9])日(?![本报元均常])"
)
_SPELLED_ZH = dict(zip("一二三四五六七八九十两双", (*range(1, 11), 2, 2), strict=True))
_THINGS = frozenset("名 人 家 项 元 户 所 台 件 套".split())
_RANGE = re.compile("[-–—~～至到]")
_SMALL = dict(zip("一二三四五六七八九十两", (*range(1, 11), 2), strict=True))
_ALSO_WORDS = frozenset("白银 中卫 东方 大同 安康 三明 开封 巴中 海东 双鸭山".split())
# 粤港澳, 广深, 京津冀
_SHORT_NAMES = {
    "香港": "港", "澳门": "澳", "深圳": "深", "广州": "广", "珠海": "珠", "武汉": "汉", "北京": "(?<![南东])京",
    "天津": "津", "上海": "沪", "重庆": "渝",
}  # fmt: skip
_MOST_HINTS = 7
_MISSING = re.compile("(?:figure|name) missing: (.+)")
_MAX_TOKENS = 220
_MAX_QUESTION_TOKENS = 60
_MAX_PHRASE_TOKENS = 24
_LONGEST_ALONE = 20  # letters for each character
_MOST_LEFT = 6  # phrases left in Chinese that are worth translating by themselves
_NOT_CITY = "场|民|区|长"  # 市 that belongs to the word after it
Progress = Callable[[int, int], None]


def translate_text(text: str, model: ChatModel, progress: Progress | None = None) -> list[TranslatedSentence]:
    """Every sentence of a Chinese text with its English, in order; ``progress`` gets done and total."""
    sentences = [text[a:b] for a, b in split_sentences(text)]
    translated = []
    for n, sentence in enumerate(sentences, 1):
        translated.append(translate_sentence(sentence, model))
        if progress:
            progress(n, len(sentences))
    return translated


def translate_sentence(zh: str, model: ChatModel, names: Mapping[str, str] | None = None) -> TranslatedSentence:
    """One sentence; where the checks find something it is tried again: plainly told, held to the Latin script, in two
    halves. The best counts.

    Args:
        zh: in Chinese.
        model: translates.
        names: of people and places, with their English, besides those that the sentence tells for such itself.
    """
    made = [_with_terms(zh, model, names or {})]
    lost_term = any(flag.startswith("term") for flag in made[0].flags)
    for attempt in (_terms_in_place if lost_term else _plainly, _without_chinese, _reminded, _in_halves):
        best = min(made, key=_faults)
        if best.flags and (translated := attempt(zh, model, names or {}, best)):
            made.append(translated)
    return min(made, key=_faults)


def _faults(translated: TranslatedSentence) -> tuple[bool, int]:
    return translated.numbers == "mismatch", len(translated.flags)


def translate_question(
    question: str, model: ChatModel, cities: Sequence[str], names: Mapping[str, str] | None = None
) -> str:
    """An English question in Chinese, for the search; an empty string where the result can't be trusted.

    Cities, names and terms are put in beforehand, for a small model guesses at them (Yunchuan: 玉川; high-tech
    enterprise: 高科技企业, which no notice says).

    Args:
        question: in English.
        model: translates.
        cities: in Chinese, that the question names; a translation that loses one is not used.
        names: English names with their Chinese, see ``pinyin_names``.
    """
    named = put_into_chinese(question)
    for city in cities:
        named = re.sub(rf"\b{re.escape(english_name(city))}\b", city, named, flags=re.IGNORECASE)
    for name, chinese in (names or {}).items():
        named = re.sub(rf"\b{re.escape(name)}\b", chinese, named)
    zh = _one_line(complete(model, query_prompt(named), _MAX_QUESTION_TOKENS))
    if any(word in zh for word in EXAMPLE_WORDS):  # the examples' places got into it
        zh = _one_line(complete(model, query_prompt(named, examples=False), _MAX_QUESTION_TOKENS))
    kept = all(city in zh for city in cities)
    return zh if kept and count_han(zh) >= 4 and len(zh) <= 2 * len(question) else ""


def _one_line(text: str) -> str:
    """The first line, without the English words that the model left where it knew no Chinese for them."""
    line = to_simplified(text.split("\n")[0].strip())
    return _LEFT_OVER.sub("", line) if count_han(line) > len(line) / 2 else line


def _with_terms(zh: str, model: ChatModel, names: Mapping[str, str]) -> TranslatedSentence:
    folded = _folded(zh)
    hints = [hint for hint in renderings(folded) if hint[0] not in names]
    return _checked(zh, _ask(translation_prompt(_rendered(folded, names), hints), folded, model), names, model)


def _terms_in_place(
    zh: str, model: ChatModel, names: Mapping[str, str], _best: TranslatedSentence
) -> TranslatedSentence | None:
    """With the English of its terms where they stand: they are copied then, less smoothly than from beside it."""
    folded = _folded(zh)
    for term in _official_terms(folded):
        for form in sorted(term.zh_forms, key=len, reverse=True):
            folded = folded.replace(form, f" {term.en} ")
    return _checked(zh, _ask(translation_prompt(_rendered(folded, names), []), folded, model), names, model)


def _without_chinese(
    zh: str, model: ChatModel, names: Mapping[str, str], best: TranslatedSentence
) -> TranslatedSentence | None:
    """Where Chinese was left: plainly told, to a model that can write none. None where the model can't be held so."""
    latin = in_latin_script(model)
    if latin is None or not any(flag.startswith(_LEFT) for flag in best.flags):
        return None
    return _plainly(zh, latin, names, best)


def _reminded(
    zh: str, model: ChatModel, names: Mapping[str, str], best: TranslatedSentence
) -> TranslatedSentence | None:
    """Where something was left out: as it stands, with the English of what was left out before that of the terms."""
    missing = [m[1] for flag in best.flags if (m := _MISSING.match(flag))]
    if not missing:
        return None
    folded = _folded(zh)
    hints = [(word, _rendering_of(word)) for word in dict.fromkeys(missing)]
    hints += [hint for hint in renderings(folded) if hint[0] not in missing]
    model = in_latin_script(model) or model
    return _checked(
        zh, _ask(translation_prompt(_named(folded, names), hints[:_MOST_HINTS]), folded, model), names, model
    )


def _rendering_of(missing: str) -> str:
    """A figure or city that was left out, in English.

    >>> [_rendering_of(word) for word in ("2022年", "8月", "二十二届", "超百家", "武汉")]
    ['2022', 'August', '22nd', 'more than 100', 'Wuhan']
    """
    rendered, found = " ".join(_rendered(missing, {}).split()), find_quantities(missing)
    if not found:
        return english_name(missing)
    value, unit = found[0].value, found[0].unit
    if unit == "月" and found[0].kind == "date" and 1 <= value <= 12:
        return _MONTHS_EN[int(value) - 1]
    if found[0].kind == "ordinal" or unit == "届":
        return _ordinal(int(value))
    return f"{value.normalize():f}" if count_han(rendered) else rendered


def _plainly(
    zh: str, model: ChatModel, names: Mapping[str, str], _best: TranslatedSentence
) -> TranslatedSentence | None:
    """Without examples or terms: a sentence full of Latin names is copied as it stands where there are examples."""
    folded = _folded(zh)
    return _checked(zh, _ask(plain_translation_prompt(_rendered(folded, names)), folded, model), names, model)


def _in_halves(
    zh: str, model: ChatModel, names: Mapping[str, str], _best: TranslatedSentence
) -> TranslatedSentence | None:
    """A long sentence parted at the comma nearest its middle: fewer figures are lost in shorter ones."""
    folded = _folded(zh)
    cuts = [m.end() for m in _COMMA.finditer(folded) if _HALF <= m.end() <= len(folded) - _HALF]
    if not cuts:
        return None
    middle = min(cuts, key=lambda at: abs(at - len(folded) / 2))
    first, second = (
        _ask(translation_prompt(_rendered(half, names), renderings(half)), half, model)
        for half in (folded[:middle].rstrip("，,；;"), folded[middle:])
    )
    second = second if second[:2].isupper() or not second[:1].isupper() else second[:1].lower() + second[1:]
    return _checked(zh, f"{first.rstrip('.')}; {second}", names, model)


def _folded(zh: str) -> str:
    plain = _DECADE.sub(_decade, _ITEM_NUMBER.sub("", harmless(to_simplified(zh), len(zh))))
    return _WITHHELD.sub(lambda m: f" {romanize(m['surname'])} {'Moumou' if len(m['some']) > 1 else 'Mou'} ", plain)


def _ask(prompt: list[Message], zh: str, model: ChatModel) -> str:
    # A sentence of 200 characters was cut off in its middle.
    return complete(model, prompt, max(_MAX_TOKENS, 2 * len(zh)))


def _checked(zh: str, en: str, names: Mapping[str, str], model: ChatModel) -> TranslatedSentence:
    folded = _folded(zh)
    en = _spelled(_finished(en, model), [english for zh_name, english in names.items() if zh_name in folded])
    flags = check_translation(folded, en)
    if any(_ADDED_YEAR.match(flag) for flag in flags):  # 8月7日 came out with a year
        shorter = _YEAR_AFTER_DAY.sub(r"\1", en)
        en, flags = min((en, flags), (shorter, check_translation(folded, shorter)), key=lambda made: len(made[1]))
    wrong = any(flag.startswith(("figure", "bound")) for flag in flags)
    return TranslatedSentence(zh, en, "mismatch" if wrong else "ok", tuple(flags))


def _rendered(zh: str, names: Mapping[str, str]) -> str:
    """Plans, dates, figures and names in English, in place."""
    zh = _PLAN.sub(lambda m: f" the {10 + _SMALL[m['number']]}th Five-Year Plan ", zh)
    parts, at = [], 0
    for date in _DATE.finditer(zh):
        parts += [render_figures(zh[at : date.start()]), f" {_date_en(date)} "]
        at = date.end()
    return _named("".join([*parts, render_figures(zh[at:])]), names)


def _date_en(date: re.Match[str]) -> str:
    """A date as prose has it: 3 August 2023, August 2023, the 15th."""
    if date["alone"]:
        return f"the {_ordinal(int(date['alone']))}"
    month = _MONTHS_EN[int(date["month"]) - 1]
    return " ".join(filter(None, [date["day"], month, date["year"]]))


def _ordinal(n: int) -> str:
    return f"{n}{'th' if 10 < n % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def _named(zh: str, names: Mapping[str, str]) -> str:
    """The sentence with names in English, in place; 市 after a city goes with it."""
    for name in sorted(names, key=len, reverse=True):
        zh = re.sub(rf"{re.escape(name)}市?(?!{_NOT_CITY})", f" {names[name]} ", zh)
    return zh


def _spelled(en: str, names: Sequence[str]) -> str:
    """The translation with names as they were handed over: Suizhou came out as Suzhou, Yunchuan as Yunchuang.

    >>> _spelled("The bureau of Suzhou is in Yunchuang.", ["Suizhou", "Yunchuan"])
    'The bureau of Suizhou is in Yunchuan.'
    """
    words = [w for w in dict.fromkeys(_CAPITALISED.findall(en)) if w not in names]
    for name in names:
        if not re.search(rf"\b{re.escape(name)}\b", en) and (near := get_close_matches(name, words, 1, _SPELLED)):
            en = re.sub(rf"\b{re.escape(near[0])}\b", name, en)
    return en


def _finished(en: str, model: ChatModel) -> str:
    """The translation with what was left in Chinese translated by itself, where that is a word or two."""
    left = list(dict.fromkeys(_CHINESE.findall(en)))
    if not left or len(left) > _MOST_LEFT or count_han(en) > len(en) / 4:
        return en
    latin = in_latin_script(model) or model
    for phrase in left:
        if is_name(phrase):
            en = re.sub(rf" ?{phrase} ?", f" {romanize(phrase)} ", en).strip()
            continue
        alone = _CHINESE.sub("", complete(latin, translation_prompt(phrase, []), _MAX_PHRASE_TOKENS)).strip(" .")
        if alone and len(alone) <= _LONGEST_ALONE * len(phrase):
            word = alone[0].lower() + alone[1:] if not en.startswith(phrase) and " " in alone else alone
            en = re.sub(rf"(?<=[\w])(?={phrase})|(?<={phrase})(?=\w)", " ", en).replace(phrase, word)
    return en


def renderings(zh: str) -> list[tuple[str, str]]:
    """Terms and names of a Chinese sentence with their English, the few that a prompt has room for."""
    terms = [(t.zh, t.en) for t in find_terms(zh) if t.zh in zh]
    names = [(name, romanize(name)) for name in find_people(zh)] + [
        (city, english_name(city)) for city in _cities_of(zh)
    ]
    return [*names, *terms][:_MOST_HINTS]


def render_figures(zh: str) -> str:
    """The Chinese sentence with its figures already in English, in place.

    In place they are copied; given beside the sentence, the 1.5B model still wrote 80亿元 as 80 billion.

    >>> render_figures("登记额达80亿元。")
    '登记额达 RMB 8 billion 。'
    """
    out, at = [], 0
    for written, english in describe_en(zh):
        found = zh.index(written, at)
        out += [zh[at:found], f" {english} "]
        at = found + len(written)
    return "".join([*out, zh[at:]])


def _decade(found: re.Match[str]) -> str:
    """A decade in English: 20世纪70年代 is the 1970s, in whose words no other figure stands."""
    century = 20 if found["last"] else _CENTURIES.get(found["century"]) or int(found["century"])
    tens = _SMALL.get(found["decade"][0]) or int(found["decade"][0])
    return f" the {century - 1}{tens}0s "


def check_translation(zh: str, en: str) -> list[str]:
    """What is wrong with a translation, a few words each; empty where nothing was found.

    >>> check_translation("20世纪70年代建成，沿用近四十年。", "Built in the 1970s, it served for nearly four decades.")
    []
    """
    zh = _DECADE.sub(_decade, zh)
    years = re.sub(r"\b(two|three|four|five) decades\b", lambda m: f"{_DECADES_EN[m[1].lower()]} years", en, flags=re.I)
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
    chinese: Sequence[str] = _CHINESE.findall(en)
    flags += [f"{_LEFT}: {'、'.join(dict.fromkeys(chinese))}"] if chinese else []
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
        for plan in _PLAN.finditer(zh)
        if not re.search(rf"\b{10 + _SMALL[plan['number']]}th\b", en)
    ]
    there = find_quantities(zh)
    counted = [q for q in there if q.kind == "ordinal" and q.value > 1]
    flags += [f"figure missing: {zh[q.start : q.end]}" for q in counted if q.value not in said]
    # 与3名干部 came out as the 3rd officials.
    ranked = {q.value: en[q.start : q.end] for q in find_quantities(en) if q.kind == "ordinal"}
    things = {q.value for q in there if q.unit in _THINGS} - {q.value for q in there if q.unit not in _THINGS}
    return flags + [f"figure added: {written}" for value, written in ranked.items() if value in things]


def _check_times(zh: str, en: str) -> list[str]:
    """Times of day whose hour and minute went apart: 6日4时30分 came out as 6:30 on the 4th."""
    told = {(int(h) % 12, int(m)) for h, m in re.findall(r"(\d{1,2})[:.](\d{2})", en)}
    times = re.finditer(r"(?<!\d)(?P<hour>\d{1,2}) ?[时点](?P<minute>\d{1,2})分", zh)
    return [f"figure missing: {t[0]}" for t in times if told and (int(t["hour"]) % 12, int(t["minute"])) not in told]


def _check_days(zh: str, en: str) -> list[str]:
    """Months and days of the week that the Chinese does not have: (4日) came out as Thursday, April 4th."""
    months = {_MONTHS_EN.index(name) + 1: name for name in _MONTH_EN.findall(en)}
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
    return [
        f"term differs: {t.zh} is {t.en}"
        for t in _official_terms(zh)
        if not any(_is_said(form, stems) for form in t.en_forms)
    ]


def _official_terms(zh: str) -> list[Term]:
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


def _cities_of(zh: str) -> list[str]:
    """The cities that a sentence names by themselves, not within 孙中山 or 北京大学.

    Those whose names are words, too, count where 市 says so: 白银 is silver.
    """
    named = dict.fromkeys(city for start, end, city in city_spans(zh) if is_word(zh, start, end))
    return [city for city in named if city not in _ALSO_WORDS or f"{city}市" in zh]


def _check_names(zh: str, en: str) -> list[str]:
    """Cities that came out as others, and speakers that the Chinese does not have."""
    there = _cities_of(zh)
    flags = [f"name missing: {city}" for city in there if english_name(city).lower() not in en.lower()]
    flags += [
        f"name added: {english_name(c)}"
        for c in find_cities(en)
        if english_name(c) not in map(english_name, find_cities(zh)) and not re.search(_SHORT_NAMES.get(c, "$^"), zh)
    ]
    if _SAYING_EN.search(en) and not _SAYING_ZH.search(zh):
        flags.append("a speaker was added")
    return flags
