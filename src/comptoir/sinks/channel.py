"""The way to one printer: one connection, one user at a time, and whatever the printer says on it, read all the time.

A kept channel stays connected, so that a drawer opens at once and the state of the printer is known while nothing is
printed; a channel that releases is open during a turn only, for printers that other computers use too. What is sent,
and what it means for a job, is decided by the sinks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from comptoir.core.errors import NotReady, NotSent
from comptoir.core.job import OTHER_ERROR, UNREACHABLE
from comptoir.core.ports import Connection, Device, Language, QueueConnection, QueueDevice
from comptoir.core.profile import Confirm, PrinterState
from comptoir.core.queued import PULSE
from comptoir.waking import Absence

log = logging.getLogger("comptoir.printer")

ANSWER = 0.4  # seconds: a printer that can tell its state does so in a few milliseconds
PAUSE = 0.05  # seconds after which an answer of unknown length is over
WATCH = 10.0  # seconds between looks at a queue that nobody uses
POLL = 2.0  # seconds between questions to a printer that nobody uses: is it still there?
AGAIN = (1.0, 2.0, 4.0, 8.0, 15.0)  # seconds between attempts to reach a printer that is not there, or hangs up
SILENT = 60.0  # seconds for which a printer that did not answer is taken for one that cannot
_LISTEN = 3600.0
_SAID = "the printer says so itself"
_SLEPT = "this computer slept"


def cause(error: Exception) -> str:
    """Why a connection failed, in the system's words; the kind of error where it has none."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def not_sent(error: OSError) -> NotSent:
    """What a device that cannot be opened means for a job."""
    if isinstance(error, NotReady):
        return NotSent(cause(error), error.hint, error.reason)
    return NotSent(cause(error), "Is it switched on and connected?", UNREACHABLE)


class Session:
    """One open connection, and what the printer has said on it."""

    def __init__(self, connection: Connection, language: Language, heard: Callable[[], None]) -> None:
        self.connection = connection
        self._language = language
        self._hearing = language.listener()
        self._heard = heard
        self._news = asyncio.Event()
        #: why there is nothing more to hear; None: it is connected
        self.gone: Exception | None = None
        #: something is under way: whoever leaves now leaves a connection that nobody else may use
        self.dirty = False
        #: answers may come that belong to nothing of ours: the next turn is on a new connection
        self.used_up = False
        #: a job is half sent: what is sent next may be taken for a part of it
        self.unfinished = False
        #: what is written with the first bytes, and not without any
        self.first = b""
        #: this computer slept while something was under way
        self.slept = False
        #: what it has said since somebody put a question of his own; None: nobody did
        self._said: bytearray | None = None
        self._reading = asyncio.get_running_loop().create_task(self._read())

    @property
    def state(self) -> PrinterState:
        return self._hearing.state

    @property
    def identity(self) -> tuple[str, ...]:
        """Maker, model, firmware, as far as it was asked and has answered."""
        return tuple(self._hearing.identity)

    async def write(self, data: bytes) -> None:
        """Hand over bytes; while the printer says that it cannot print, it is waited for. Raises OSError."""
        first, self.first = self.first, b""
        await self.connection.write(first + data, lambda: bool(self.state.problems))

    async def ask(self, patience: float) -> bool:
        """Whether it took the question and told its state, each within so many seconds. Raises OSError."""
        before = self._hearing.answers
        self._hearing.asking()
        try:
            async with asyncio.timeout(patience):
                await self.connection.write(self._language.ask_status())
        except TimeoutError as error:
            # A serial printer that is offline takes not even a question. Half of one may be in it.
            self.gone = self.gone or error
            return False
        return await self.until(lambda: self._hearing.answers > before, patience)

    async def ask_while_it_prints(self) -> bool:
        """Whether it told its state. One whose buffer is full takes the question when there is room. Raises OSError."""
        before = self._hearing.answers
        self._hearing.asking()
        await self.write(self._language.ask_status())
        return await self.until(lambda: self._hearing.answers > before, ANSWER)

    async def pass_on(self, question: bytes, patience: float) -> bytes:
        """Put somebody else's question; what it said until it fell silent, within so many seconds. Raises OSError."""
        said = self._said = bytearray()
        self.dirty = self.used_up = True
        try:
            async with asyncio.timeout(patience):
                await self.connection.write(question)
        except TimeoutError:
            return b""
        if await self.until(lambda: bool(said), patience):
            count = 0
            while len(said) > count:
                count = len(said)
                await self.until(lambda: len(said) > count, PAUSE)  # noqa: B023 - awaited here
        self.dirty = False
        return bytes(said)

    async def watch(self) -> None:
        """Let it tell every change by itself. Raises OSError."""
        async with asyncio.timeout(ANSWER):
            await self.connection.write(self._language.watch())

    async def fence(self, confirm: Confirm, number: int, after: bytes = b"") -> None:
        """Ask to be told when all before this is done; `after`: bytes to hand over with it. Raises OSError."""
        self._hearing.fencing(confirm, number)
        await self.write(after + self._language.fence(confirm, number))

    def passed(self, confirm: Confirm, number: int) -> bool:
        return self._hearing.passed(confirm, number)

    async def until(self, done: Callable[[], bool], patience: float) -> bool:
        """Whether it came to that within so many seconds; False at once when the printer has gone."""
        try:
            async with asyncio.timeout(patience):
                while not done():
                    if self.gone is not None:
                        return False
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return done()
        return True

    def give_up(self) -> None:
        """This computer has slept: who uses it finds it broken, and nothing of it arrives any more."""
        self.slept, self.gone = True, self.gone or ConnectionAbortedError(_SLEPT)
        self._news.set()
        self._giving_up = asyncio.ensure_future(self.connection.close(drop=True))

    def distrust(self) -> None:
        """It may have gone while this computer slept: the next turn is on a new connection, and soon."""
        self.used_up = True
        self._news.set()

    async def close(self, *, drop: bool = False) -> None:
        self._reading.cancel()
        try:
            await asyncio.gather(self._reading, return_exceptions=True)
        finally:
            await self.connection.close(drop=drop)

    async def _read(self) -> None:
        try:
            while True:
                data = await self.connection.read(_LISTEN)
                if data:
                    if self._said is not None:
                        self._said += data
                    self._hearing.feed(data)
                    self._tell()
        except (EOFError, OSError) as error:
            self.gone = error
            self._tell()
        except Exception as error:
            log.exception("an error of ours while a printer was heard")
            self.gone = error
            self._news.set()

    def _tell(self) -> None:
        self._news.set()
        self._heard()


class Channel:
    """The way to a printer. `ask`: whether it may be asked for its state. `keep`: stay connected.

    answered: it is known to answer, from an earlier time: silence means trouble from the first question on.
    """

    def __init__(
        self,
        name: str,
        device: Device,
        language: Language,
        *,
        ask: bool = True,
        keep: bool = False,
        answered: bool = False,
    ) -> None:
        self.name = name
        self._device = device
        self._language = language
        #: whether it may be asked anything
        self.asks = ask and device.replies
        self._can_ask = self.asks and bool(language.ask_status())
        self._keep = keep
        #: a queue of another system, which says without a print whether the printer is ready
        self._queue = device if isinstance(device, QueueDevice) else None
        #: None: not asked yet. Once it has answered, silence means trouble; until then, that it cannot answer.
        self.answers: bool | None = (answered or None) if self._can_ask else False
        #: why it prints nothing at the moment: (reason, message)
        self.trouble: tuple[str, str] | None = None
        #: what it said last
        self.state = PrinterState()
        #: called after each change of trouble or state, on the event loop
        self.on_change: list[Callable[[], None]] = []
        #: the last job was cut short: the printer may be in the middle of a picture
        self.cut_short = False
        self._turns = asyncio.Lock()
        self._session: Session | None = None
        self._failures = 0
        self._hang_ups = 0
        #: until when a printer that did not answer is not asked again, on the clock of the event loop
        self._silent_until = 0.0
        #: it is to be looked for at once
        self._look_now = asyncio.Event()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Session]:
        """The printer for yourself, in the order of asking: it is there and says that it can print. Raises NotSent."""
        async with self._turns:
            session = await self._ready(anew=True)
            try:
                if self.cut_short:
                    await self._recover(session)
                yield session
            finally:
                await self._after(session)

    async def pass_on(self, question: bytes, patience: float) -> bytes:
        """Put a question of somebody who believes to speak to the printer itself; its answer, empty for none.

        Between two jobs, and also when it says that it cannot print: it may be asked why. Raises NotSent.
        """
        try:
            async with asyncio.timeout(patience), self._turns:
                session = self._session or await self._open()
                try:
                    return await session.pass_on(question, patience)
                except OSError as error:
                    session.gone = session.gone or error
                    raise NotSent(cause(error), "Is it switched on and connected?", UNREACHABLE) from error
                finally:
                    await self._after(session)
        except TimeoutError:
            return b""

    def woke(self, absence: Absence) -> None:
        """This computer has slept. What was under way does not come out after it; what is kept, is made anew."""
        session = self._session
        if session is not None and session.dirty and absence.certain:
            session.give_up()
        elif session is not None:
            session.distrust()
        self._look_now.set()

    def forget(self) -> None:
        """It may be another printer now: whether it answers is found out anew."""
        self.answers = None if self._can_ask else False

    async def run(self) -> None:
        """Stay connected and hear of it, until cancelled. Returns at once where the printer is not kept."""
        clean = self._queue is None
        while (self._keep and self._can_ask) or self._queue is not None:
            self._look_now.clear()
            try:
                async with self._turns:
                    if self._queue is not None and not clean:
                        clean = await self._queue.clean(PULSE)
                    session = await self._ready()
                    await self._after(session)
            except NotSent:
                pass  # it is told as trouble
            except Exception:
                log.exception("printer %s: an error of ours while it was watched", self.name)
                self._failures += 1
            await self._rest()

    async def close(self) -> None:
        """Hang up. Never raises."""
        await self._end(drop=self._session is not None and self._session.dirty)

    # -- one connection -----------------------------------------------------------------------------------------------

    async def _ready(self, *, anew: bool = False) -> Session:
        """A session with a printer that can print. Raises NotSent; then nothing was sent but questions.

        anew: one that did not answer a while ago is asked again; some print what they do not know of the question.
        """
        try:
            session = await self._answering(anew)
        except NotSent as error:
            self._failures += 1
            # What it said before is not known to be so any more.
            self._know((error.reason, error.sentences), PrinterState())
            await self._end(drop=False)
            raise
        except BaseException:
            await self._end(drop=False)  # half a question may be in it
            raise
        self._failures = 0
        problems = session.state.problems
        self._know((problems[0], _SAID) if problems else None, session.state)
        if problems:
            if not self.kept:
                await self._end(drop=False)
            raise NotSent(_SAID, "", problems[0])
        return session

    async def _recover(self, session: Session) -> None:
        """End what the last job left open, on a paper of its own. Raises NotSent."""
        if isinstance(session.connection, QueueConnection):
            session.first, self.cut_short = self._language.recover(), False
            return  # a job of its own would have no title there
        session.dirty = session.unfinished = True
        try:
            await session.write(self._language.recover())
        except OSError as error:
            raise NotSent(cause(error), "Is it switched on and connected?", UNREACHABLE) from error
        session.dirty = session.unfinished = self.cut_short = False

    async def _answering(self, anew: bool) -> Session:
        """An open session; the printer has answered, or is one that cannot. Raises NotSent."""
        if self._session is not None and self._session.used_up:
            await self._end(drop=False)
        kept = self._session is not None
        session = self._session or await self._open()
        if self.answers is False and not (anew and self._asks_again()):
            return session
        answered = await self._asked(session)
        if not answered and kept:
            # It was switched off, or has hung up after a while: a new connection tells. The old one ends in order:
            # a reset would take from the printer what it was sent before and has not read.
            await self._end(drop=False)
            kept, session = False, await self._open()
            answered = await self._asked(session)
        if session.gone is not None:
            raise NotSent("it hung up before it was sent anything", "Is it switched on and connected?", UNREACHABLE)
        if not answered and self.answers:
            raise NotSent("it does not answer any more", "Is it switched on and ready?", OTHER_ERROR)
        self.answers = answered
        if not answered:
            self._silent_until = asyncio.get_running_loop().time() + SILENT
        elif self.kept and not kept:
            await self._watch(session)
        return session

    def _asks_again(self) -> bool:
        """Another computer may have had the printer when it was asked: silence is not believed for ever."""
        return self._can_ask and asyncio.get_running_loop().time() >= self._silent_until

    async def _asked(self, session: Session) -> bool:
        try:
            return session.gone is None and await session.ask(ANSWER)
        except OSError as error:
            session.gone = session.gone or error
            return False

    async def _open(self) -> Session:
        try:
            connection = await self._device.open()
        except OSError as error:
            # A printer that was switched off may come back as another one.
            if self._can_ask and self.answers is False:
                self.answers = None
            raise not_sent(error) from error
        self._session = Session(connection, self._language, self._listen)
        return self._session

    async def _watch(self, session: Session) -> None:
        try:
            await session.watch()
        except OSError as error:
            session.gone = session.gone or error

    @property
    def kept(self) -> bool:
        """Whether the connection outlives a turn. One that never says a word does not: nobody would notice its end."""
        return self._keep and self.answers is not False

    async def _after(self, session: Session) -> None:
        """The end of a turn."""
        self.cut_short = self.cut_short or session.unfinished or bool(session.first)
        if session.dirty or session.gone is not None:
            # What of it has not arrived must not come out behind everybody's back.
            await self._end(drop=session.dirty)
        elif session.used_up or not self.kept:
            await self._end(drop=False)

    async def _end(self, *, drop: bool) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        closing = asyncio.ensure_future(session.close(drop=drop))
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await closing  # nobody else would
            raise

    async def _rest(self) -> None:
        """Until it is time to look again."""
        session = self._session
        if session is not None:
            await session.until(self._look_now.is_set, POLL)
            self._hang_ups = self._hang_ups + 1 if session.gone is not None else 0
        # A printer that hangs up on whoever is idle must not be called without a pause.
        attempts = self._failures or self._hang_ups
        if attempts:
            await self._pause(AGAIN[min(attempts, len(AGAIN)) - 1])
        elif session is None:
            await self._pause(POLL if self.answers is not False else SILENT if self._queue is None else WATCH)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._look_now.wait()

    # -- what is known of it ------------------------------------------------------------------------------------------

    def say(self, trouble: tuple[str, str] | None) -> None:
        """What keeps the printer from going on with a job, by its queue; None: nothing any more."""
        self._know(trouble, self.state)

    def _listen(self) -> None:
        """The printer has said something, or hung up."""
        session = self._session
        if session is None or not session.state.heard:
            return
        problems = session.state.problems
        self._know((problems[0], _SAID) if problems else None, session.state)

    def _know(self, trouble: tuple[str, str] | None, state: PrinterState) -> None:
        if (trouble, state) == (self.trouble, self.state):
            return
        known, self.trouble, self.state = self.trouble, trouble, state
        if trouble != known:
            if trouble is None:
                log.info("printer %s: ready again", self.name)
            else:
                log.warning("printer %s: %s: %s", self.name, *trouble)
        for listener in list(self.on_change):
            listener()
