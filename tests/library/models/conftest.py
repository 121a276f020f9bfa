"""Small stand-ins for the packages that carry the models: real distributions, a few bytes of data."""

from __future__ import annotations

import hashlib
import importlib
import random
import shutil
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from library.models.gguf import Recipe
from library.models.sources import PackageFile

Install = Callable[[str, str, bytes], PackageFile]


class Site:
    """A folder of installed packages, first on the import path."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def install(self, package: str, name: str, data: bytes) -> PackageFile:
        """Installs a package with one data file; its pinned record."""
        module = package.replace("-", "_")
        info = self.root / f"{module}-1.0.dist-info"
        self.path(package, name).parent.mkdir(parents=True, exist_ok=True)
        self.path(package, name).write_bytes(data)
        # Importing it would fail: the packages are data, and must be found without being run.
        (self.root / module / "__init__.py").write_text("raise RuntimeError('imported')\n", encoding="utf-8")
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
        (info / "RECORD").write_text(f"{module}/__init__.py,,\n{module}/data/{name},,\n", encoding="utf-8")
        importlib.invalidate_caches()
        return PackageFile(package, "1.0", name, len(data), hashlib.sha256(data).hexdigest())

    def path(self, package: str, name: str) -> Path:
        """Where a package's data file lies."""
        return self.root / package.replace("-", "_") / "data" / name

    def uninstall(self, package: str) -> None:
        """Removes a package, its metadata included."""
        module = package.replace("-", "_")
        shutil.rmtree(self.root / module)
        shutil.rmtree(self.root / f"{module}-1.0.dist-info")
        importlib.invalidate_caches()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    root = tmp_path / "site"
    root.mkdir()
    monkeypatch.syspath_prepend(root)
    return Site(root)


PARTS = [b"GGUF" + bytes(range(96)), b"b" * 100, b"c" * 100, b"the rest"]


@pytest.fixture
def recipe(site: Site) -> Recipe:
    """A GGUF of four parts, all installed."""
    parts = [site.install(f"tiny-part{n}", f"part{n:02}.bin", data) for n, data in enumerate(PARTS, start=1)]
    return Recipe("tiny", tuple(parts), hashlib.sha256(b"".join(PARTS)).hexdigest())


PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "量",
    "子",
    "量子",
    "▁qu",
    "bit",
    "query",
    ":",
    "▁query",
    "<mask>",
]
CHARSMAP = {"\u3000": " ", "\n": " ", "Ａ": "A", "㎡": "m2", "\x01": ""}
HIDDEN, WIDE, POSITIONS, LAYERS = 32, 64, 16, 1


def q4_0(count: int, seed: int) -> bytes:
    """Blocks of random weights."""
    chance = random.Random(seed)
    return b"".join(struct.pack("<e16s", chance.uniform(0.01, 0.05), chance.randbytes(16)) for _ in range(count // 32))


def _tensors() -> dict[str, tuple[int, int, bytes]]:
    def floats(count: int, value: float = 0.0) -> tuple[int, int, bytes]:
        return 0, count, struct.pack(f"<{count}f", *[value] * count)

    def matrix(rows: int, columns: int) -> tuple[int, int, bytes]:
        return 1, rows * columns, q4_0(rows * columns, seed=rows + columns)

    found = {"emb.word": matrix(len(PIECES) + 2, HIDDEN), "emb.pos": floats(POSITIONS * HIDDEN, 0.01)}
    found |= {"emb.type": floats(2 * HIDDEN), "emb.ln.w": floats(HIDDEN, 1.0), "emb.ln.b": floats(HIDDEN)}
    for short in ("q", "k", "v", "ao"):
        found |= {f"l0.{short}.w": matrix(HIDDEN, HIDDEN), f"l0.{short}.b": floats(HIDDEN)}
    found |= {"l0.fi.w": matrix(WIDE, HIDDEN), "l0.fi.b": floats(WIDE)}
    found |= {"l0.fo.w": matrix(HIDDEN, WIDE), "l0.fo.b": floats(HIDDEN)}
    for short in ("aln", "oln"):
        found |= {f"l0.{short}.w": floats(HIDDEN, 1.0), f"l0.{short}.b": floats(HIDDEN)}
    return found


def _tokenizer(pieces: Sequence[str], charsmap: dict[str, str]) -> bytes:
    texts = [piece.encode() for piece in pieces]
    bounds = [sum(map(len, texts[:n])) for n in range(len(texts) + 1)]
    scores = [0.0 if piece.startswith("<") else -5.0 - n / 10 for n, piece in enumerate(pieces)]
    head = struct.pack("<5iQ", len(texts), 0, 2, 1, 3, bounds[-1])
    head += struct.pack(f"<{len(bounds)}I", *bounds) + struct.pack(f"<{len(scores)}f", *scores) + b"".join(texts)
    entries = b"".join(
        struct.pack(f"<IB{len(target)}I", ord(source), len(target), *map(ord, target))
        for source, target in charsmap.items()
    )
    return head + struct.pack("<iI", len(charsmap), len(entries)) + entries


@pytest.fixture(scope="session")
def e5s1() -> bytes:
    """A whole E5S1 file: one layer, hidden size 32, fourteen pieces."""
    shape = (HIDDEN, LAYERS, 2, WIDE, len(PIECES) + 2, POSITIONS, 2)
    head = b"E5S1" + struct.pack("<I7ifi", 1, *shape, 1e-12, 32) + _tokenizer(PIECES, CHARSMAP)
    tensors = _tensors()
    offset = len(head) + 4 + sum(2 + len(name) + 21 for name in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, (packing, count, data) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", packing, count, offset + len(body), len(data))
        body += data
    return head + directory + body
