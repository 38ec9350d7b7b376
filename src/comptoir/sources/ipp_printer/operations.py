"""What is done about each operation: RFC 8011 §4.2 and §4.3, PWG 5100.7 and 5100.13.

"successful-ok" to a document means that it is in the archive, on disk. What this printer does not leave to clients, as
pausing it, is answered as not authorized: the station's own pages are there for it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urlsplit

from comptoir.core.errors import JournalError
from comptoir.core.job import CANCELED_BY_USER, Job
from comptoir.sources.ipp_printer.asking import JOBS, Answer, Asked
from comptoir.sources.ipp_printer.book import Book, TooManyOpen
from comptoir.sources.ipp_printer.capabilities import OPERATIONS
from comptoir.sources.ipp_printer.describing import Describing
from comptoir.sources.ipp_printer.documents import Documents
from comptoir.sources.ipp_printer.print_job import STOPPING, PrintJob, Standing
from comptoir.sources.ipp_printer.subscriptions import Subscriptions
from comptoir.wire.ipp_codes import JobState, Operation, Status
from comptoir.wire.ipp_request import Refused, check

log = logging.getLogger("comptoir.capture")

Withdraw = Callable[[Job, str], Awaitable[bool]]
Handler = Callable[[Asked], Awaitable[Answer]]
CANCELED = Standing(JobState.CANCELED, (CANCELED_BY_USER,))
STOPPED_SOON = Standing(JobState.PROCESSING, (STOPPING,))


class Operations:
    """Answers requests. One for each printer."""

    def __init__(
        self, book: Book, documents: Documents, describing: Describing, subscriptions: Subscriptions, withdraw: Withdraw
    ) -> None:
        self._book = book
        self._documents = documents
        self._describing = describing
        self._withdraw = withdraw
        self._handlers: dict[int, Handler] = {
            Operation.PRINT_JOB: documents.print,
            Operation.VALIDATE_JOB: documents.validate,
            Operation.CREATE_JOB: documents.create,
            Operation.SEND_DOCUMENT: self._of_owner(documents.send),
            Operation.CLOSE_JOB: self._of_owner(documents.close),
            Operation.HOLD_JOB: self._of_owner(documents.hold),
            Operation.RELEASE_JOB: self._of_owner(documents.release),
            Operation.RESTART_JOB: self._of_owner(_no_restart),
            Operation.CANCEL_JOB: self._of_owner(self._cancel),
            Operation.SET_JOB_ATTRIBUTES: self._of_owner(lambda asked, job: _not_settable(asked)),
            Operation.GET_JOB_ATTRIBUTES: self._job,
            Operation.CANCEL_MY_JOBS: self._cancel_mine,
            Operation.GET_JOBS: _at_once(describing.jobs),
            Operation.GET_PRINTER_ATTRIBUTES: _at_once(describing.printer),
            Operation.GET_PRINTER_SUPPORTED_VALUES: _at_once(describing.supported_values),
            Operation.SET_PRINTER_ATTRIBUTES: _not_settable,
            Operation.IDENTIFY_PRINTER: self._identify,
            Operation.CREATE_PRINTER_SUBSCRIPTIONS: _at_once(subscriptions.create),
            Operation.GET_SUBSCRIPTION_ATTRIBUTES: _at_once(subscriptions.one),
            Operation.GET_SUBSCRIPTIONS: _at_once(subscriptions.all),
            Operation.RENEW_SUBSCRIPTION: _at_once(subscriptions.renew),
            Operation.CANCEL_SUBSCRIPTION: _at_once(subscriptions.cancel),
            Operation.GET_NOTIFICATIONS: _at_once(subscriptions.notifications),
        }

    async def answer(self, asked: Asked) -> Answer:
        """The answer to a request whose groups and syntax `accept` has checked. It never raises."""
        try:
            return await self._handlers.get(asked.message.code, _not_yours)(asked)
        except Refused as refused:
            return refusal(refused)
        except (JournalError, TooManyOpen) as error:
            # CUPS tries again after this one. After a temporary-error it waits for the job to end, and when that is
            # aborted, it says that it was completed.
            return Answer(Status.SERVICE_UNAVAILABLE, message=error.sentences)

    # -- jobs ---------------------------------------------------------------------------------------------------------

    def _named(self, asked: Asked) -> PrintJob:
        """The job that a request is about. Raises Refused."""
        number = _number(asked)
        job = self._book.job(number)
        if job is not None:
            return job
        if asked.message.code == Operation.SEND_DOCUMENT and self._book.was_open(number):
            # CUPS begins anew after this one, and stops its queue after a not-found.
            raise Refused(Status.NOT_POSSIBLE, f"job {number} was open when the station ended; create it again")
        raise Refused(Status.NOT_FOUND, f"there is no job {number}")

    def _of_owner(self, handler: Callable[[Asked, PrintJob], Awaitable[Answer]]) -> Handler:
        """Others' jobs are not touched: names are what clients say, and still keep honest ones apart."""

        async def handled(asked: Asked) -> Answer:
            job = self._named(asked)
            if job.user != asked.user:
                raise Refused(Status.NOT_AUTHORIZED, f"job {job.number} belongs to {job.user}")
            return await handler(asked, job)

        return handled

    async def _job(self, asked: Asked) -> Answer:
        number = _number(asked)
        if self._book.was_open(number):
            # The document did not come, or this job would be known. CUPS takes a not-found for a success, and a
            # connection that breaks before the answer as well: only a state that is not known keeps it from that.
            return Answer(groups=(self._describing.lost(number, asked.places),))
        job = self._named(asked)
        wanted = asked.requested or frozenset({"all"})
        return Answer(groups=(self._describing.job(job, asked.places, wanted),))

    async def _cancel(self, asked: Asked, job: PrintJob) -> Answer:
        if not await self._cancelled(job, asked.user):
            raise Refused(Status.NOT_POSSIBLE, f"job {job.number} is {_how(job)}")
        return Answer()

    async def _cancel_mine(self, asked: Asked) -> Answer:
        """Cancel-My-Jobs, PWG 5100.7: those that are named, all or none; else all that are open."""
        numbers = [number for number in asked.attributes.all("job-ids") if isinstance(number, int)]
        if not numbers:
            for job in [one for one in self._book if one.user == asked.user and not one.final]:
                await self._cancelled(job, asked.user)
            return Answer()
        jobs = [self._book.job(number) for number in numbers]
        mine = [job for job in jobs if job is not None and job.user == asked.user and not job.final]
        if len(mine) != len(numbers):
            raise Refused(Status.NOT_POSSIBLE, "not all of these jobs are yours and open")
        for job in mine:
            await self._cancelled(job, asked.user)
        return Answer()

    async def _cancelled(self, job: PrintJob, user: str) -> bool:
        """Whether anything of it will not be printed for that. What is archived stays archived."""
        if job.final:
            return False
        taken = [await self._withdraw(job.jobs[number], user) for number in job.wanted]
        if job.held or not job.closed:
            await self._documents.forget(job)
            # CUPS cancels a job whose document was refused, to send it again. Where it sees the job cancelled before it
            # has begun to, it gives the print up: so this takes a moment, as it may (RFC 8011 §4.3.3).
            self._book.end(job, STOPPED_SOON if job.refused else CANCELED)
            return True
        return any(taken)

    async def _identify(self, asked: Asked) -> Answer:
        log.info("%s wants to know which printer this is: %s", asked.user, asked.text("message") or "here")
        return Answer()


def accept(asked_message: Asked) -> Asked:
    """The same, checked. Raises Refused."""
    return replace(asked_message, attributes=check(asked_message.message, OPERATIONS))


def refusal(refused: Refused) -> Answer:
    return Answer(refused.status, message=refused.message, unsupported=refused.unsupported)


def _number(asked: Asked) -> int:
    """Of the job that a request is about; 0 for none."""
    number = asked.attributes.number("job-id")
    if number is not None:
        return number
    path = urlsplit(asked.text("job-uri")).path
    word = path.removeprefix(JOBS)
    return int(word) if path.startswith(JOBS) and word.isascii() and word.isdecimal() and len(word) < 11 else 0


def _at_once(handler: Callable[[Asked], Answer]) -> Handler:
    async def handled(asked: Asked) -> Answer:
        return handler(asked)

    return handled


async def _not_yours(asked: Asked) -> Answer:
    raise Refused(Status.NOT_AUTHORIZED, "this is done on the station's own pages")


async def _no_restart(asked: Asked, job: PrintJob) -> Answer:
    raise Refused(Status.NOT_POSSIBLE, "it is printed again from the archive, on the station's own pages")


async def _not_settable(asked: Asked) -> Answer:
    raise Refused(Status.NOT_SETTABLE, "nothing of this can be set by clients")


def _how(job: PrintJob) -> str:
    return job.standing.state.name.lower()
