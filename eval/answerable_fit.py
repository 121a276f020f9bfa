"""Fits the weights of ``rag.answerable`` on a public set in the form of SQuAD, and shows the curve of refusals.

``python -m eval.answerable_fit drcd_dev.json`` asks a sample of its questions twice, with the question's paragraph on
the shelf and without it, and prints, by five-fold cross-validation, how many of either are refused at which
probability; with ``--write`` the weights replace those in use. Questions asked are kept, so a stopped run goes on.
With ``--english`` the questions are put into English first, by the language model, and are then read as any in English;
what comes out as a statement is left out. They tell where the signals of such questions lie; the weights stay those of
the Chinese ones, which tell better: a small model's English is too poor to fit weights to.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.stats import rankdata

import rag.answerable
from eval.bench.questions import Corpus, load_squad
from eval.bench.shelf import Shelf, number, open_shelf
from lang.script import count_han
from library import Settings
from library.records import Passage
from rag import Assistant
from rag.answerable import found_signals, weighed
from rag.evidence import select_evidence
from rag.retrieve import retrieve

WEIGHTS = Path(rag.answerable.__file__).with_name("answerable.json")
PENALTY = 1.0
FOLDS = 5
_SAME = 1e-4  # a signal that spreads no further tells nothing


@dataclass(frozen=True, slots=True)
class Case:
    """One question asked: its signals, and whether its paragraph was on the shelf."""

    id: str
    answerable: bool
    signals: dict[str, float]


def fit(rows: Sequence[dict[str, float]], truth: Sequence[bool]) -> dict[str, list[float]]:
    """Mean, spread and weight of each signal by a logistic regression with a ridge penalty; and the bias."""
    names = sorted({name for row in rows for name in row})
    table = np.array([[row.get(name, np.nan) for name in names] for row in rows])
    names = [name for name, spread in zip(names, np.nanstd(table, axis=0), strict=True) if spread > _SAME]
    table = np.array([[row.get(name, np.nan) for name in names] for row in rows])
    mean, spread = np.nanmean(table, axis=0), np.nanstd(table, axis=0)
    x, sign = np.nan_to_num((table - mean) / spread), np.where(truth, 1.0, -1.0)
    # Either kind of question counts the same, however many were drawn.
    share = np.where(truth, 0.5 / np.mean(truth), 0.5 / (1 - np.mean(truth)))

    def loss(w: Any) -> float:
        return float((share * np.logaddexp(0, -sign * (x @ w[1:] + w[0]))).sum() + PENALTY / 2 * (w[1:] ** 2).sum())

    found = minimize(loss, np.zeros(len(names) + 1)).x
    fitted = {n: [round(float(v), 4) for v in t] for n, *t in zip(names, mean, spread, found[1:], strict=True)}
    return {"bias": [round(float(found[0]), 4)], **fitted}


def centred(weights: dict[str, list[float]], rows: Sequence[dict[str, float]]) -> dict[str, list[float]]:
    """The weights for questions whose signals lie elsewhere: measured from the means of these rows.

    The spreads stay: with those of the rows, which are alike, a question that names four things was judged by where no
    row lies.
    """
    shifted = {"bias": weights["bias"]}
    for name, (mean, spread, weight) in ((name, fitted) for name, fitted in weights.items() if name != "bias"):
        values = [row[name] for row in rows if name in row] or [mean]
        shifted[name] = [round(float(np.mean(values)), 4), spread, weight]
    return shifted


def cross_validated(cases: Sequence[Case]) -> list[float]:
    """The probability of each case by weights that were fitted without its fold; a question's two cases share one."""
    folds = {id: n % FOLDS for n, id in enumerate(sorted({case.id for case in cases}))}
    scores = [0.0] * len(cases)
    for fold in range(FOLDS):
        rest = [case for case in cases if folds[case.id] != fold]
        weights = fit([case.signals for case in rest], [case.answerable for case in rest])
        for n, case in enumerate(cases):
            if folds[case.id] == fold:
                scores[n] = weighed(case.signals, weights)
    return scores


def curve(scores: Sequence[float], truth: Sequence[bool]) -> Iterator[tuple[float, float, float]]:
    """``(threshold, wrongly refused, rightly refused)``: shares of the answerable and of the others below it."""
    s, t = np.array(scores), np.array(truth)
    for threshold in np.arange(0.05, 1.0, 0.05):
        yield round(float(threshold), 2), float((s[t] < threshold).mean()), float((s[~t] < threshold).mean())


def auc(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """The area under the curve: how often an answerable question scores above one that is not."""
    ranks, yes = rankdata(scores), sum(truth)
    above = sum(r for r, t in zip(ranks, truth, strict=True) if t) - yes * (yes + 1) / 2
    return float(above / (yes * (len(truth) - yes)))


def cases_of(
    corpus: Corpus, shelf: Shelf, sample: int, seed: int, kept: Path, *, english: bool = False
) -> Iterator[Case]:
    """Asks a sample with and without its paragraph; what ``kept`` has is not asked again."""
    assistant = Assistant(shelf.library) if english else Assistant(shelf.library, model=None)
    known = {(c["id"], c["answerable"]): c for c in map(json.loads, kept.open()) if c} if kept.exists() else {}
    for question in Random(seed).sample(corpus.questions, min(sample, len(corpus.questions))):
        missing = [answerable for answerable in (True, False) if (question.id, answerable) not in known]
        text = _in_english(question.text, assistant) if english and missing else question.text
        for answerable in missing:
            signals = _signals(text, question.paragraph, answerable, shelf, assistant) if text else {}
            known[question.id, answerable] = {"id": question.id, "answerable": answerable, "signals": signals}
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(known[question.id, answerable]) + "\n")
        yield from (Case(**known[question.id, answerable]) for answerable in (True, False))


def _in_english(question: str, assistant: Assistant) -> str:
    """The question in English; an empty string where the model made no English question of it."""
    english = " ".join(sentence.en for sentence in assistant.translate(question)).strip()
    return english if english.endswith("?") and not count_han(english) else ""


def _signals(text: str, paragraph: int, answerable: bool, shelf: Shelf, assistant: Assistant) -> dict[str, float]:
    library, query = shelf.library, assistant.understood(text)
    settings, home = library.settings.retrieval, shelf.leading[paragraph]

    def at_home(p: Passage) -> bool:
        return shelf.leading[number(p.uri)] == home

    ranked = retrieve(library, query, 2 * settings.passages)
    passages = [p for p in ranked if answerable or not at_home(p)][: settings.passages]
    evidence = select_evidence(query, passages, library.encoder, settings.evidence)
    return found_signals(query, evidence, passages, library.encoder.name)


def main() -> None:
    """Asks, fits by folds, prints the curve; writes the weights of all cases where told to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kept", type=Path, default=Path("answerable_cases.jsonl"))
    parser.add_argument("--english", action="store_true", help="ask in English, for the weights of such questions")
    parser.add_argument("--write", action="store_true", help="put the fitted weights in use")
    given, settings = parser.parse_args(), Settings()
    corpus = load_squad(given.path)
    with open_shelf(corpus.paragraphs, settings) as shelf:
        asked = cases_of(corpus, shelf, given.sample, given.seed, given.kept, english=given.english)
        cases = [case for case in asked if case.signals]
    rows, truth = [case.signals for case in cases], [case.answerable for case in cases]
    weights = json.loads(WEIGHTS.read_text("utf-8"))
    if given.english:  # signals that only such questions have keep their weights
        weights["en"] |= centred(weights["zh"], rows)
    else:
        weights["zh"] = fit(rows, truth)
    scores = [weighed(row, weights["en"]) for row in rows] if given.english else cross_validated(cases)
    sys.stdout.write(f"{sum(truth)} answerable, {len(truth) - sum(truth)} not, AUC {auc(scores, truth):.3f}\n")
    for threshold, wrong, right in curve(scores, truth):
        sys.stdout.write(f"  below {threshold:.2f}: {wrong:.3f} wrongly, {right:.3f} rightly refused\n")
    if given.write:
        WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
