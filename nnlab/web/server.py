"""The web server behind `nnlab serve`, on textual-serve.

What textual-serve leaves open is closed here: a page of another site, or another name for this machine, gets no lab;
the page fetches nothing from elsewhere; visitors are counted; and when the server ends every visitor's app is ended,
and with it the engine that it started.
"""

import asyncio
from collections.abc import Callable
from importlib.resources import files
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

from nnlab.errors import UserError

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Names by which nobody but this machine reaches it."""


class LabServer(Server):
    """Serves the app that `command` starts, to `most` visitors at a time."""

    def __init__(self, command: str, host: str, port: int, most: int) -> None:
        super().__init__(command, host, port, title="nnlab")
        self._most = most
        self._visits: set[asyncio.Task[object]] = set()

    async def application(self) -> web.Application:
        """What aiohttp runs."""
        return await self._make_app()

    async def on_startup(self, app: web.Application) -> None:
        """Nothing is said before it listens."""

    async def on_shutdown(self, app: web.Application) -> None:
        """End every visit, and wait until the apps have ended."""
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page."""
        self._check(request)
        page = files("nnlab.web").joinpath("page.html").read_text(encoding="utf-8")
        return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One visit. Refuses with status 403 or 503."""
        self._check(request)
        if len(self._visits) >= self._most:
            raise web.HTTPServiceUnavailable(text=f"there are {self._most} visitors already")
        visit = asyncio.current_task()
        assert visit is not None
        self._visits.add(visit)
        try:
            return await super().handle_websocket(request)
        finally:
            self._visits.discard(visit)

    def _check(self, request: web.Request) -> None:
        """Only pages of this very server may open a lab, and a server for this machine goes by this machine's names."""
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="this lab is opened from its own page only")
        if self.host in LOOPBACK and urlsplit(f"//{request.host}").hostname not in LOOPBACK:
            raise web.HTTPForbidden(text="this lab is for this machine only")


def serve(command: str, host: str, port: int, most: int, ready: Callable[[], None]) -> None:
    """Serve until someone ends it; `ready` is called once it listens. Raises UserError where it cannot listen there."""
    try:
        web.run_app(
            LabServer(command, host, port, most).application(),
            host=host,
            port=port,
            access_log=None,
            print=lambda *_: ready(),
        )
    except OSError as error:
        raise UserError(
            f"cannot listen on {host} port {port}: {error.strerror or error}; --port takes another"
        ) from None
