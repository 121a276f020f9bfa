"""What decides the content of a library."""

from __future__ import annotations

from typing import Any

from library.encoder import Encoder
from library.settings import Settings

# Raise these when bodies or words come out differently, so that an old library is not mixed with new pages.
CLEANING_VERSION = 2
WORDS_VERSION = 1


def fingerprint(settings: Settings, encoder: Encoder) -> dict[str, Any]:
    """What decides the content of a library; two that differ must not be mixed."""
    return {
        "encoder": encoder.name,
        "prefix": settings.encoder.passage_prefix,
        "chunk_chars": settings.chunks.max_chars,
        "script": settings.cleaning.script,
        "punctuation": settings.cleaning.punctuation,
        "restore_losses": settings.cleaning.restore_losses,
        "cleaning": CLEANING_VERSION,
        "words": WORDS_VERSION,
    }
