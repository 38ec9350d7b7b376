"""Opens a cash drawer at once, or says why not. A pulse is never queued: what does not arrive now never will.

The pulse passes between two jobs, before the next one. What is said about the outcome is what is known: `opened` the
drawer's sensor says so, `processed` the printer has carried it out, `sent` the printer has the pulse and cannot say
more. Who may ask, and how often, is decided elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Literal

from comptoir.clock import steady
from comptoir.core.errors import ComptoirError, NotSent
from comptoir.core.ports import Language, QueueConnection
from comptoir.core.profile import Confirm, DrawerPulse
from comptoir.core.queued import PULSE
from comptoir.sinks.channel import Channel, Session, cause
from comptoir.sinks.facts import Facts

PATIENCE: Final = 2.0  # seconds: who stands at the till has gone on by then
MOVES: Final = 1.0  # seconds that a drawer takes to spring open, at most
LOOK: Final = 0.1  # seconds between looks at a sensor that does not tell by itself
FENCE: Final = 9999  # the number of a drawer's fence
CLEAR: Final = 9998  # the number of the one before the pulse
LEAVES: Final = 1.5  # seconds in which a pulse leaves the queue of another system, or is deleted there
DELETED: Final = 0.5  # seconds that the deletion takes, at most
MARGIN: Final = 0.5  # seconds for the rest of it

Sensor = Literal["auto", "none", "high", "low"]
Outcome = Literal["opened", "was-open", "processed", "sent"]


class DrawerError(ComptoirError):
    """The drawer was not opened."""

    code = "drawer"
    http_status = 503


class DrawerOffline(DrawerError):
    """The printer on which it hangs cannot be used now; no pulse was sent."""

    code = "drawer-offline"


class DrawerBusy(DrawerError):
    """The printer had no time for it; no pulse was sent."""

    code = "drawer-busy"


class DrawerStuck(DrawerError):
    """The pulse was carried out, and the drawer's sensor says that it is closed."""

    code = "drawer-stuck"
    http_status = 502


class DrawerUnknown(DrawerError):
    """The pulse may have been sent; the printer has not answered. Nothing will arrive later."""

    code = "drawer-unknown"
    http_status = 502


@dataclass(frozen=True, slots=True)
class DrawerConfig:
    """How a drawer is wired. `sensor`: the level that means open; auto: as learned, none: there is none.

    confirms: what its printer is believed to answer where nobody has probed it.
    """

    pulse: DrawerPulse = field(default_factory=DrawerPulse)
    sensor: Sensor = "auto"
    confirms: tuple[Confirm, ...] = ("in-order",)


@dataclass(slots=True)
class _Attempt:
    """until: by `steady`, when it is too late. sent: the pulse may have left. known: what has become of it."""

    until: float
    limit: asyncio.Timeout
    sent: bool = False
    known: bool = False


class Drawer:
    """A drawer that hangs on a printer."""

    def __init__(self, channel: Channel, language: Language, facts: Facts, config: DrawerConfig) -> None:
        self._channel = channel
        self._language = language
        self._facts = facts
        self._config = config
        self._pulse = language.pulse(config.pulse)
        self._known = self.is_open
        #: called with True (opened) or False (closed) when the sensor says so
        self.on_moved: list[Callable[[bool], None]] = []
        channel.on_change.append(self._look)

    @property
    def printer(self) -> str:
        return self._channel.name

    @property
    def works(self) -> bool:
        """Whether the printer's language can open a drawer at all."""
        return bool(self._pulse)

    @property
    def is_open(self) -> bool | None:
        """What the sensor says; None: there is none, or it is not known which level means open."""
        high, level = self._channel.state.drawer_high, self._open_is_high()
        return None if high is None or level is None else high == level

    async def open(self) -> Outcome:
        """Send the pulse now. Raises DrawerError with what is known; then no pulse arrives later."""
        self._check()
        outcome: Outcome | None = None
        async with self._trying(PATIENCE) as attempt, self._channel.turn() as session:
            await self._announce(session, attempt)
            await self._wait_for_its_turn(session)
            self._begin(session, attempt)
            outcome = await self._send(session)
            session.dirty, attempt.known = False, True
        if outcome is None:
            raise DrawerStuck(
                "the printer sent the pulse, and the drawer did not open",
                "Is it locked, blocked, or its cable not plugged in? The key opens it.",
            )
        return outcome

    async def learn(self) -> bool:
        """Find out what the sensor says of an open drawer: it is closed now, and is opened. Whether there is a sensor.

        Raises DrawerError.
        """
        self._check()
        async with self._trying(PATIENCE + MOVES) as attempt, self._channel.turn() as session:
            await self._announce(session, attempt)
            before = session.state.drawer_high
            self._begin(session, attempt)
            await self._fire(session)
            moved = before is not None and await self._sees(session, lambda: session.state.drawer_high != before)
            if not moved:
                await self._arrived(session)
            session.dirty, attempt.known = False, True
        await self._facts.learn(has_sensor=moved, open_is_high=(not before) if moved else None)
        self._known = self.is_open
        return moved

    def _check(self) -> None:
        if not self.works:
            raise DrawerError(
                f"the language of the printer {self.printer} has no command for a drawer",
                "Name the printer on which the drawer hangs: [drawer] printer.",
            )

    @asynccontextmanager
    async def _trying(self, patience: float) -> AsyncIterator[_Attempt]:
        """So many seconds, and for whatever ends them early the DrawerError that says what is known."""
        attempt = _Attempt(steady() + patience, asyncio.timeout(patience))
        try:
            async with attempt.limit:
                yield attempt
        except NotSent as error:
            raise DrawerOffline(
                f"the drawer was not opened: {error.message}", error.hint or _says(error.reason)
            ) from None
        except TimeoutError:
            if attempt.known:
                return  # it was only hanging up that took so long
            raise DrawerUnknown(*_SILENT) if attempt.sent else self._too_busy() from None
        except (OSError, EOFError) as error:
            if not attempt.sent:
                raise DrawerOffline(
                    f"the drawer was not opened: {cause(error)}", "Is it switched on and connected?"
                ) from None
            raise DrawerUnknown(f"the connection to the printer broke: {cause(error)}", _SILENT[1]) from None

    def _begin(self, session: Session, attempt: _Attempt) -> None:
        """From here on the pulse may have left. Raises DrawerBusy: the event loop's clock may stand still in sleep."""
        if steady() > attempt.until:
            raise DrawerBusy(
                "this computer slept before the pulse was sent; the drawer was not opened", "Ask once more."
            )
        session.dirty = attempt.sent = True

    def _too_busy(self) -> DrawerError:
        """Why there was no turn in time; no pulse was sent."""
        if self._channel.trouble is not None:
            reason, message = self._channel.trouble
            return DrawerOffline(f"the drawer was not opened: {message}", _says(reason))
        return DrawerBusy(
            f"the printer {self.printer} was busy for {PATIENCE:g} s; the drawer was not opened",
            "Wait until it has printed, then try again.",
        )

    async def _wait_for_its_turn(self, session: Session) -> None:
        """A printer that is still at work on what came before would send the pulse when that is done: too late.

        Only one that is known to answer is waited for. Raises DrawerBusy.
        """
        if "in-order" not in (self._facts.confirms or ()):
            return
        await session.fence("in-order", CLEAR)
        if not await session.until(lambda: session.passed("in-order", CLEAR), PATIENCE):
            raise self._too_busy()

    async def _announce(self, session: Session, attempt: _Attempt) -> None:
        """A pulse behind another print would come when nobody stands there any more. Raises DrawerBusy, OSError."""
        queue = session.connection
        if not isinstance(queue, QueueConnection):
            return
        longer = LEAVES + DELETED + MARGIN
        attempt.limit.reschedule(asyncio.get_running_loop().time() + longer)
        attempt.until = steady() + longer
        if await queue.ahead():
            raise DrawerBusy(
                f"other prints wait in the queue of {self.printer}; the drawer was not opened",
                "Wait until they are printed, or delete them there; then try again.",
            )
        await queue.begin(PULSE)

    @property
    def _confirm(self) -> Confirm | None:
        """By what the printer says that the pulse was sent: the quickest answer that it is believed to give."""
        if not self._channel.asks or (self._facts.confirms is None and not self._channel.answers):
            return None
        can = self._config.confirms if self._facts.confirms is None else self._facts.confirms
        can = tuple(confirm for confirm in can if confirm in self._language.confirms)
        return "in-order" if "in-order" in can else next(iter(can), None)

    async def _fire(self, session: Session) -> None:
        if self._confirm is None:
            await session.write(self._pulse)
        else:
            await session.fence(self._confirm, FENCE, after=self._pulse)

    async def _send(self, session: Session) -> Outcome | None:
        """None: the pulse was carried out, and the sensor says that it did not open."""
        before = self.is_open
        await self._fire(session)
        if before is not False:
            arrived = await self._arrived(session)
            return arrived if before is None else "was-open"
        if await self._sees(session, lambda: bool(self.is_open)):
            return "opened"
        await self._arrived(session)
        return None

    async def _arrived(self, session: Session) -> Outcome:
        """What is known of the pulse where no sensor tells. Raises DrawerUnknown, OSError."""
        confirm = self._confirm
        if confirm is None:
            await session.connection.finish()
            if isinstance(session.connection, QueueConnection):
                await _left(session.connection)
            return "sent"
        if not await session.until(lambda: session.passed(confirm, FENCE), PATIENCE):
            raise DrawerUnknown(*_SILENT)
        return "processed"

    async def _sees(self, session: Session, done: Callable[[], bool]) -> bool:
        """Whether the sensor said so in time. Who does not tell by itself is asked."""
        for _ in range(round(MOVES / LOOK)):
            if await session.until(done, LOOK) or session.gone is not None:
                break
            await session.ask(LOOK)
        return done()

    def _open_is_high(self) -> bool | None:
        if self._config.sensor == "auto":
            return self._facts.learned.open_is_high
        return None if self._config.sensor == "none" else self._config.sensor == "high"

    def _look(self) -> None:
        now = self.is_open
        if now is None or now == self._known:
            return
        known, self._known = self._known, now
        if known is not None:  # the first look is no movement
            for listener in list(self.on_moved):
                listener(now)


async def _left(queue: QueueConnection) -> None:
    """The pulse has left the queue; one that does not in time is deleted. Raises DrawerError, OSError."""
    clock = asyncio.get_running_loop().time
    until = clock() + LEAVES
    now = await queue.job.look(0)
    while now.phase in _IN_IT and clock() < until:
        now = await queue.job.look(min(LOOK, until - clock()))
    if now.phase in _IN_IT:
        taken = await queue.job.take_back(DELETED, begun=True)
        if taken == "nothing":
            why = now.message or "its queue did not pass the pulse on in time"
            raise DrawerOffline(f"the drawer was not opened: {why}", "The pulse was deleted, and will not come later.")
        if taken == "there":
            raise DrawerUnknown(*_STUCK)
        if taken == "left":
            now = await queue.job.look(0)
    if now.phase in ("printed", "left"):
        return
    if now.phase == "deleted":
        raise DrawerOffline("the drawer was not opened: somebody deleted the pulse from the queue", "Ask once more.")
    raise DrawerUnknown("the queue has begun with the pulse, and not come to its end", _SILENT[1])


def _says(reason: str) -> str:
    """What a printer gives as the reason, for who must do something about it."""
    return f"It says: {reason}"


_IN_IT: Final = ("waits", "prints")
_STUCK: Final = (
    "the pulse could not be deleted from the queue",
    "Look whether the drawer is open, and empty the queue of the printer.",
)
_SILENT: Final = (
    "the printer did not say that it had sent the pulse",
    "Look whether the drawer is open; nothing will arrive later.",
)
