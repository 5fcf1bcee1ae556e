"""The engine's door: a Unix socket that any number of clients may watch and steer through. stdlib only.

Threads read commands into one inbox and write packets out of one bounded outbox per client; the training thread never
waits for a client. A client that reads too slowly loses frames (never other events) and is told how many.
"""

import contextlib
import os
import queue
import socket
import threading
import time
import typing
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from nnlab.wire.codec import WireError, decode, encode, split
from nnlab.wire.commands import PROTOCOL, Command, Hello
from nnlab.wire.events import Event, Frame

OUTBOX_LIMIT = 64 * 1024 * 1024
"""Bytes queued for one client before its frames are dropped; some four million steps of two scalars."""


@dataclass(eq=False)
class Client:
    """One connection.

    `spoke` once a first message has come (who only knocks, to see whether an engine is there, is no client); `greeted`
    once its Hello has been answered with the run so far.
    `outbox` holds packets with what each counts against the limit; `queued` is the sum of that. `missed` is the last
    frame that the client did not get, `dropped` how many since the last one that it got.
    """

    connection: socket.socket
    spoke: bool = False
    greeted: bool = False
    queued: int = 0
    dropped: int = 0
    missed: Frame | None = None
    outbox: deque[tuple[bytes, int]] = field(default_factory=deque)
    wake: threading.Condition = field(default_factory=threading.Condition)
    gone: bool = False


class Server:
    """Accepts clients; `inbox` yields (client, command) in order of arrival."""

    def __init__(self, path: Path, outbox_limit: int = OUTBOX_LIMIT) -> None:
        """Listen on a socket at `path` (mode 0600, in a folder of mode 0700). Raises OSError."""
        self.path = path
        self._outbox_limit = outbox_limit
        self._closing = False
        self.met = False
        """Whether any client has ever said something."""
        self.inbox: queue.SimpleQueue[tuple[Client, Command]] = queue.SimpleQueue()
        self._clients: list[Client] = []
        self._lock = threading.Lock()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        previous = os.umask(0o177)
        try:
            self._listener.bind(str(path))
        finally:
            os.umask(previous)
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True, name="accept").start()

    @property
    def watched(self) -> bool:
        """True while any client is connected that has said something."""
        with self._lock:
            return any(client.spoke for client in self._clients)

    def broadcast(self, event: Event) -> None:
        """Queue an event for every greeted client."""
        with self._lock:
            clients = [client for client in self._clients if client.greeted]
        if not clients:
            return
        packet = encode(event)
        for client in clients:
            self._queue(client, event, packet)

    def send(self, client: Client, events: Sequence[Event]) -> None:
        """Queue events for one client, whole, and let broadcasts reach it from now on. They never count as slowness."""
        packets = [(encode(event), 0) for event in events]
        with client.wake:
            client.outbox.extend(packets)
            client.wake.notify_all()
        client.greeted = True

    def farewell(self, event: Event, seconds: float = 10.0) -> None:
        """Tell every client a last event, those never greeted too; wait for a first client for at most `seconds`."""
        deadline = time.monotonic() + seconds
        while not self.watched and time.monotonic() < deadline:
            time.sleep(0.05)
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            self.send(client, [event])

    def close(self, seconds: float = 2.0) -> None:
        """Let the outboxes drain for at most `seconds`, then hang up and remove the socket."""
        self._closing = True
        with self._lock:
            clients = list(self._clients)
        deadline = time.monotonic() + seconds
        for client in clients:
            with client.wake:
                client.wake.wait_for(partial(_idle, client), timeout=max(0.0, deadline - time.monotonic()))
        for client in clients:
            self._drop(client)
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # closing alone would leave the thread in accept()
        self._listener.close()
        with contextlib.suppress(OSError):
            self.path.unlink()

    def _queue(self, client: Client, event: Event, packet: bytes) -> None:
        with client.wake:
            weight = 0
            if isinstance(event, Frame):
                weight = len(packet)
                if client.queued and client.queued + weight > self._outbox_limit:
                    client.dropped, client.missed = client.dropped + 1, event
                    return
                if client.dropped:
                    packet = encode(replace(event, dropped=client.dropped))
                    client.dropped, client.missed = 0, None
            client.queued += weight
            client.outbox.append((packet, weight))
            client.wake.notify_all()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                if self._closing:
                    return
                time.sleep(0.1)  # out of file descriptors, or a client that left at once: the door stays open
                continue
            client = Client(connection)
            with self._lock:
                self._clients.append(client)
            threading.Thread(target=self._read, args=(client,), daemon=True, name="read").start()
            threading.Thread(target=self._write, args=(client,), daemon=True, name="write").start()

    def _read(self, client: Client) -> None:
        buffer = bytearray()
        with contextlib.suppress(OSError, WireError):
            while data := client.connection.recv(65536):
                buffer += data
                for packet in split(buffer):
                    message = decode(packet)
                    if isinstance(message, Hello) and message.protocol != PROTOCOL:
                        raise WireError(f"the client speaks protocol {message.protocol}, this engine {PROTOCOL}")
                    if not isinstance(message, typing.get_args(Command)):
                        raise WireError(f"{type(message).__name__} is no command")
                    client.spoke = self.met = True
                    self.inbox.put((client, typing.cast("Command", message)))
        self._drop(client)

    def _write(self, client: Client) -> None:
        while True:
            with client.wake:
                client.wake.wait_for(lambda: client.outbox or client.gone)
                if client.gone:
                    return
                packet, weight = client.outbox[0]
            try:
                client.connection.sendall(packet)
            except OSError:
                self._drop(client)
                return
            with client.wake:
                client.outbox.popleft()
                client.queued -= weight
                if client.missed is not None and not client.outbox:
                    client.outbox.append((_notice(client.missed, client.dropped), 0))
                    client.dropped, client.missed = 0, None
                client.wake.notify_all()

    def _drop(self, client: Client) -> None:
        with self._lock:
            if client in self._clients:
                self._clients.remove(client)
        with client.wake:
            client.gone = True
            client.wake.notify_all()
        with contextlib.suppress(OSError):
            client.connection.shutdown(socket.SHUT_RDWR)
        client.connection.close()


def _notice(missed: Frame, dropped: int) -> bytes:
    """An empty frame that tells how many were missed, for a client that has caught up while no new one came."""
    return encode(replace(missed, series=(), steps=(), values=(), dropped=dropped))


def _idle(client: Client) -> bool:
    return client.gone or not client.outbox
