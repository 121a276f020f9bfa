"""Sentences with figures put into English, by Kejian and by the same model plainly told to; both held to one check.

The check is Kejian's own (``rag.translate.check_translation``): a flag of the peer is what would have been flagged, had
anybody looked. What a check lets pass has to be read; the pairs are kept for that beside the scores.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from eval.bench.answered import plain
from eval.bench.corpus import load_corpus
from eval.bench.journal import Journal, Record
from eval.metrics import Score, quantile, ratio
from eval.provenance import file_sha256, source_sha256, versions
from ingest import clean_page
from lang.quantities import find_quantities
from lang.sentences import split_sentences
from library.errors import UsageError
from library.records import TranslatedSentence
from library.settings import Settings
from rag.llm import ChatModel, complete, open_model
from rag.translate import check_translation, translate_sentence

Progress = Callable[[float, float, str], None]

_SHORTEST = 10  # characters; less is a heading or a caption
_STAMP = re.compile(r"^[\d\s:.-]{6,30}[,，]\s*正文[:：]\s*")  # of a crawler, before an article's first sentence
_PEER_TOKENS = 400
_PLAINLY = "Translate the following Chinese text into English:\n\n{}"


@dataclass(frozen=True, slots=True)
class TranslateRun:
    """A finished benchmark: scores by name, of each system."""

    corpus: str
    articles: int
    sentences: int
    total: int
    seed: int
    model: str
    folder: str
    seconds: float
    scores: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return {"bench": "translate", **asdict(self)}


def run_translate(
    path: Path,
    sample: int = 0,
    seed: int = 0,
    settings: Settings | None = None,
    *,
    peers: bool = False,
    model: ChatModel | None = None,
    progress: Progress | None = None,
) -> TranslateRun:
    """Runs the benchmark; what an earlier run of the same made is not made again.

    Args:
        path: a .jsonl file of clean articles (``id``, ``text``), also gzipped, or a folder of pages as they arrived,
            which are cleaned first.
        sample: translate only so many sentences, drawn by the seed; 0 is all.
        seed: of the sample.
        settings: default to those of file and environment.
        peers: also the same model, plainly told to translate.
        model: one of your own; defaults to what the settings name.
        progress: called with sentences done, sentences in all, and what is done.

    Raises:
        UsageError: there is no model, or no sentence with a figure.
    """
    began, settings = perf_counter(), settings or Settings()
    model = model or open_model(settings)
    if model is None:
        raise UsageError("Translation needs a language model. Set llm.model.")
    texts = _texts(path)
    every = list(dict.fromkeys(s for text in texts for s in sentences_with_figures(text)))
    if not every:
        raise UsageError(f"{path} has no sentence with a figure. Give articles in Chinese.")
    chosen = Random(seed).sample(every, len(every))[: sample or None]
    systems = {"kejian": translate_sentence} | ({"stock": _plainly} if peers else {})
    journal = Journal(settings.runs, _info(path, sample, seed, model))
    made = {name: _translate(name, told, chosen, model, journal, progress) for name, told in systems.items()}
    run = TranslateRun(
        path.name, len(texts), len(chosen), len(every), seed, model.name, str(journal.folder),
        round(perf_counter() - began, 1), {name: plain(_scores(records)) for name, records in made.items()},
    )  # fmt: skip
    journal.finish(run.to_dict())
    return run


def sentences_with_figures(text: str) -> Iterator[str]:
    """The sentences of a text that bear a figure which is more than a place in an order.

    >>> list(sentences_with_figures("力争全市高企存量达3000家。要加快建设步伐，迈上新台阶。"))
    ['力争全市高企存量达3000家。']
    """
    for start, end in split_sentences(text):
        sentence = _STAMP.sub("", text[start:end])
        if len(sentence) >= _SHORTEST and any(q.kind != "ordinal" for q in find_quantities(sentence)):
            yield sentence


def _texts(path: Path) -> list[str]:
    if path.is_dir():
        return [clean_page(page).body for page in sorted(path.rglob("*")) if page.is_file()]
    return [article.text for article in load_corpus(path)]


def _info(path: Path, sample: int, seed: int, model: ChatModel) -> Record:
    corpus = [file_sha256(p) for p in sorted(path.rglob("*")) if p.is_file()] if path.is_dir() else file_sha256(path)
    return {
        "bench": "translate", "corpus": corpus, "sample": sample, "seed": seed, "model": model.name,
        "versions": versions(), "code": source_sha256(), "bench_code": file_sha256(Path(__file__)),
    }  # fmt: skip


def _plainly(zh: str, model: ChatModel) -> TranslatedSentence:
    """The stock way: one instruction, no examples, nothing prepared, nothing repaired."""
    en = complete(model, [("user", _PLAINLY.format(zh))], _PEER_TOKENS).strip()
    flags = check_translation(zh, en)
    wrong = any(flag.startswith(("figure", "bound")) for flag in flags)
    return TranslatedSentence(zh, en, "mismatch" if wrong else "ok", tuple(flags))


def _translate(
    system: str, translate: Callable[[str, ChatModel], TranslatedSentence], chosen: Sequence[str], model: ChatModel,
    journal: Journal, progress: Progress | None,
) -> list[Record]:  # fmt: skip
    """Records by a system, made before or now, in the order chosen."""
    made = {record["zh"]: record for record in journal.records(system)}
    with journal.writing(system) as append:
        for done, zh in enumerate(chosen, 1):
            if zh not in made:
                began = perf_counter()
                record = translate(zh, model).to_dict()
                made[zh] = {**record, "seconds": round(perf_counter() - began, 2)}
                append(made[zh])
            if progress:
                progress(done, len(chosen), system)
    return [made[zh] for zh in chosen]


def _scores(records: Sequence[Record]) -> dict[str, Score]:
    flags = [[str(flag) for flag in record["flags"]] for record in records]

    def having(*kinds: str) -> Score:
        return ratio([(any(flag.startswith(kinds) for flag in told), 1) for told in flags])

    return {
        "flagged": ratio([(bool(told), 1) for told in flags]),
        "figure_missing_or_added": having("figure"),
        "bound_differs": having("bound"),
        "name_missing_or_added": having("name", "a speaker"),
        "term_missing": having("term"),
        "left_in_chinese": having("left in Chinese"),
        "out_of_proportion": having("length", "nothing"),
        "median_seconds": quantile([float(record["seconds"]) for record in records], 0.5),
    }
