"""Failures of a network have the same words on every system."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest
from tests.peers.services import free_port

from comptoir.windows.networking import words


def failure(number: int, winerror: int | None = None) -> OSError:
    error = OSError(number, "Der Remotecomputer hat das Netzwerk abgelehnt")
    if winerror is not None:
        setattr(error, "winerror", winerror)  # noqa: B010 - systems but Windows have none
    return error


@pytest.mark.parametrize(
    ("number", "winerror", "said"),
    [
        (errno.EINVAL, 1225, "Connection refused"),
        (10061, 10061, "Connection refused"),
        (10061, None, "Connection refused"),
        (errno.EINVAL, 1231, "Network is unreachable"),
        (errno.EINVAL, 1232, "No route to host"),
        (10060, None, "Connection timed out"),
        (10054, 10054, "Connection reset by peer"),
        (errno.ENOENT, None, "No such file or directory"),
        (errno.ENOENT, 2, "No such file or directory"),
    ],
)
def test_the_system_s_words(number: int, winerror: int | None, said: str) -> None:
    assert words(failure(number, winerror)) == said


def test_a_number_of_windows_is_another_one_elsewhere() -> None:
    """64 is ERROR_NETNAME_DELETED there, and ENONET here."""
    assert words(failure(errno.EINVAL, 64)) == "Connection reset by peer"
    assert words(failure(64)) != "Connection reset by peer"


@pytest.mark.parametrize("error", [ValueError("x"), OSError("x"), socket.gaierror(-2, "x")])
def test_what_has_no_number_has_no_words(error: Exception) -> None:
    assert words(error) == ""


async def test_nobody_there_is_a_refused_connection() -> None:
    with pytest.raises(ConnectionRefusedError) as caught:
        await asyncio.open_connection("127.0.0.1", free_port())
    assert words(caught.value) == "Connection refused"
