"""Health of the installation, the models and the library."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from library.errors import KejianError
from library.library import Library
from library.models import status
from library.settings import EMBEDDED, Settings

_PACKAGES = ("faiss-cpu", "torch", "sentence-transformers", "llama-index-core", "xllamacpp", "opencc", "gradio")
_MIN_FREE = 2 * 10**9


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; ``detail`` says what was seen, or the remedy."""

    name: str
    ok: bool
    detail: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def examine(settings: Settings, repair: bool = False) -> list[Check]:
    """Looks at everything that an answer depends on."""
    return [_python(), *map(_package, _PACKAGES), *_models(settings), _disk(settings), _library(settings, repair)]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= (3, 11), found)


def _package(name: str) -> Check:
    try:
        return Check(name, True, version(name))
    except PackageNotFoundError:
        return Check(name, False, f"not installed; run: pip install {name}")


def _models(settings: Settings) -> list[Check]:
    needed = {"encoder": settings.encoder.model == EMBEDDED, "llm": settings.llm.model == EMBEDDED}
    checks = [
        Check(m.name, m.ready, str(m.path) if m.ready else m.reason) for m in status(settings.cache) if needed[m.kind]
    ]
    if not needed["llm"]:
        checks.append(
            Check("llm", True, f"{settings.llm.model} at {settings.llm.base_url or 'nowhere: answers are quotes'}")
        )
    return checks


def _disk(settings: Settings) -> Check:
    place = next(p for p in (settings.library, *settings.library.parents) if p.exists())
    free = shutil.disk_usage(place).free
    return Check("disk", free > _MIN_FREE, f"{free / 10**9:.1f} GB free at {place}")


def _library(settings: Settings, repair: bool) -> Check:
    if not (settings.library / "catalogue.sqlite").exists():
        return Check("library", True, f"none at {settings.library} yet; make one with: kejian ingest PATH")
    try:
        with Library.open(settings.library, settings) as library:
            if repair:
                library.rebuild()
            problems = library.check()
            return Check(
                "library", not problems, "; ".join(problems) or f"{len(library)} articles at {settings.library}"
            )
    except KejianError as error:
        return Check("library", False, str(error))
