"""Where prepared models are kept: how a whole one is told from a half one, and one preparer at a time.

A prepared model is *vouched for* by a small JSON marker that is written last. It records the size,
modification time and SHA-256 of every file, so that asking again costs a few `stat` calls and not the hash of
a gigabyte.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from library.errors import ModelError

log = logging.getLogger(__name__)

_BLOCK = 4 << 20


class Progress(Protocol):
    """Is told, now and then, how far the preparation of a model is."""

    def __call__(self, stage: str, done: int, total: int, /) -> None:
        """Takes the news.

        Args:
            stage: "check" (hashing what is there), "convert" or "assemble".
            done: bytes done in this stage.
            total: bytes that this stage has.
        """


def report(progress: Progress | None, stage: str, done: int, total: int) -> None:
    """Calls `progress`, if there is one."""
    if progress is not None:
        progress(stage, done, total)


def blocks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, in blocks of 4 MiB."""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block


@dataclass(frozen=True)
class _Seen:
    size: int
    mtime_ns: int
    sha256: str


def vouch(marker: Path, key: str, digests: Mapping[str, str]) -> None:
    """Writes the marker of a whole model; the last thing that a preparation does.

    Args:
        marker: where to write it.
        key: what decides the content (a pinned hash, a converter's version); another key means another model.
        digests: SHA-256 by file name, relative to the marker's folder.
    """
    seen: dict[str, object] = {}
    for name, digest in digests.items():
        stat = (marker.parent / name).stat()
        seen[name] = asdict(_Seen(stat.st_size, stat.st_mtime_ns, digest))
    partial = marker.with_name(f"{marker.name}.{os.getpid()}.partial")
    partial.write_text(json.dumps({"key": key, "files": seen}, indent=1), encoding="utf-8")
    partial.replace(marker)


def vouched_bytes(marker: Path) -> int:
    """Size in bytes of the files that a marker vouches for; 0 without a readable marker."""
    return sum(seen.size for seen in _read(marker, None).values())


def is_vouched(marker: Path, key: str, progress: Progress | None = None) -> bool:
    """Whether the model beside this marker is whole.

    Files whose size and modification time are as recorded are trusted. Files that only look newer (a restored
    backup, a copied cache) are hashed once and, if their bytes are right, the marker is refreshed.
    """
    recorded, touched = _read(marker, key), False
    for name, seen in recorded.items():
        try:
            stat = (marker.parent / name).stat()
        except OSError:
            return False
        if stat.st_size != seen.size:
            return False
        touched = touched or stat.st_mtime_ns != seen.mtime_ns
    return bool(recorded) and (not touched or _vouch_again(marker, key, recorded, progress))


def _read(marker: Path, key: str | None) -> dict[str, _Seen]:
    try:
        content = json.loads(marker.read_text(encoding="utf-8"))
        files = {name: _Seen(**seen) for name, seen in content["files"].items()}
        return files if key in (None, content["key"]) else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # an unreadable marker vouches for nothing: the model is prepared again


def _vouch_again(marker: Path, key: str, recorded: Mapping[str, _Seen], progress: Progress | None) -> bool:
    log.info("%s looks changed since it was verified; hashing it again", marker.parent)
    digests = file_digests(marker.parent, list(recorded), progress)
    right = all(digests[name] == seen.sha256 for name, seen in recorded.items())
    with suppress(OSError):  # a read-only cache is still a good cache; it is only hashed more often
        if right:
            vouch(marker, key, digests)
        else:
            marker.unlink()  # so that the next question about this model costs no hash
    return right


def file_digests(folder: Path, names: Sequence[str], progress: Progress | None = None) -> dict[str, str]:
    """SHA-256, hexadecimal, of files in a folder."""
    done, total, digests = 0, sum((folder / name).stat().st_size for name in names), {}
    for name in names:
        digest = hashlib.sha256()
        for block in blocks(folder / name):
            digest.update(block)
            done += len(block)
            report(progress, "check", done, total)
        digests[name] = digest.hexdigest()
    return digests


@contextmanager
def preparing(folder: Path, name: str) -> Iterator[None]:
    """Holds the right to prepare one model; a second process waits here, then looks whether it is ready.

    Raises:
        ModelError: the folder can't be written, or its disk is full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f"{name}.lock"):
            yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelError(
            f"The model can't be written in {folder} ({reason}): free some disk space or choose another cache folder."
        ) from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        log.info("another process is preparing %s; waiting for it", path.stem)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def require_space(folder: Path, needed: int) -> None:
    """Says at once that a disk is too small, rather than after writing most of a model.

    Raises:
        ModelError: fewer than `needed` bytes are free.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ModelError(
            f"The model needs {needed / 1e6:,.0f} MB in {folder} and {free / 1e6:,.0f} MB are free: "
            "free some disk space or choose another cache folder."
        )


def publish_folder(target: Path, fill: Callable[[Path], object]) -> None:
    """Makes a folder appear whole or not at all: `fill` writes beside it, and a rename puts it in place.

    To be called while `preparing`: the name of the temporary folder is fixed, so that one that a killed
    process left is swept away by the next.
    """
    partial, former = (target.with_name(target.name + end) for end in (".partial", ".former"))
    for leftover in (partial, former):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        partial.mkdir()
        fill(partial)
        for path in sorted(partial.rglob("*")):
            if path.is_file():
                flush(path)
        if target.exists():
            target.replace(former)  # a folder that is not empty can't be replaced in one step
        partial.replace(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def flush(path: Path) -> None:
    """Forces a file's bytes to the disk, so that a rename never outlives what it points to."""
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())
