"""What can be measured of a claim and the Chinese text that is to bear it; pure, given an encoder.

Each signal is a number that grows with one way of not being borne, or, for cosines, with being borne.
None of them decides: ``eval.support`` weighs them as hand labels have it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import rjieba
from pypinyin import lazy_pinyin
from wordfreq import zipf_frequency

from eval.figure_signals import Encode, chunk_spans, figure_signals, han_pairs
from lang.cities import find_cities
from lang.glossary import put_into_chinese, terms
from lang.people import find_people
from lang.quantities import find_quantities
from lang.script import detect_language, is_han, to_simplified
from lang.sentences import split_sentences

_PLAN = re.compile(
    r"力争|目标|计划|将|拟|(?<![主需])要(?!求|素|点|闻)|希望|争取|预计|有望|提出|想|须|应当|准备|会[把将联让对]|不得|谋划|原定"
    r"|\b(?:aim|target|plan|will|should|want|hope|expect|would|must|intend|seek|goal|wish|due)(?:s|n?ed|n?ing)?\b"
    r"|\b(?:is|are) to\b|\bto be\b|\bby 20\d\d\b", re.I,
)  # fmt: skip
_DONE = re.compile(
    r"了(?!解)|已|共有|完成|仍|至今"
    r"|\b(?:has|have|had|was|were|did|rose|came|won|led|took|fell|cost|made|[a-z]+ed)\b", re.I,
)  # fmt: skip
_NOT = re.compile(
    r"没有|没能|未|无|不(?!少于|低于|超过|足|到|得|断|同|仅|但|可|满)|并非"
    r"|\bnot?\b(?! (?:more|less|fewer))|n't\b|\bwithout\b|\bnever\b|\bmissed\b|\bshort of\b", re.I,
)  # fmt: skip
_ALL = re.compile(r"所有|全部|各项|任何|均|都(?!市)|全国|\b(?:all|every|each|any|entire|whole|only)\b", re.I)
_ALL_THERE = re.compile(r"所有|全部|全都?|各|均|都|每|任何|逐|只")
_LEVELS = {
    "国家级": r"国家|全国|国际|\bnational\b",
    "省级": r"省|\bprovincial\b",
    "市级": r"市级|\bmunicipal\b",
    "县级": r"县|\bcounty\b",
}
# Short, for a long word can be cut into syllables in very many ways.
_WORD = r"[A-Z][a-z]{1,11}(?:[-'’][a-z]{1,6})?"
_CAPITALISED = re.compile(rf"\b{_WORD}\b(?: {_WORD}\b)*")
_UP = re.compile(
    r"上调|提高|增长|增加|增至|扩大|升|高于|超过|多\d"
    r"|\b(?:rais(?:e|es|ed|ing)|ris(?:es|en|ing)|rose|increas\w+|grow\w*|grew|above|higher|more than)\b"
    r"|\bup (?:by )?\d", re.I,
)  # fmt: skip
_DOWN = re.compile(
    r"下调|降低|降至|降到|减少|下降|(?<!不)(?<!得)低于"
    r"|\b(?:cut|cuts|reduc\w+|lower\w*|fell|fall\w*|below|decreas\w+)\b|\bdown (?:by )?\d", re.I,
)  # fmt: skip
_ORDINARY = 4.0  # zipf frequency from which an English word is no Chinese name: about 10 in a million


def signals(claim: str, quotes: Sequence[str], context: str, encode: Encode) -> dict[str, float]:
    """The signals of one claim, by name.

    Args:
        claim: a sentence in Chinese or English, without markers.
        quotes: what it cites, in Chinese.
        context: what else stands with the quotes: title, city, date.
        encode: an encoder's passages.
    """
    claim, quote, context = (to_simplified(text) for text in (claim, "\n".join(quotes), context))
    english = detect_language(claim) == "en"
    same_claim, same_quote, same_context = map(_standard, (claim, quote, context))
    near, before = _nearest(claim, quote, encode)
    sentences = [same_quote[a:b] for a, b in split_sentences(same_quote)]
    return {
        **figure_signals(same_claim, same_quote, same_context, english, encode),
        **_polarity(claim, near, before, quote),
        **_names(claim, quote, context),
        **_wording(same_claim, f"{same_quote}\n{same_context}", english),
        **_likeness(float((encode(sentences) @ encode([same_claim])[0]).max()), english),
    }


def _nearest(claim: str, quote: str, encode: Encode) -> tuple[str, str]:
    """The chunk of the quote that is most like the claim, and its sentence up to the chunk's end.

    What a sentence plans it says before the figures that it plans, so what follows them says nothing of them.
    """
    spans = chunk_spans(quote)
    alike = encode([quote[a:b] for a, b in spans]) @ encode([claim])[0]
    values = {q.value for q in find_quantities(claim) if q.kind != "ordinal" and q.unit != "年"}
    shared = [len(values & {q.value for q in find_quantities(quote[a:b])}) for a, b in spans]
    start, end = spans[max(range(len(spans)), key=lambda i: (shared[i], alike[i]))]
    sentence = next((a for a, b in split_sentences(quote) if a <= start < b), 0)
    return quote[start:end], quote[sentence:end]


def _polarity(claim: str, near: str, before: str, quote: str) -> dict[str, float]:
    """Planned against done, said against denied, some against all, up against down, one level against another."""
    levels = [name for name, pattern in _LEVELS.items() if re.search(pattern, claim, re.I)]
    other_level = any(re.search(_LEVELS[name], near) for name in _LEVELS if name not in levels)
    down, up = bool(_DOWN.search(claim)), bool(_UP.search(claim))
    return {
        "done_for_plan": float(bool(_PLAN.search(before) and not _PLAN.search(claim) and _DONE.search(claim))),
        "plan_for_done": float(bool(_PLAN.search(claim) and not _PLAN.search(quote))),
        "denial": float(bool(_NOT.search(claim)) and not _NOT.search(quote)),
        "all": float(bool(_ALL.search(claim) and not _ALL_THERE.search(quote))),
        "direction": float(
            (down and not up and not _DOWN.search(quote)) or (up and not down and not _UP.search(quote))
        ),
        "level": float(other_level and any(not re.search(_LEVELS[name], near) for name in levels)),
    }


def _names(claim: str, quote: str, context: str) -> dict[str, float]:
    there = f"{context}\n{quote}"
    cities = set(find_cities(claim)) - set(find_cities(there))
    missing = [name for name in find_people(claim) if name not in there]
    spelled = "".join(lazy_pinyin(there)).lower()
    missing += [name for name in _romanised(claim) if name not in spelled]
    return {"name_missing": float(bool(cities or missing))}


def _romanised(claim: str) -> list[str]:
    """Names in pinyin, run together: jinan, fangjinwang; words that English has itself are none."""
    runs = [m[0] for m in _CAPITALISED.finditer(claim)]
    names = []
    for run in runs:
        words = [re.sub(r"[-'’]", "", word).lower() for word in run.split()]
        while words and not _syllables().fullmatch(words[-1]):
            words.pop()
        while words and not _syllables().fullmatch(words[0]):
            words.pop(0)
        if (
            words
            and all(map(_syllables().fullmatch, words))
            and any(zipf_frequency(w, "en") < _ORDINARY for w in words)
        ):
            names.append("".join(words))
    return names


@lru_cache(maxsize=1)
def _syllables() -> re.Pattern[str]:
    known = {lazy_pinyin(chr(c))[0] for c in range(0x4E00, 0x9FA6)}
    syllables = sorted((s for s in known if s.isascii() and s.isalpha()), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(syllables)})+")


def _likeness(cosine: float, english: bool) -> dict[str, float]:
    """The cosine to the likest sentence, 0 where it is middling for the language: Chinese lies nearer to Chinese."""
    return {
        "cosine_zh": 0.0 if english else (cosine - 0.93) * 20,
        "cosine_en": (cosine - 0.83) * 20 if english else 0.0,
        "english": float(english),
    }


def _wording(claim: str, there: str, english: bool) -> dict[str, float]:
    """How much of a Chinese claim's wording does not stand there; English has no such measure, and gets 0."""
    if english:
        return {"foreign_words": 0.0, "longest_foreign": 0.0}
    borne = han_pairs(there)
    words = [w for w in rjieba.cut(claim) if len(w) > 1 and all(map(is_han, w))]
    foreign = [w for w in words if not han_pairs(w) & borne]
    return {
        "foreign_words": min(1.0, len(foreign) / 4),
        "longest_foreign": min(1.0, _longest_foreign(claim, borne) / 10),
    }


def _longest_foreign(claim: str, borne: set[str]) -> int:
    """The length of the longest run of Chinese characters none of which is in a pair that stands there.

    One alone, such as the 家 of 28家, is in no pair of the claim's either, and does not count.
    """
    known = [False] * len(claim)
    for i in range(len(claim) - 1):
        if claim[i : i + 2] in borne:
            known[i] = known[i + 1] = True
    runs = "".join(" " if k or not is_han(c) else "x" for c, k in zip(claim, known, strict=True)).split()
    return max((len(run) for run in runs if len(run) > 1), default=0)


def _standard(text: str) -> str:
    """The text with the glossary's terms by their first Chinese name: 高企 and high-tech enterprises are one."""
    return put_into_chinese(_zh_forms().sub(lambda m: _standard_of()[m[0]], text))


@lru_cache(maxsize=1)
def _zh_forms() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_standard_of(), key=len, reverse=True))))


@lru_cache(maxsize=1)
def _standard_of() -> dict[str, str]:
    return {form: term.zh for term in reversed(terms()) for form in term.zh_forms if len(form) > 1}
