"""Fits the judge of support on one half of the hand labels and measures its agreement with the other.

``python -m eval.support_fit`` shows the agreement of the weights as they are; with ``--write`` it fits them anew.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from scipy.optimize import minimize

from eval.citations import Source
from eval.support import SupportJudge
from library.records import Language

LABELS = Path(__file__).with_name("support_labels.yaml")
WEIGHTS = Path(__file__).with_name("support_weights.json")
PENALTY = 1.0  # of the squared weights; by cross-validation within the fitted half .3 to 2 are alike

_FREE = frozenset({"english"})
_FOR = frozenset({"cosine_zh", "cosine_en"})


@dataclass(frozen=True, slots=True)
class Label:
    """A claim, what is quoted for it, and what a person decided."""

    group: str
    half: Literal["fit", "held"]
    context: str
    quotes: tuple[str, ...]
    language: Language
    kind: str
    claim: str
    supported: bool
    why: str

    @property
    def sources(self) -> list[Source]:
        """The quotes as a sentence cites them."""
        return [Source(quote, self.context) for quote in self.quotes]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of labels by (label, judgement): supported or not."""

    both_yes: int
    only_label: int
    only_judge: int
    both_no: int

    @property
    def n(self) -> int:
        return self.both_yes + self.only_label + self.only_judge + self.both_no

    @property
    def accuracy(self) -> float:
        return (self.both_yes + self.both_no) / self.n

    @property
    def kappa(self) -> float:
        """Jacob Cohen, "A Coefficient of Agreement for Nominal Scales" (1960)."""
        label, judge = (self.both_yes + self.only_label) / self.n, (self.both_yes + self.only_judge) / self.n
        chance = label * judge + (1 - label) * (1 - judge)
        return (self.accuracy - chance) / (1 - chance)

    def __str__(self) -> str:
        return (
            f"n {self.n}, accuracy {self.accuracy:.3f}, kappa {self.kappa:.3f}; supported and judged so {self.both_yes}"
            f", judged not {self.only_label}; not supported and judged so {self.only_judge}, judged not {self.both_no}"
        )


def read_labels(path: Path = LABELS) -> list[Label]:
    """The hand labels, in the file's order."""
    groups: list[dict[str, Any]] = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    return [
        Label(
            g["id"], g["half"], g["context"], tuple(g["quotes"]), c["language"], c["kind"], c["claim"],
            {"yes": True, "no": False}[c["supported"]], c["why"],
        )
        for g in groups for c in g["claims"]
    ]  # fmt: skip


def agreement(labels: Sequence[Label], judged: Sequence[bool]) -> Agreement:
    """How far judgements agree with labels, in the same order."""
    pairs = [(label.supported, yes) for label, yes in zip(labels, judged, strict=True)]
    counts = (pairs.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False)))
    return Agreement(*counts)


def fit(rows: Sequence[dict[str, float]], supported: Sequence[bool]) -> dict[str, float]:
    """Weights of a logistic regression with a ridge penalty, and the ``bias``.

    What measures a fault may only speak against a claim, and likeness only for it: with few labels a free sign would
    learn their accidents.
    """
    names = list(rows[0])
    x = np.array([[row[name] for name in names] for row in rows])
    sign = np.where(supported, 1.0, -1.0)

    def loss(w: Any) -> tuple[float, Any]:
        margin = sign * (x @ w[1:] + w[0])
        pull = -sign / (1 + np.exp(margin))
        value = np.logaddexp(0, -margin).sum() + PENALTY / 2 * (w[1:] ** 2).sum()
        return float(value), np.concatenate([[pull.sum()], x.T @ pull + PENALTY * w[1:]])

    signs = [(None, None) if n in _FREE else (0, None) if n in _FOR else (None, 0) for n in names]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=[(None, None), *signs])
    return {name: round(float(w), 3) for name, w in zip(["bias", *names], found.x, strict=True)}


def fit_labels(judge: SupportJudge) -> dict[str, float]:
    """The weights of the labels' fitted half."""
    labels = [label for label in read_labels() if label.half == "fit"]
    return fit([judge.signals(b.claim, b.quotes, b.context) for b in labels], [b.supported for b in labels])


def measure(judge: SupportJudge, labels: Sequence[Label]) -> Agreement:
    """The agreement of the judge, as it is, with labels."""
    return agreement(labels, [judge.judge(b.claim, b.quotes, b.context).supported for b in labels])


def main() -> None:
    """Shows the agreement with either half, and by language with the held one; fits anew first where told to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="fit the weights anew and write them")
    judge, labels = SupportJudge(), read_labels()
    judge.read_ahead((b.claim, b.sources) for b in labels)
    if parser.parse_args().write:
        WEIGHTS.write_text(json.dumps(fit_labels(judge), indent=1) + "\n", "utf-8")
    held = [b for b in labels if b.half == "held"]
    parts = {"fitted half": [b for b in labels if b.half == "fit"], "held half": held}
    parts |= {f"held half, {language}": [b for b in held if b.language == language] for language in ("zh", "en")}
    for name, part in parts.items():
        sys.stdout.write(f"{name}: {measure(judge, part)}\n")


if __name__ == "__main__":
    main()
