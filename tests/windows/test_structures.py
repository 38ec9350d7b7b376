"""The spooler's structures as bytes, of 64 and of 32 bits; and any other bytes in their place."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers.winspool import JOB, recorded

from comptoir.windows.structures import (
    Bits,
    JobStatus,
    is_xps_driver,
    jobs,
    notified,
    printer_condition,
    printers,
    size_of_job,
    size_of_notice,
)

BASES = (0x1000, 0x7FF6_1234_0000)


@pytest.mark.parametrize(("bits", "level", "size"), [(8, 2, 160), (8, 4, 160), (4, 2, 104), (4, 4, 108)])
def test_sizes_as_the_compiler_has_them(bits: Bits, level: int, size: int) -> None:
    assert size_of_job(bits, level) == size


@pytest.mark.parametrize("level", [2, 4])
@pytest.mark.parametrize("bits", [4, 8])
def test_jobs(bits: Bits, level: int) -> None:
    others = [
        replace(JOB, number=8, status=JobStatus.PRINTED | JobStatus.RETAINED, datatype="NT EMF 1.008"),
        replace(JOB, number=9, title="", user="", size=5_000_000_000 if level == 4 else 5),
    ]
    base = BASES[0] if bits == 4 else BASES[1]
    buffer = recorded([JOB, *others], base, bits, level)
    assert jobs(buffer, base, 3, bits, level) == [JOB, *others]
    assert jobs(buffer, base, 0, bits, level) == []


def test_addresses_that_lead_elsewhere_are_nothing() -> None:
    buffer = recorded([JOB], 0x1000)
    (job,) = jobs(buffer, 0x9000_0000, 1)
    assert (job.number, job.title, job.printer, job.copies, job.wishes) == (7, "", "", 1, ())


def test_what_no_calendar_knows() -> None:
    buffer = bytearray(recorded([JOB], 0x1000))
    buffer[132:148] = bytes(16)
    assert jobs(bytes(buffer), 0x1000, 1)[0].submitted is None


def test_printers() -> None:
    names = [name.encode("utf-16-le") + b"\0\0" for name in ("Reçus", "Fax")]
    for bits in (4, 8):
        form, step = ("<QQI4x", 24) if bits == 8 else ("<III", 12)
        at = 0x1000 + 3 * step
        fixed = struct.pack(form, at, 0, 0) + struct.pack(form, at + len(names[0]), 0, 0) + struct.pack(form, 0, 0, 0)
        assert printers(fixed + b"".join(names), 0x1000, 3, bits) == ["Reçus", "Fax"]


@given(st.binary(max_size=500), st.integers(0, 2**33), st.sampled_from((4, 8)), st.sampled_from((2, 4)))
def test_any_bytes(buffer: bytes, base: int, bits: Bits, level: int) -> None:
    assert len(jobs(buffer, base, 3, bits, level)) == min(3, len(buffer) // size_of_job(bits, level))


@given(st.binary(max_size=300), st.integers(0, 2**33), st.sampled_from((4, 8)))
def test_any_bytes_are_some_printer(buffer: bytes, base: int, bits: Bits) -> None:
    condition = printer_condition(buffer, base, bits)
    assert len(condition.name) <= len(buffer)
    assert is_xps_driver(buffer, bits) in (True, False)


@given(st.binary(max_size=300), st.sampled_from((4, 8)))
def test_any_bytes_are_some_notices(buffer: bytes, bits: Bits) -> None:
    told, _ = notified(buffer, bits)
    assert size_of_notice(bits, len(told)) <= max(len(buffer), 16)


def test_notices_of_other_things_are_left_out() -> None:
    """A printer's, and other fields of a job."""
    data = [(0, 0x0A, 7, 1), (1, 0x0D, 7, 2), (1, 0x0A, 7, 0x80), (1, 0x0A, 9, 0x10)]
    buffer = struct.pack("<3I4x", 2, 1, 4)
    buffer += b"".join(struct.pack("<2H2I4xQ8x", kind, what, 0, number, value) for kind, what, number, value in data)
    assert notified(buffer) == ([(7, JobStatus.PRINTED), (9, JobStatus.PRINTING)], True)
