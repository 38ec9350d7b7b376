"""The load generator: a process of its own, on a core of its own, that prints what it has measured as JSON.

`load.py jobs …`: closed loop. Each client posts, waits until its job is accepted and until the station
has heard that the result is on disk, and posts the next. `load.py idle …`: many stations connect and
stay; a line on standard input ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
import traceback
from typing import Any

import msgspec
import uvloop

from stations import STATIONS
from wires import Http

HOST = "127.0.0.1"
GIVE_UP = 60.0  # seconds after which a job that is not recorded is lost

LINE = "Deux cafés, un thé à la menthe et une tarte fine aux pommes      14,80 €\n"
BODY = msgspec.json.encode({"content": (LINE * 8)[:560] + "\nMerci de votre visite.\n"})


class _Id(msgspec.Struct):
    id: int


class Phase(msgspec.Struct):
    """What one number of clients has measured; times in ms."""

    clients: int
    jobs: int
    seconds: float
    accepted: list[float]  # p50, p99 of POST to its answer
    recorded: list[float]  # p50, p99 of POST to "recorded"
    busy: float  # share of its core that the generator itself used

    @property
    def rate(self) -> float:
        return self.jobs / self.seconds


class Told(msgspec.Struct):
    """What a process of jobs has measured. `ended`: all of its jobs, the warm-up included."""

    ended: int
    phases: list[Phase]


_id = msgspec.json.Decoder(_Id).decode


class Load:
    """Clients and one station."""

    def __init__(self, kind: str) -> None:
        self._waiting: dict[int, asyncio.Future[float]] = {}
        self._early: dict[int, float] = {}
        self.ended = 0
        self.station = STATIONS[kind](self._recorded)

    def _recorded(self, job: int) -> None:
        now = time.perf_counter()
        waiter = self._waiting.pop(job, None)
        if waiter is not None:
            waiter.set_result(now)
        elif self._early.setdefault(job, now) != now:
            raise RuntimeError(f"job {job} was recorded twice")

    async def _recorded_at(self, job: int) -> float:
        if (at := self._early.pop(job, None)) is not None:
            return at
        waiter: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[job] = waiter
        return await waiter

    async def _client(self, http: Http, until: float, times: list[tuple[float, float]]) -> None:
        while (start := time.perf_counter()) < until:
            job = _id(await http.post(BODY)).id
            accepted = time.perf_counter()
            recorded = await self._recorded_at(job)
            times.append((accepted - start, recorded - start))
            self.ended += 1

    async def phase(self, port: int, clients: int, seconds: float) -> Phase:
        """Run this many clients for a while; every job that was begun is waited for."""
        connections = [await Http.connect(HOST, port) for _ in range(clients)]
        times: list[tuple[float, float]] = []
        start, cpu = time.perf_counter(), time.process_time()
        async with asyncio.timeout(seconds + GIVE_UP):
            await asyncio.gather(*(self._client(http, start + seconds, times) for http in connections))
        took, used = time.perf_counter() - start, time.process_time() - cpu
        for http in connections:
            http.close()
        if self._waiting or self._early:
            raise RuntimeError(f"jobs that nobody posted were recorded: {list(self._early)[:5]}")
        accepted, recorded = (sorted(column) for column in zip(*times, strict=True))
        return Phase(clients, len(times), took, _quantiles(accepted), _quantiles(recorded), used / took)


def _quantiles(times: list[float]) -> list[float]:
    return [times[min(len(times) - 1, len(times) * part // 100)] * 1000 for part in (50, 99)]


def _fail(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Whatever goes wrong in a callback ends the measurement."""
    error = context.get("exception")
    print(context["message"], *traceback.format_exception(error), sep="\n", file=sys.stderr, flush=True)
    os._exit(1)


async def jobs(options: argparse.Namespace) -> Told:
    asyncio.get_running_loop().set_exception_handler(_fail)
    load = Load(options.kind)
    await load.station.connect(HOST, options.port, options.station, options.token)
    await load.phase(options.port, 32, options.warm_up)
    await load.phase(options.port, 1, options.warm_up / 2)
    phases = [await load.phase(options.port, clients, options.seconds) for clients in options.clients]
    load.station.close()
    return Told(load.ended, phases)


async def idle(options: argparse.Namespace) -> None:
    """Connect stations in two steps, saying "ready" after each; a line on standard input begins the next."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_fail)
    stations = [STATIONS[options.kind](lambda job: None) for _ in range(options.first + options.count)]
    for number, station in enumerate(stations):
        await station.connect(HOST, options.port, f"station-{number}", f"token-{number}")
        if number + 1 in (options.first, len(stations)):
            print("ready", flush=True)
            await loop.run_in_executor(None, sys.stdin.readline)
    for station in stations:
        station.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=["jobs", "idle"])
    parser.add_argument("kind", choices=list(STATIONS))
    parser.add_argument("port", type=int)
    parser.add_argument("--station", default="counter")
    parser.add_argument("--token", default="")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 32])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--warm-up", type=float, default=1.0)
    parser.add_argument("--first", type=int, default=50)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    signal.alarm(int(2 * GIVE_UP + 4 * options.seconds + 2 * options.warm_up))
    if options.work == "idle":
        uvloop.run(idle(options))
    else:
        print(msgspec.json.encode(uvloop.run(jobs(options))).decode(), flush=True)


if __name__ == "__main__":
    main()
