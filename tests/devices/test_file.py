from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from comptoir.core.errors import ConfigError
from comptoir.devices.file import FileDevice


async def send(device: FileDevice, data: bytes) -> str:
    connection = await device.open()
    await connection.write(data)
    words = await connection.finish()
    await connection.close()
    return words


async def test_a_folder_gets_a_file_for_each_job(tmp_path: Path) -> None:
    device = FileDevice(tmp_path.as_uri(), tmp_path)
    first = await send(device, b"one")
    await send(device, b"two")
    files = sorted(tmp_path.iterdir())
    assert [file.read_bytes() for file in files] == [b"one", b"two"]
    assert first == f"written to {files[0].name}"


async def test_a_job_that_was_not_finished_has_no_name(tmp_path: Path) -> None:
    connection = await FileDevice(f"{tmp_path.as_uri()}/new/", tmp_path).open()
    await connection.write(b"half")
    await connection.close()
    assert [path.suffix for path in (tmp_path / "new").iterdir()] == [".part"]


async def test_a_file_grows(tmp_path: Path) -> None:
    device = FileDevice(f"{tmp_path.as_uri()}/out.prn", tmp_path)
    assert await send(device, b"one") == "written"
    await send(device, b"two")
    assert (tmp_path / "out.prn").read_bytes() == b"onetwo"


async def test_a_relative_path_is_in_the_printers_folder(tmp_path: Path) -> None:
    await send(FileDevice("file:out.prn", tmp_path), b"x")
    assert (tmp_path / "out.prn").read_bytes() == b"x"


@pytest.mark.skipif(os.name == "nt", reason="device nodes are Unix")
async def test_a_device_node_needs_no_sync(tmp_path: Path) -> None:
    assert await send(FileDevice("file:///dev/null", tmp_path), b"x" * 100_000) == "written"


async def test_what_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await FileDevice(f"{tmp_path.as_uri()}/no/such/out.prn", tmp_path / "ours").open()
    connection = await FileDevice("file:deep/out.prn", tmp_path / "ours").open()
    await connection.close()
    assert (tmp_path / "ours" / "deep").is_dir(), "our own folder is made"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
async def test_a_full_disk_is_an_os_error(tmp_path: Path) -> None:
    connection = await FileDevice("file:///dev/full", tmp_path).open()
    with pytest.raises(OSError, match="No space left"):
        await connection.write(b"x")
    await connection.close()


@pytest.mark.parametrize("uri", ["file:", "file:///", "file://server/share"])
def test_a_uri_that_names_no_file(uri: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="names no file"):
        FileDevice(uri, tmp_path)
