"""Finds out what a printer can, by asking it: who it is, and by what it confirms. Done at its set-up, by a person.

A printer that does not know a question may print a few characters of it: never done behind anybody's back.
"""

from __future__ import annotations

from comptoir.core.errors import ComptoirError, NotSent
from comptoir.core.ports import Language, QueueConnection
from comptoir.core.profile import Confirm
from comptoir.sinks.channel import Channel, Session
from comptoir.sinks.facts import Facts, Learned

PATIENCE = 1.5  # seconds that a printer has for each answer


class ProbeFailed(ComptoirError):
    """The printer could not be asked."""

    code = "probe"
    http_status = 503


async def probe(channel: Channel, language: Language, facts: Facts, now: int) -> Learned:
    """Ask, and remember what was answered. Raises ProbeFailed."""
    channel.forget()
    try:
        async with channel.turn() as session:
            session.dirty = True
            # One that never answers DLE EOT may answer these all the same; one that must not be asked is not asked.
            identity = await _identity(session, language) if channel.asks else ()
            confirms = await _confirms(session, language) if channel.asks else ()
            if not isinstance(session.connection, QueueConnection):  # a job of its own, to a printer of any language
                await session.write(language.reset + (language.watch() if channel.answers else b""))
            _still_well(session)
            session.dirty = False
    except NotSent as error:
        raise ProbeFailed(f"the printer cannot be asked: {error.message}", error.hint) from None
    except OSError as error:
        raise ProbeFailed(f"the connection to the printer broke: {error}", "Switch it on, then try again.") from None
    await facts.learn(answers=bool(channel.answers), confirms=confirms, identity=identity, probed_at=now)
    return facts.learned


def _still_well(session: Session) -> None:
    """The silence of a printer that has gone or stopped meanwhile does not say that it cannot. Raises ProbeFailed."""
    if session.gone is not None:
        raise ProbeFailed("the printer hung up while it was asked", "Switch it on, then try again.")
    if session.state.problems:
        raise ProbeFailed(
            f"the printer stopped while it was asked: {session.state.problems[0]}", "Help it, then again."
        )


async def _identity(session: Session, language: Language) -> tuple[str, ...]:
    question = language.ask_identity()
    if not question:
        return ()
    await session.write(question)
    await session.until(lambda: len(session.identity) >= _PARTS, PATIENCE)
    return session.identity


async def _confirms(session: Session, language: Language) -> tuple[Confirm, ...]:
    """Those that were answered, strongest first."""
    answered: list[Confirm] = []
    for number, confirm in enumerate(language.confirms, 1):
        await session.fence(confirm, number)
        if await session.until(lambda c=confirm, n=number: session.passed(c, n), PATIENCE):  # type: ignore[misc]
            answered.append(confirm)
    return tuple(answered)


_PARTS = 3  # maker, model, firmware
