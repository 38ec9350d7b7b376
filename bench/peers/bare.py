"""The least that a service on aiohttp can be, as a measure for bench/start.py: one address, which says it is up."""

import asyncio

from aiohttp import web


async def healthz(request):
    return web.json_response({"status": "ok"})


async def serve():
    app = web.Application()
    app.router.add_get("/healthz", healthz)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"listening on {runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


asyncio.run(serve())
