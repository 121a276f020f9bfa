"""Whether the models are loaded. The page opens before they are; the first question waits for them."""

from __future__ import annotations

import logging
import threading
from typing import Any, Literal

from library.errors import KejianError
from library.library import Library

log = logging.getLogger(__name__)
State = Literal["cold", "loading", "ready", "failed"]


class Readiness:
    """Loads encoder and language model once, in whichever thread asks first.

    It holds nothing of any user: all pages show the same line.
    """

    def __init__(self, library: Library, assistant: Any) -> None:
        self._library, self._assistant = library, assistant
        self._lock = threading.Lock()
        self._reason = ""
        self.state: State = "cold"

    @property
    def done(self) -> bool:
        """Whether there is nothing left to wait for."""
        return self.state in ("ready", "failed")

    def start(self, after: float = 0.0) -> None:
        """Loads in the background, in ``after`` seconds."""
        self.state = "loading"
        timer = threading.Timer(after, self.load)
        timer.name, timer.daemon = "kejian-load", True
        timer.start()

    def load(self) -> None:
        """Loads the models, or waits for the thread that does. Never raises: the question itself will say why."""
        with self._lock:
            if self.done:
                return
            self.state = "loading"
            try:
                self._library.encoder.query("准备")
                start = getattr(getattr(self._assistant, "model", None), "start", None)
                if start is not None:
                    start()
            except KejianError as error:
                self._reason, self.state = str(error), "failed"
            except Exception as error:
                log.exception("the models could not be loaded")
                self._reason, self.state = f"{type(error).__name__}: {error}", "failed"
            else:
                self.state = "ready"

    def line(self) -> str:
        """The state as one line for the page."""
        model = getattr(getattr(self._assistant, "model", None), "name", "")
        ready = f"模型就绪 Model ready: {model}" if model else "无语言模型 No language model: answers are quotes"
        return {
            "cold": "模型将在首次提问时载入 The models load with the first question",
            "loading": "正在载入模型，可以先提问 Loading the models; you may ask already…",
            "ready": ready,
            "failed": f"模型未能载入 The models could not be loaded: {self._reason}",
        }[self.state]
