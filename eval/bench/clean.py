"""The cleaning benchmark: clean articles damaged to order, cleaned, and compared with what they were.

Every page is drawn from the seed, the damage's name and the article's id, so one run equals the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from eval.bench.corpus import CleanText, load_corpus
from eval.bench.scores import Counts, examples, score
from eval.bench.systems import SYSTEMS
from eval.noise import DAMAGES, damage, headline
from library.errors import UsageError

Progress = Callable[[float, float], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: damages, systems, the seed, and how many examples of failures to keep of each."""

    damages: tuple[str, ...] = tuple(DAMAGES)
    systems: tuple[str, ...] = ("kejian",)
    seed: int = 0
    examples: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A difference that cleaning left or made."""

    article: str
    variant: str
    clean: str
    page: str
    output: str


@dataclass(slots=True)
class Tally:
    """Counts and examples of one damage under one system; the counts also by the variant that was drawn.

    ``pure`` has those of the articles in which nothing of the corpus's own furniture stands, see ``CleanText``.
    """

    counts: Counts = field(default_factory=Counts)
    pure: Counts = field(default_factory=Counts)
    variants: dict[str, Counts] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        variants = {name: self.variants[name].ratios() for name in sorted(self.variants)}
        shown = [{slot: getattr(e, slot) for slot in Example.__slots__} for e in self.examples]
        own = {"without_own_furniture": self.pure.ratios(), "variants": variants}
        return self.counts.ratios() | own | ({"examples": shown} if shown else {})


@dataclass(frozen=True, slots=True)
class CleanRun:
    """A finished benchmark: by damage, then by system."""

    corpus: str
    articles: int
    seed: int
    seconds: float
    tallies: dict[str, dict[str, Tally]]

    def to_dict(self) -> dict[str, Any]:
        head = {"bench": "clean", "corpus": self.corpus, "articles": self.articles, "seed": self.seed}
        damages = {
            name: {system: tally.to_dict() for system, tally in rows.items()} for name, rows in self.tallies.items()
        }
        return {**head, "seconds": self.seconds, "damages": damages}


Task = tuple[Plan, str, CleanText, tuple[str, ...]]
Result = tuple[str, str, str, bool, Counts, list[Example]]


def run_clean(path: Path, plan: Plan, sample: int = 0, workers: int = 1, progress: Progress | None = None) -> CleanRun:
    """Runs the benchmark over a corpus; see ``load_corpus`` for its forms.

    Raises:
        UsageError: no corpus is there, or a damage or a system is not known.
    """
    articles = load_corpus(path, sample, plan.seed)
    began = perf_counter()
    tallies = measure_clean(articles, plan, workers, progress)
    return CleanRun(path.name, len(articles), plan.seed, round(perf_counter() - began, 1), tallies)


def measure_clean(
    articles: list[CleanText], plan: Plan, workers: int = 1, progress: Progress | None = None
) -> dict[str, dict[str, Tally]]:
    """What ``run_clean`` does, over articles at hand: tallies by damage, then by system.

    Raises:
        UsageError: a damage or a system is not known.
    """
    _check(plan.damages, DAMAGES, "damage")
    _check(plan.systems, SYSTEMS, "system")
    tallies = {name: {s: Tally() for s in plan.systems} for name in plan.damages}
    tasks = list(_tasks(plan, articles))
    for done, results in enumerate(_mapped(tasks, workers), 1):
        for name, system, variant, pure, counts, found in results:
            tally = tallies[name][system]
            tally.counts += counts
            tally.pure += counts if pure else Counts()
            tally.variants[variant] = tally.variants.get(variant, Counts()) + counts
            tally.examples += found[: max(plan.examples - len(tally.examples), 0)]
        if progress:
            progress(done, len(tasks))
    return tallies


def _check(asked: Sequence[str], known: Iterable[str], what: str) -> None:
    for name in asked:
        if name not in known:
            raise UsageError(f"There is no {what} {name!r}. Known are: {', '.join(known)}.")


def _tasks(plan: Plan, articles: list[CleanText]) -> Iterator[Task]:
    titles = list(filter(None, (headline(article.text) for article in articles)))
    for article in articles:
        own = headline(article.text)
        rng = Random(f"{plan.seed}/titles/{article.id}")
        near = tuple(title for title in rng.sample(titles, min(40, len(titles))) if title != own)
        for name in plan.damages:
            if name == "none" or article.is_article:
                yield plan, name, article, near


def _mapped(tasks: list[Task], workers: int) -> Iterator[list[Result]]:
    """The results in the order of the tasks."""
    with ProcessPoolExecutor(workers) if workers > 1 else nullcontext() as pool:
        yield from pool.map(_measure, tasks, chunksize=16) if pool else map(_measure, tasks)


def _measure(task: Task) -> list[Result]:
    """One article under one damage, by each system."""
    plan, name, article, titles = task
    page = damage(name, article.text, Random(f"{plan.seed}/{name}/{article.id}"), titles)
    results = list[Result]()
    for system in plan.systems:
        began = perf_counter()
        output = SYSTEMS[system](page.page)
        seconds = perf_counter() - began
        counts = score(page, output)
        counts.seconds = seconds
        worst = islice(examples(page, output), 3) if plan.examples and counts.distance and system == "kejian" else ()
        shown = [Example(article.id, page.variant, *snippets) for snippets in worst]
        results.append((name, system, page.variant, not article.has_furniture, counts, shown))
    return results
