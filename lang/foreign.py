"""Foreign names as Chinese writes them: by sound (弗雷斯诺, Fresno), or as CC-CEDICT has them (华沙, Warsaw).

A small model guesses at them, in both directions. What it is handed instead is what pages near a question have; where
none has it, what the dictionary has, if that is one word that means nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import rjieba
from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from lang.dictionary import named_only, proper_names
from lang.words import STOP_WORDS

# The characters that transcribe, of the tables that news agencies use; common words are rarely made of them alone.
_TRANSCRIBING = frozenset(
    "阿埃艾爱安昂奥巴拜班邦包保堡鲍北贝本比彼毕别宾滨波玻伯勃博卜布查柴昌彻楚茨慈次达大戴黛丹道德得邓迪蒂丁东都杜敦顿多俄厄恩尔耳法凡范方菲费芬丰冯佛夫弗福富"
    "盖甘冈高哥戈格葛根贡古瓜圭果哈海罕汉豪赫黑亨洪侯胡华惠霍基吉季济加贾简杰捷金津京久卡凯坎康考柯科可克肯孔库夸奎昆拉腊莱赖兰朗劳勒雷黎里理利立丽莉历列林琳龙隆"
    "卢鲁路吕律伦罗洛马玛迈麦曼芒毛梅门蒙孟米密缅敏明摩莫墨默姆穆拿那纳娜乃奈南内能尼涅宁牛纽农努女诺欧帕派潘庞培佩彭蓬皮平珀普齐奇恰乔切钦琴青琼丘区曲让热仁日荣茹瑞若"
    "撒萨塞赛桑瑟森沙莎山舍申圣施石史士舒朔丝司斯松苏索塔台泰坦汤唐陶特滕提田廷通图屠土托脱瓦万威韦维温文翁沃乌武西希锡喜夏香肖谢辛欣休许逊雅亚延扬尧耶叶伊宜因英尤约赞泽曾扎詹珍真芝治朱兹祖佐"
)
_TRANSCRIBED = re.compile(f"[{''.join(_TRANSCRIBING)}]{{2,}}")
_KIND = re.compile("(?:大道|大|道|山|海|国|堡)$")  # 科尔尼大道 is Kearney Boulevard
_NAME = re.compile(r"\b[A-Z][A-Za-z]*[a-z](?:[ -](?:of |the |de |von |van )?[A-Z][A-Za-z]*[a-z])*|\b[A-Z]{4,}\b")
_LONGEST = 7  # characters of a transcription
_LETTERS = 4  # of a name whose sound can tell it
_ALIKE, _SPELT = 0.75, 0.35  # of a name and its transcription; of the letters of both
_LEAST = 3  # consonants
_COMMON = 4.0  # of wordfreq's scale: Tesla and Fresno are below, seven, doctor and schools above
# One letter for consonants that transcription does not keep apart.
_LATIN = (
    ("tsch|tch|sch|sh|ch", "S"), ("ph", "F"), ("gh(?=t|$)", ""), ("th", "T"), ("ck|kh", "K"), ("wr", "R"), ("kn", "N"),
    ("x", "KS"), ("qu", "KF"), ("[cg](?=[eiy])", "S"), ("[cqkg]", "K"), ("[jsz]", "S"), ("[bp]", "P"), ("[dt]", "T"),
    ("[fvw]", "F"), ("[lr]", "L"), ("m(?![aeiouy])|n", "N"), ("m", "M"), ("h", "H"),
)  # fmt: skip
_PINYIN = (
    ("^zh|^ch|^sh|^[zcs]", "S"), ("^[jqx]", "S"), ("^[gk]", "K"), ("^[bp]", "P"), ("^[dt]", "T"), ("^[fw]", "F"),
    ("^[lr]", "L"), ("^m", "M"), ("^n", "N"), ("^h", "H"), ("^er$", "L"), ("(?<=[a-zü])ng?$", "N"),
)  # fmt: skip


def foreign_names(text: str, sources: Sequence[str]) -> dict[str, str]:
    """Foreign names in an English text with the Chinese that the sources, or else a dictionary surely, have for them.

    Args:
        text: in English.
        sources: Chinese texts that may speak of the same.

    >>> foreign_names("Who founded Fresno in Warsaw?", ["弗雷斯诺市不在华沙。"])
    {'Fresno': '弗雷斯诺', 'Warsaw': '华沙'}
    """
    everything = "\n".join(sources)
    found: dict[str, str] = {}
    for match in _NAME.finditer(text):
        for name in dict.fromkeys((match.group(), *re.split("[ -]", match.group()))):
            if any(name in other for other in found) or name.lower() in STOP_WORDS:
                continue
            known = tuple(zh for zh in proper_names().get(name.lower(), ()) if everything)
            chinese = max((zh for zh in known if zh in everything), key=everything.count, default="")
            only = known[0] if len(known) == 1 and named_only(known[0]) else ""
            if chinese := chinese or _by_sound(name, everything) or only:
                found[name] = chinese
    return found


def english_names(zh: str) -> dict[str, str]:
    """Foreign names in a Chinese text with their English, of those that mean nothing else.

    >>> english_names("华沙位于波兰，平安的一年。")
    {'华沙': 'Warsaw', '波兰': 'Poland'}
    """
    words = (word for word in rjieba.cut(zh) if len(word) > 1 and _TRANSCRIBED.fullmatch(word))
    return {word: known for word in words if (known := named_only(word))}


def _by_sound(name: str, text: str) -> str:
    """The transcription in the text that sounds most like a name; an empty string where none does."""
    from wordfreq import zipf_frequency  # takes .2 s

    if len(name) < _LETTERS or " " in name or zipf_frequency(name, "en") > _COMMON:
        return ""
    scored = Counter({form: _likeness(name.lower(), form) for form in _transcriptions(text)})
    best, score = scored.most_common(1)[0] if scored else ("", 0.0)
    return best if score >= _ALIKE else ""


def _likeness(name: str, form: str) -> float:
    """How alike a name and a transcription sound, from 0 to 1: by consonants, and by all letters."""
    letters = Levenshtein.normalized_similarity(name, "".join(lazy_pinyin(form)))
    # A g before e is read either way: Bingen, Genghis.
    read = {_consonants(name), _consonants(re.sub("g(?=[eiy])", "k", name))}
    if letters < _SPELT or min(map(len, read)) < _LEAST:
        return 0.0
    sounds = _consonants_zh(form)
    return 0.75 * max(Levenshtein.normalized_similarity(r, sounds) for r in read) + 0.25 * float(letters)


@lru_cache(maxsize=64)
def _transcriptions(text: str) -> frozenset[str]:
    """Every whole stretch of characters that transcribe, of two to seven: of a part of one nobody speaks."""
    parts = (form for part in _TRANSCRIBED.findall(text) for form in (part, _KIND.sub("", part)))
    return frozenset(form for form in parts if 1 < len(form) <= _LONGEST)


@lru_cache(maxsize=4_000)
def _consonants(name: str) -> str:
    """The consonants of a Latin name as transcription keeps them: fresno is FLSN.

    >>> _consonants("fresno"), _consonants("washington")
    ('FLSN', 'FSNKTN')
    """
    for pattern, letter in _LATIN:
        name = re.sub(pattern, letter, name)
    kept = re.sub("(?<=.)H|[a-z'-]", "", name)
    return re.sub(r"(.)\1+", r"\1", kept)


@lru_cache(maxsize=20_000)
def _consonants_zh(form: str) -> str:
    sounds = []
    for syllable in lazy_pinyin(form):
        for pattern, letter in _PINYIN:
            syllable = re.sub(pattern, letter, syllable)
        sounds.append(re.sub("[a-zü]", "", syllable))
    return re.sub(r"(.)\1+", r"\1", "".join(sounds))
