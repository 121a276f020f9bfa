"""Archives: their members as pages, in order, without a byte on the disk."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from ingest.loaders import Source, archives, find_sources, read_page
from library.records import Failure

PAGE = "江门市科技局召开会议，部署全年的工作。"


def _zip(path: Path, *members: tuple[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(name, text)
    return path


def _tar(path: Path, mode: str, *members: tuple[str, str]) -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, text in members:
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def _read(path: Path) -> dict[str, str]:
    """Texts and reasons by the member's name."""
    found = {}
    for one in find_sources([path]):
        uri = one.uri if isinstance(one, Source) else one.path
        text = one.reason if isinstance(one, Failure) else read_page(one, one.read()).raw
        found[uri.removeprefix(f"{path.resolve()}").removeprefix("!/")] = text
    return found


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz", ".tgz"])
def test_members_are_pages(tmp_path: Path, suffix: str) -> None:
    members = [("b/2.txt", PAGE), ("a.txt", PAGE + "一"), ("x.png", "no"), (".hidden/c.txt", "no")]
    members += [("__MACOSX/d.txt", "no"), ("r.jsonl", json.dumps({"id": "7", "text": PAGE}))]
    path = tmp_path / f"pages{suffix}"
    _zip(path, *members) if suffix == ".zip" else _tar(path, "w" if suffix == ".tar" else "w:gz", *members)
    assert _read(path) == {"b/2.txt": PAGE, "a.txt": PAGE + "一", "r.jsonl#7": PAGE}
    assert _read(tmp_path) != {}  # a folder's archives are opened too


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_members_can_be_read_in_any_order_and_again(tmp_path: Path, mode: str) -> None:
    path = _tar(tmp_path / "a.tar", mode, *((f"{n}.txt", f"{PAGE}{n}") for n in range(5)))
    sources = [s for s in find_sources([path]) if isinstance(s, Source)]
    for n in (4, 0, 2, 2):
        assert sources[n].read().decode() == f"{PAGE}{n}"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_utf_8_flag_are_decoded(tmp_path: Path, encoding: str) -> None:
    path = _zip(tmp_path / "a.zip", ("xxxxxxxxxxxx.txt"[: len("江门".encode(encoding))] + ".txt", PAGE))
    data, old = path.read_bytes(), b"x" * len("江门".encode(encoding))
    path.write_bytes(data.replace(old, "江门".encode(encoding)))
    assert _read(path) == {"江门.txt": PAGE}


def test_a_second_member_of_a_name_is_told(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = _zip(tmp_path / "a.zip", ("a.txt", PAGE), ("a.txt", "other"))
    assert [getattr(f, "reason", "") for f in find_sources([path])] == ["", "a second member of that name"]


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    members = [(f"{n}.txt", PAGE) for n in range(4)]
    [failure] = find_sources([_zip(tmp_path / "a.zip", *members)])
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("an archive of more than 3 files")
    *found, last = find_sources([_tar(tmp_path / "a.tar", "w", *members)])
    assert isinstance(last, Failure)
    assert len(found) == 3


def test_a_packed_page_is_one_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(f"<html><body><p>{PAGE}</p></body></html>".encode()))
    [source] = find_sources([path])
    assert isinstance(source, Source)
    assert read_page(source, source.read()).text.chars == PAGE
