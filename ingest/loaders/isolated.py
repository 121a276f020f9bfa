"""Reading a format whose parser is large and meets hostile files: in a process of its own, with limits.

A PDF of some kilobytes can unpack to gigabytes, spin for hours, or crash a parser. There it costs its own
process and one page's failure; starting it takes a quarter of a second.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from library.errors import PageError

SECONDS = 30
_WORKER = Path(__file__).with_name("worker.py")


def read_isolated(kind: str, data: bytes) -> dict[str, Any]:
    """What the worker finds in a document: ``lines`` and metadata, as ``worker.py`` gives them.

    Args:
        kind: ``pdf`` or ``docx``.
        data: the file.

    Raises:
        PageError: it can't be read, or takes more time or memory than a document may.
    """
    name = {"pdf": "PDF", "docx": "Word document"}[kind]
    command = [sys.executable, "-I", "-W", "ignore", str(_WORKER), kind]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise PageError(f"a {name} that takes more than {SECONDS} seconds to read; save it as text") from error
    except OSError as error:
        raise PageError(f"the reader of a {name} can't be started ({error.strerror})") from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:  # it was stopped at a limit, or crashed
        raise PageError(f"a {name} that takes too much memory or time to read; save it as text") from error
    if "error" in answer:
        raise PageError(answer["error"])
    return answer
