"""Bytes to text: UTF-8, GB18030, Big5 and UTF-16, told apart by what the text then looks like."""

from __future__ import annotations

import codecs
import re

from library.errors import PageError

_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{3,20})""", re.I)
_GB_FAMILY = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"}

# The characters that running Chinese text uses most, both scripts. A text read in the wrong encoding is
# made of rare ones: in trial pages the right reading had 15 to 30 % of these, a wrong one under 3 %.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定"
    "行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其"
    "些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建"
    "月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接"
    "科技市企创省局委推"
    "這個國時來們為會發動過說產種後學經進著電裡現實體機當點從業應開還義間樣與關數線質氣變條沒結問無軍書記長員總"
    "式設資邊級圖統術創區務"
    "，。、：“”"
)
_MIN_COMMON = 0.06
_MAX_BROKEN = 0.01


def decode(data: bytes) -> tuple[str, str]:
    """The text of a page and the encoding it was read in. A byte-order mark is not part of the text.

    Raises:
        PageError: it is not text, or its encoding can't be told.
    """
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    try:
        text = data.decode("utf-8")
        if "\0" not in text:
            return text, "utf-8"
    except UnicodeDecodeError:
        pass
    return _best(data)


def _best(data: bytes) -> tuple[str, str]:
    candidates = ["gb18030", "big5", "big5hkscs", "utf-16-le", "utf-16-be"]
    declared = _DECLARED.search(data[:4096])
    if declared:
        name = declared.group(1).decode("ascii").lower()
        candidates.insert(0, "gb18030" if name in _GB_FAMILY else name)
    readings = [(_common_share(t), -i, t, c) for i, c in enumerate(candidates) if (t := _try(data, c)) is not None]
    if readings:
        share, _, text, encoding = max(readings)
        if share >= _MIN_COMMON:
            return text, encoding
    return _mended(data, candidates)


def _mended(data: bytes, candidates: list[str]) -> tuple[str, str]:
    """Some bytes are broken: the encoding in which the fewest are, if those are few."""
    best_text, best_encoding, least = "", "", 1.0
    for encoding in ["utf-8", *candidates]:
        try:
            text = data.decode(encoding, errors="replace")
        except (LookupError, UnicodeError):  # a page may declare codecs that are no charset
            continue
        broken = text.count("\ufffd") / max(len(text), 1)
        if broken < least and _common_share(text) >= _MIN_COMMON and "\0" not in text:
            best_text, best_encoding, least = text, encoding, broken
    if least > _MAX_BROKEN:
        raise PageError("not readable as text in UTF-8, GB18030, Big5 or UTF-16; save it as UTF-8")
    return best_text, best_encoding


def _marked(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return _mended(data, [encoding])


def _try(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    return None if "\0" in text else text


def _common_share(text: str) -> float:
    letters = [c for c in text if c > "\x7f"]
    return sum(c in _COMMON for c in letters) / len(letters) if letters else 0.0
