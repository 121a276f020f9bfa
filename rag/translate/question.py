"""An English question put into Chinese, for the search and the model that answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lang.cities import english_name
from lang.glossary import put_into_chinese
from lang.script import count_han, to_simplified
from rag.llm import ChatModel, complete
from rag.prompts import EXAMPLE_WORDS, query_prompt

_LEFT_OVER = re.compile(r"\s*(?<![A-Za-z-])[a-z]{3,}(?![A-Za-z-])\s*")
_MAX_QUESTION_TOKENS = 60


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
    handed = [*cities, *(chinese for chinese in (names or {}).values() if chinese in named)]
    made = [_one_line(complete(model, query_prompt(named), _MAX_QUESTION_TOKENS))]
    if _lost(made[0], handed):  # 肯尼亚 came out as 肯雅, or the examples' places got into it
        made.append(_one_line(complete(model, query_prompt(named, examples=False), _MAX_QUESTION_TOKENS)))
    zh = min(made, key=lambda text: _lost(text, handed))
    kept = all(city in zh for city in cities)
    return zh if kept and count_han(zh) >= 4 and len(zh) <= 2 * len(question) else ""


def _lost(zh: str, handed: Sequence[str]) -> int:
    """How many words that were handed over a translation lost, or took from the examples."""
    return sum(word not in zh for word in handed) + sum(word in zh for word in EXAMPLE_WORDS)


def _one_line(text: str) -> str:
    """The first line, without the English words that the model left where it knew no Chinese for them."""
    line = to_simplified(text.split("\n")[0].strip())
    return _LEFT_OVER.sub("", line) if count_han(line) > len(line) / 2 else line
