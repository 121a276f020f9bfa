"""Are reprints known, and only reprints? ``python -m eval.bench.duplicates PATH`` over a ``.jsonl(.gz)`` of texts.

Reprints are made from the corpus by seeded edits, and so are pages that share a template but not what fills it. Then
all pairs of the corpus itself are compared, for a person to look at those that are taken for prints of one article.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from opencc import OpenCC

from ingest.duplicates import signature
from lang.cities import cities
from lang.script import is_han
from library.clusters import near, overlap
from library.records import Signature

Edit = Callable[[str, random.Random], str]
_FIGURE = re.compile(r"(?<=[\u4e00-\u9fff])\d+(?=[\u4e00-\u9fff%])")  # a time stamp is no figure of the text
_SENTENCE = re.compile(r"[^。！？]*[。！？]?")
_TRADITIONAL = OpenCC("s2t")
_MADE = 1000
_LEAD = "编者按：近日，本报就社会关注的话题作了连续报道，现将全文转发如下，供广大读者参考，欢迎来信讨论。\n"
_TAIL = "\n来源：云川日报　记者：林一舟　责任编辑：周小满"


def _changed(share: float) -> Edit:
    def change(text: str, chance: random.Random) -> str:
        return "".join(
            chr(chance.randrange(0x4E00, 0x9000)) if is_han(c) and chance.random() < share else c for c in text
        )

    return change


def _part(start: float, end: float) -> Edit:
    return lambda text, _: text[int(len(text) * start) : int(len(text) * end)]


def _without_a_stretch(text: str, chance: random.Random) -> str:
    at = chance.randrange(int(len(text) * 0.8))
    return text[:at] + text[at + len(text) // 5 :]


def _shuffled(text: str, chance: random.Random) -> str:
    sentences = _SENTENCE.findall(text)
    chance.shuffle(sentences)
    return "".join(sentences)


def _other_figures(share: float) -> Edit:
    def change(text: str, chance: random.Random) -> str:
        def other(m: re.Match[str]) -> str:
            return str(int(m[0]) + chance.randint(1, 9)) if chance.random() < share else m[0]

        return _FIGURE.sub(other, _one_other_figure(text, chance))

    return change


def _one_other_figure(text: str, chance: random.Random) -> str:
    m = chance.choice([*_FIGURE.finditer(text)])
    return f"{text[: m.start()]}{int(m[0]) + 1}{text[m.end() :]}"


def _other_city(text: str, _: random.Random) -> str:
    counts = Counter({city: text.count(city) for city in cities()})
    name = counts.most_common(1)[0][0]
    return text.replace(name, "汕尾" if name != "汕尾" else "随州")


REPRINTS: dict[str, Edit] = {
    "lead added": lambda text, _: _LEAD + text,
    "source line added": lambda text, _: text + _TAIL,
    "traditional script": lambda text, _: str(_TRADITIONAL.convert(text)),
    "a fifth dropped": _without_a_stretch,
    "1 % of characters changed": _changed(0.01),
    "3 % of characters changed": _changed(0.03),
    "5 % of characters changed": _changed(0.05),
    "first half": _part(0, 0.5),
    "last half": _part(0.5, 1),
    "first third": _part(0, 0.34),
    "sentences in another order": _shuffled,
    "lead, source, a fifth dropped, 2 % changed": lambda text, chance: (
        _LEAD + _changed(0.02)(_without_a_stretch(text, chance), chance) + _TAIL
    ),
}
TEMPLATES: dict[str, Edit] = {
    "all figures other": _other_figures(1),
    "a third of the figures other": _other_figures(0.34),
    "one figure other": _one_other_figure,
    "another city": _other_city,
}


def measure(texts: list[str]) -> Iterator[str]:
    """Lines of a report over at least 300 characters long texts."""
    began = time.perf_counter()
    signatures = [signature(text) for text in texts]
    each = (time.perf_counter() - began) / len(texts)
    yield f"{len(texts)} texts, {sum(map(len, texts)) // len(texts)} characters each, {each * 1000:.1f} ms a signature"
    for name, edit in REPRINTS.items():
        yield f"reprint   {name}: {_share(texts, signatures, edit)} known"
    with_figures = [i for i, text in enumerate(texts) if len(_FIGURE.findall(text)) >= 3]
    with_city = [i for i in with_figures if any(texts[i].count(city) >= 3 for city in cities())]
    for name, edit in TEMPLATES.items():
        chosen = with_city if edit is _other_city else with_figures
        yield f"template  {name}: {_share([texts[i] for i in chosen], [signatures[i] for i in chosen], edit)} confused"
    pairs = list(_pairs(signatures))
    yield f"corpus    {len(pairs)} of {len(texts) * (len(texts) - 1) // 2} pairs taken for prints of one article:"
    for a, b in pairs:
        resemblance, containment = overlap(signatures[a], signatures[b])
        yield f"          {resemblance:.2f} {containment:.2f}  {texts[a][:40]!r}  {texts[b][:40]!r}"


def _share(texts: list[str], signatures: list[Signature], edit: Edit) -> str:
    chance, texts, signatures = random.Random(20261122), texts[:_MADE], signatures[:_MADE]
    hits = sum(near(s, signature(edit(text, chance))) for text, s in zip(texts, signatures, strict=True))
    return f"{hits} of {len(texts)} ({hits / max(len(texts), 1):.1%})"


def _pairs(signatures: list[Signature]) -> Iterator[tuple[int, int]]:
    holders: dict[int, list[int]] = defaultdict(list)
    for i, s in enumerate(signatures):
        for shingle in s.sketch:
            holders[shingle].append(i)
    met = Counter((a, b) for among in holders.values() for n, b in enumerate(among) for a in among[:n])
    yield from (pair for pair, n in sorted(met.items()) if n > 9 and near(signatures[pair[0]], signatures[pair[1]]))


def main(path: str) -> None:
    data = Path(path).read_bytes()
    lines = (gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8").splitlines()
    texts = [text for text in (json.loads(line)["text"] for line in lines) if len(text) >= 300]
    for line in measure(texts):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(sys.argv[1])
