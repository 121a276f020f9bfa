"""A shelf of the project's own sample pages, and of further pages, to ask the project's facts of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest import ingest
from library import Library, Settings
from library.encoder import Encoder
from library.errors import PageError, UsageError

PAGES = Path(__file__).resolve().parents[1] / "samples" / "pages"


def samples_folder() -> Path:
    """Where the sample pages lie.

    Raises:
        UsageError: they are not there; an installed package comes without them.
    """
    if not PAGES.is_dir():
        raise UsageError(
            f"The sample pages are not at {PAGES}: they come with the project's source, not with the installed "
            "package. Run this in a checkout, or ask your own questions of your own library."
        )
    return PAGES


def samples_library(
    folder: str | Path,
    settings: Settings | None = None,
    encoder: Encoder | None = None,
    pages: Sequence[Path] = (),
) -> Library:
    """Opens the library in ``folder`` and brings it up to date with the sample pages.

    Args:
        folder: a new one, or one that an earlier call made; other pages would change the scores.
        settings: default to those of file and environment.
        encoder: one of your own; defaults to what the settings name.
        pages: files and folders whose pages stand on the shelf beside the samples.

    Raises:
        UsageError: the sample pages or ``pages`` are not there, or the folder holds other pages.
        PageError: a page could not be read, so the shelf would lack what the facts ask for.
    """
    roots = [samples_folder(), *(page.resolve() for page in pages)]
    library = Library.open(folder, settings, encoder)
    try:
        _fill(library, roots)
    except BaseException:
        library.close()
        raise
    return library


def _fill(library: Library, roots: Sequence[Path]) -> None:
    strangers = [a.uri for a in library.articles() if not any(Path(a.uri).is_relative_to(root) for root in roots)]
    if strangers:
        raise UsageError(f"{library.folder} holds other pages, such as {strangers[0]}. Name a folder of its own.")
    report = ingest(library, roots, prune=True)
    if report.failed:
        raise PageError(f"The page {report.failed[0].path} could not be read: {report.failed[0].reason}.")
