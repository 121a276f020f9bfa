"""Words for BM25: jieba's segmentation (through rjieba), folded, in lower case, without stop words."""

from __future__ import annotations

import re
import unicodedata

import rjieba

from lang.script import to_simplified

_WORD = re.compile(r"\w[\w%.]*")

# Function words and what every question has; a word here never decides whether a passage fits.
STOP_WORDS = frozenset(
    """
    的 了 和 与 及 或 在 是 有 为 以 等 于 将 要 对 中 上 下 也 都 而 并 从 到 由 向 把
    被 就 不 这 那 其 该 各 什么 哪些 哪个 多少 几 怎么 怎样 如何 谁 是否 吗 呢 请问 请 多少家
    多少项 我们 他们 你 我 它
    a an the of in on at to for and or is are was were be been do does did how many much what which who whom
    when where why by with from as it its that this these those has have had will would can could should there
    their about into than please tell me us say says said
    """.split()
)


def tokenize(text: str) -> list[str]:
    """Search words of the text, in order, repeats kept.

    Long words come with their parts (jieba's search mode). Full-width letters and digits are narrowed,
    traditional characters folded, so both sides of a search meet.

    >>> tokenize("力爭全市高企存量達３０００家")
    ['力争', '全市', '高企', '存量', '达', '3000', '家']
    """
    plain = unicodedata.normalize("NFKC", to_simplified(text)).lower()
    numbers_kept = _glue_numbers(plain)
    return [w for w in rjieba.cut_for_search(numbers_kept) if _WORD.fullmatch(w) and w not in STOP_WORDS]


def _glue_numbers(text: str) -> str:
    """Thousands separators are dropped, so 3,000 and 3000 are one word."""
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)


def content_words(text: str) -> set[str]:
    """The distinct words of at least two characters (or numbers) that say what a text is about."""
    return {w for w in tokenize(text) if len(w) > 1 or w.isdigit()}
