"""llama.cpp's server, as a process of its own: ``python -P rag/llama_server.py``, started by ``rag.llm``.

Loading 1.1 GB of weights holds Python's lock for seconds (4.3 s, read from disk), and a page served by the same process
would stand still. One line of JSON comes in, one goes out; the process ends when its standard input does, so it never
outlives who started it, not even one that was killed.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def main() -> None:
    """Serves until standard input ends. Imports nothing of Kejian: it must start fast."""
    import xllamacpp

    told = json.loads(sys.stdin.readline())
    server = xllamacpp.Server(_params(xllamacpp, told))
    sys.stdout.write(json.dumps({"address": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # its threads may be in the middle of a token


def _params(xllamacpp: Any, told: dict[str, Any]) -> Any:
    params = xllamacpp.CommonParams()
    params.model.path = told["path"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [told["key"]]
    params.n_ctx = told["context"]
    params.n_parallel = 1  # slots share the context, and on a few cores a second one only slows the first
    params.cpuparams.n_threads = told["threads"]
    params.cpuparams_batch.n_threads = told["threads"]
    params.verbosity = 0
    return params


if __name__ == "__main__":
    main()
