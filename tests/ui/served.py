"""Serves the page over a small library with stand-ins: ``python -m tests.ui.served FOLDER [USER:PASSWORD]``.

A process of its own, so that the tests need no socket and Gradio's event loops end with it.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest import ingest
from library import Library, Settings
from rag import Assistant
from tests.fakes import FakeEncoder, shelved
from ui.app import launch

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "pages"
PAGES = ("jiangmen_2024_work_meeting.txt", "shanwei_six_actions.txt", "suizhou_2025_five_actions.txt")
ATTACK = (
    "<script>hacked=1</script><img src=http://evil.example/x onerror='hacked=1'>![](http://evil.example/y)${hacked=1}"
)
# Mostly Chinese: an answer in another language than the question's would not be shown.
SAID = "前景十分广阔，各方都很期待，大家还要继续努力，争取早日把实验室建成、用好、管好。<script>hacked=1</script>"
HOSTILE_BODY = f"潮川市力争建成绿色实验室77家。{ATTACK}"


class Model:
    """Says which source bears the figure asked for; of 潮川 with an attack, and of 随州 without end."""

    name = "scripted"

    def stream(self, messages: Sequence[tuple[str, str]], max_tokens: int) -> Iterator[str]:
        asked = messages[-1][1]
        question = asked.rsplit("\n", 1)[-1]
        if "随州" in question:
            yield from self._slowly()
            return
        figure = "77" if "潮川" in question else "3000"
        n = re.search(rf"^\[(\d+)\][^\n]*{figure}", asked, re.M)
        yield from ("目标是", f"{figure}家", f"[{n[1] if n else 9}]", "。", SAID if figure == "77" else "")

    def _slowly(self) -> Iterator[str]:
        for _ in range(600):
            time.sleep(0.1)
            yield "慢"


def main(folder: str, auth: tuple[str, str] | None = None) -> None:
    settings = Settings(cache=Path(folder).parent / "cache")  # no models are there: nothing is judged by one
    with Library.open(folder, settings, FakeEncoder()) as library:
        ingest(library, [SAMPLES / page for page in PAGES])
        library.add([shelved("hostile.txt", HOSTILE_BODY, city="潮川", title=f"潮川的目标 {ATTACK}", chunk=400)])
        launch(library, Assistant(library, settings, Model()), port=0, auth=auth)


if __name__ == "__main__":
    main(sys.argv[1], tuple(sys.argv[2].split(":")) if sys.argv[2:] else None)  # type: ignore[arg-type]
