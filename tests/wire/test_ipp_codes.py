"""IPP's numbers, against those of the RFCs."""

from __future__ import annotations

from comptoir.wire.ipp_codes import JobState, Operation, PrinterStatus, Status


def test_some_that_the_rfcs_print() -> None:
    """RFC 8011 §5.3.7, §5.4.11, §5.4.15 and Appendix B; PWG 5100.13 for Identify-Printer."""
    assert (Operation.PRINT_JOB, Operation.GET_PRINTER_ATTRIBUTES, Operation.IDENTIFY_PRINTER) == (0x02, 0x0B, 0x3C)
    assert (JobState.PENDING, JobState.COMPLETED) == (3, 9)
    assert (PrinterStatus.IDLE, PrinterStatus.STOPPED) == (3, 5)
    assert (Status.NOT_FOUND, Status.BUSY) == (0x0406, 0x0507)


def test_what_went_well_is_below_0x100() -> None:
    assert {one for one in Status if one < 0x100} == {one for one in Status if one.name.startswith("OK")}
