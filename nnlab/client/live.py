"""A running engine as a feed.

One reader thread does nothing but decode and queue, because the engine drops frames for a client that reads slowly.
"""

import contextlib
import socket
import subprocess
import threading
import time
from collections import deque
from pathlib import Path
from typing import Self

from nnlab.client.launch import Aside, Startable, launch, log_tail
from nnlab.client.runtime import Place
from nnlab.wire.codec import WireError, decode, encode, split
from nnlab.wire.commands import Command, Hello, Stop
from nnlab.wire.events import EngineLost, Event, RunFailed, StateChanged

_KNOCK = 0.01
"""Seconds between two tries to reach an engine that is starting."""

_PATIENCE = 5.0
"""Seconds that an engine gets to end by itself before it is terminated."""

_CHUNK = 1 << 18
"""Bytes read at once."""


class LiveFeed:
    """A connection to an engine; made by `start` or `attach`. Thread-safe."""

    def __init__(self, place: Place, process: "subprocess.Popen[bytes] | None", name: str) -> None:
        self.place = place
        self._process = process
        self._socket: socket.socket | None = None
        self._queued: deque[Event] = deque()
        self._arrived = threading.Condition()
        self._unsent: deque[bytes] = deque([encode(Hello(name))])
        self._sending = threading.Lock()
        self._greeted = False
        self._farewell = False
        self._closing = threading.Event()
        self._over = False
        self._reader = threading.Thread(target=self._read, name="engine-reader", daemon=True)
        self._reader.start()

    @classmethod
    def start(
        cls,
        loaded: Startable,
        *,
        seed: int,
        device: str = "auto",
        record: str = "",
        paused: bool = False,
        pace: float = 0.0,
        resume: bool = False,
        aside: Aside | None = None,
        name: str = "client",
    ) -> Self:
        """Start an engine and connect to it; returns at once. Commands sent meanwhile are kept for it.

        `record` is the path of the run file, empty for none; `resume` goes on with the run that is in it. `pace` limits
        the steps a second (0: no limit). `aside` is for an engine that works beside another run. Closing the feed ends
        the engine. Raises RuntimeFolderError.
        """
        place, process = launch(
            loaded, seed=seed, device=device, record=record, paused=paused, pace=pace, resume=resume, aside=aside
        )
        return cls(place, process, name)

    @classmethod
    def attach(cls, path: str | Path, name: str = "client") -> Self:
        """Watch an engine that is running, by its socket. Closing the feed leaves it running."""
        path = Path(path)
        return cls(Place(path.parent, path.stem), None, name)

    def poll(self, timeout: float) -> list[Event]:
        """All events that have arrived; waits up to `timeout` seconds for the first."""
        with self._arrived:
            if timeout > 0:
                self._arrived.wait_for(lambda: self._queued or self._over, timeout)
            found = list(self._queued)
            self._queued.clear()
            return found

    @property
    def over(self) -> bool:
        """Whether no further event will come: the engine has ended and everything has been polled."""
        with self._arrived:
            return self._over and not self._queued

    def send(self, command: Command) -> None:
        """Ask for something; kept until the engine listens, forgotten when it is gone."""
        with self._sending:
            self._unsent.append(encode(command))
            if self._socket is not None:
                self._send_all(self._socket)

    def close(self) -> None:
        """Hang up. An engine that this feed started is asked to stop, then terminated, and never left as a zombie.

        One that has not begun yet has nothing to complete and is terminated at once.
        """
        if self._process is not None and not self._closing.is_set():
            if self._greeted:
                self.send(Stop())
                self._reader.join(_PATIENCE)
            else:
                self._process.terminate()
        self._hang_up()
        self._reader.join(_PATIENCE)
        if self._process is not None:
            self._end(self._process)
            self.place.clear()

    def abandon(self) -> None:
        """Close, without waiting for an engine that has nothing to complete."""
        if self._process is not None:
            self._process.kill()
        self.close()

    # --- the reader thread ---------------------------------------------------------------------------------------

    def _read(self) -> None:
        log = ""
        try:
            connection = self._connect()
            if connection is not None:
                self._receive(connection)
        except (OSError, WireError) as error:
            log = f"{error}\n"
        self._let_go()
        code = self._exit_code()
        if not self._farewell and not self._closing.is_set():
            self._put(EngineLost(code, log + log_tail(self.place.log)))
        with self._arrived:
            self._over = True
            self._arrived.notify_all()

    def _connect(self) -> socket.socket | None:
        """A connection, as soon as the engine listens; None when it ends before that or the feed is closed."""
        while not self._closing.is_set():
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.connect(str(self.place.socket))
            except (FileNotFoundError, ConnectionRefusedError):
                connection.close()
                if self._process is None:
                    raise
                if self._process.poll() is not None:
                    return None
                time.sleep(_KNOCK)
            except OSError:
                connection.close()
                raise
            else:
                with self._sending:
                    if self._closing.is_set():
                        connection.close()
                        return None
                    self._socket = connection
                    self._send_all(connection)
                return connection
        return None

    def _receive(self, connection: socket.socket) -> None:
        buffer = bytearray()
        while data := connection.recv(_CHUNK):
            buffer += data
            for packet in split(buffer):
                event = decode(packet)
                if isinstance(event, Event):
                    ended = isinstance(event, StateChanged) and event.state == "stopped"
                    self._farewell = ended or isinstance(event, RunFailed)
                    self._greeted = True
                    self._put(event)

    def _put(self, event: Event) -> None:
        with self._arrived:
            self._queued.append(event)
            self._arrived.notify_all()

    def _exit_code(self) -> int | None:
        """How the engine ended; None while it goes on or where it is not ours."""
        if self._process is None:
            return None
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(_PATIENCE)
        return None

    def _let_go(self) -> None:
        with self._sending:
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    # --- both threads --------------------------------------------------------------------------------------------

    def _send_all(self, connection: socket.socket) -> None:
        """Send what is kept, in order. A broken connection is the reader's to tell."""
        while self._unsent:
            packet = self._unsent.popleft()
            with contextlib.suppress(OSError):
                connection.sendall(packet)

    def _hang_up(self) -> None:
        """Wake the reader, which closes the connection."""
        with self._sending:
            self._closing.set()
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _end(process: "subprocess.Popen[bytes]") -> None:
        """Wait for the process, with growing insistence."""
        for insist in (process.terminate, process.kill):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0 if process.poll() is not None else 0.2)
                return
            insist()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
                return
        process.wait()
