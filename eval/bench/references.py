"""Whether an answer says what a reference says, as the extractive public sets are scored. Pure functions.

Tokens are those of CMRC 2018's scorer (Cui et al., "A Span-Extraction Dataset for Chinese Machine Reading
Comprehension", EMNLP 2019): a Chinese character each, and whole words and numbers of other scripts. F1 is SQuAD's over
bags of tokens (Rajpurkar et al., EMNLP 2016); theirs, over the longest common run, is unkind to a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from lang.quantities import find_quantities, missing_quantities
from lang.script import HAN, to_simplified

ENOUGH_F1 = 0.7
_TOKEN = re.compile(rf"\d+(?:\.\d+)?|[{HAN}]|[^\W\d_{HAN}]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<![su])s$")  # of committees; not of gas, class, campus
_ARTICLES = frozenset(("a", "an", "the"))
# A reference is a figure where no more than a unit stands beside it: 308个, 约1.2亿美元.
_BESIDE = 2


def tokens(text: str) -> list[str]:
    """What two texts are compared by; script, width, case, punctuation, English articles and plurals do not count.

    >>> tokens("約 1,200 ㎡，由the Broncos")
    ['约', '1200', 'm', '2', '由', 'bronco']
    """
    plain = _THOUSANDS.sub("", unicodedata.normalize("NFKC", to_simplified(text)).lower())
    return [_PLURAL.sub("", t) for t in _TOKEN.findall(plain) if t not in _ARTICLES]


def holds(text: str, references: Iterable[str]) -> bool:
    """Whether the text has one of the references in it, token by token: 12 is not in 1200.

    >>> holds("新建果园1200亩。", ["1200亩"]), holds("新建果园1200亩。", ["12"])
    (True, False)
    """
    words = f" {' '.join(tokens(text))} "
    return any(found and f" {' '.join(found)} " in words for found in map(tokens, references))


def f1(text: str, references: Iterable[str]) -> float:
    """The best F1, 0 to 1, of the text with any of the references."""
    return max((_f1(tokens(text), tokens(reference)) for reference in references), default=0.0)


def is_right(text: str, references: Sequence[str], figures: Sequence[str] = ()) -> bool:
    """Whether a reference is in the text, or F1 with one is .7 or more.

    Args:
        text: of an answer, without markers.
        references: in the answer's language.
        figures: references in another language; one that is a figure counts where the text states its value.
    """
    return holds(text, references) or f1(text, references) >= ENOUGH_F1 or any(_states(text, f) for f in figures)


def _f1(said: list[str], wanted: list[str]) -> float:
    common = sum((Counter(said) & Counter(wanted)).values())
    return 2 * common / (len(said) + len(wanted)) if common else 0.0


def _states(text: str, reference: str) -> bool:
    rest = list(reference)
    for q in find_quantities(reference):
        rest[q.start : q.end] = " " * (q.end - q.start)
    claims = missing_quantities(reference, [])
    return bool(claims) and len(tokens("".join(rest))) <= _BESIDE and not missing_quantities(reference, [text])
