"""How well pages are restored, among a run's scores: the noise bench over the sample pages' clean articles."""

from __future__ import annotations

from pathlib import Path

from eval.bench.clean import Plan, Progress, measure_clean
from eval.bench.corpus import CleanText
from eval.samples import samples_folder

CLEANING = {
    "cleaning_harmless": ("none", "pages_right"),
    "cleaning_readings": ("readings", "pages_right"),
    "cleaning_script": ("script", "pages_right"),
    "cleaning_runs": ("shift", "runs_exact"),
    "cleaning_joins": ("wraps", "joined_right"),
    "cleaning_boilerplate": ("boilerplate", "boilerplate_f1"),
    "cleaning_pages": ("all", "pages_right"),
}
"""By score: which damage of ``eval.noise``, and which ratio of ``eval.bench.scores``; the higher the better.

``harmless``, ``readings``, ``script`` and ``pages`` are shares of articles that are right after cleaning: undamaged
ones, with injected readings, in traditional script, with all damages at once. The sample articles are few, so this
tells that a cleaner broke, not how good it is; ``kejian eval bench clean`` does that.
"""

DRAWS = 3
"""Each article is damaged so many times, differently."""


def measure_cleaning(progress: Progress | None = None) -> dict[str, float | None]:
    """The scores of ``CLEANING`` over the project's own clean articles, each damaged to order.

    Raises:
        UsageError: the articles are not there; an installed package comes without them.
    """
    folder = samples_folder().with_name("source")
    articles = [
        CleanText(f"{path.stem}#{n}", _text(path)) for path in sorted(folder.glob("*.md")) for n in range(DRAWS)
    ]
    damages = tuple(dict.fromkeys(damage for damage, _ in CLEANING.values()))
    tallies = measure_clean(articles, Plan(damages), progress=progress)
    ratios = {damage: tallies[damage]["kejian"].counts.ratios() for damage in damages}
    return {name: ratios[damage][ratio] for name, (damage, ratio) in CLEANING.items()}


def _text(path: Path) -> str:
    """Title and body of a clean article; its file has ``key: value`` lines between two ``---`` before the body."""
    _, header, body = path.read_text("utf-8").split("---\n", 2)
    title = next(line.removeprefix("title:").strip() for line in header.splitlines() if line.startswith("title:"))
    return f"{title}\n\n{body.strip()}"
