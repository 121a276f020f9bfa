"""Serves the page over the sample pages with the real models: ``python -m tests.ui.served_real FOLDER``."""

from __future__ import annotations

import sys

from ingest import ingest
from library import Library, Settings
from rag import Assistant
from tests.ui.served import SAMPLES
from ui.app import launch

PAGES = ("jiangmen_2024_work_meeting.txt", "shanwei_six_actions.txt", "suizhou_2025_five_actions.txt")


def main(folder: str) -> None:
    settings = Settings()
    with Library.open(folder, settings) as library:
        ingest(library, [SAMPLES / page for page in PAGES])
        launch(library, Assistant(library, settings), port=0)


if __name__ == "__main__":
    main(sys.argv[1])
