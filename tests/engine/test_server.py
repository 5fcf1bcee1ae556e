"""The engine's door: who may come in, what they get, and that nobody there can hold up or break the others."""

import socket
import stat
import struct
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nnlab.engine.server import Client, Server
from nnlab.wire.codec import decode, encode, split
from nnlab.wire.commands import Hello, Pause, Turn
from nnlab.wire.events import Event, Frame, Marked, RunFailed, StateChanged

PATIENCE = 30.0


class Caller:
    """A client by hand."""

    def __init__(self, path: Path, hello: bool = True) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(str(path))
        self._buffer = bytearray()
        self._waiting: list[Event] = []
        if hello:
            self.socket.sendall(encode(Hello()))

    def get(self, count: int) -> list[Event]:
        """The next `count` events."""
        while len(self._waiting) < count:
            data = self.socket.recv(1 << 20)
            assert data, "hung up"
            self._buffer += data
            self._waiting += [decode(packet) for packet in split(self._buffer)]
        found, self._waiting = self._waiting[:count], self._waiting[count:]
        return found

    def dropped(self) -> bool:
        """Whether the server hangs up; what it sent before is thrown away."""
        try:
            while self.socket.recv(1 << 20):
                pass
        except ConnectionResetError:
            pass
        return True


Call = Callable[..., Caller]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "run" / "s.sock", outbox_limit=100_000)
    yield made
    made.close(0.0)


@pytest.fixture
def call(server: Server) -> Iterator[Call]:
    """Makes callers, and hangs up at the end."""
    callers: list[Caller] = []

    def make(hello: bool = True) -> Caller:
        callers.append(Caller(server.path, hello))
        return callers[-1]

    yield make
    for caller in callers:
        caller.socket.close()


def greeted(server: Server, caller: Caller) -> Client:
    """Answer the caller's Hello, as the lab does."""
    client, command = server.inbox.get(timeout=PATIENCE)
    assert command == Hello()
    server.send(client, [Marked(0, "note", "hello")])
    assert caller.get(1) == [Marked(0, "note", "hello")]
    return client


def frame(step: int, points: int = 1000) -> Frame:
    return Frame(step, ("a",), (array("q", range(points)),), (array("d", [0.5]) * points,))


def test_only_the_owner_may_come_in(server: Server) -> None:
    assert stat.S_IMODE(server.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.path.parent.stat().st_mode) == 0o700


def test_commands_arrive_in_order_and_events_reach_everybody(server: Server, call: Call) -> None:
    callers = [call() for _ in range(3)]
    for _ in callers:
        client, _ = server.inbox.get(timeout=PATIENCE)
        server.send(client, [])
    turns = [Turn("lr", step / 100, step) for step in range(50)]
    callers[1].socket.sendall(b"".join(map(encode, turns)))
    assert [server.inbox.get(timeout=PATIENCE)[1] for _ in turns] == turns
    told = [StateChanged(step, "running") for step in range(20)]
    for event in told:
        server.broadcast(event)
    for caller in callers:
        assert caller.get(20) == told


def test_nobody_is_told_anything_before_being_greeted(server: Server, call: Call) -> None:
    caller = call()
    client, _ = server.inbox.get(timeout=PATIENCE)
    server.broadcast(Marked(1, "note", "too early"))
    server.send(client, [Marked(0, "note", "hello")])
    server.broadcast(Marked(2, "note", "in time"))
    assert [event.text for event in caller.get(2)] == ["hello", "in time"]


@pytest.mark.parametrize(
    "packet",
    [
        b"\xff" * 64, b"GET / HTTP/1.1\r\n\r\n", struct.pack("<II", 8, 4) + b"junk", encode(Hello(protocol=99)),
        encode(StateChanged(0, "running")), struct.pack("<I", 2**31),
        struct.pack("<II", 100_007, 100_003) + b"[]\n" + b"[" * 100_000,
    ],
    ids=["bytes", "http", "junk", "version", "event", "length", "depth"],
)  # fmt: skip
def test_who_breaks_the_protocol_is_dropped_and_the_others_live(server: Server, call: Call, packet: bytes) -> None:
    good = call()
    greeted(server, good)
    bad = call(hello=False)
    bad.socket.sendall(packet)
    assert bad.dropped()
    server.broadcast(Marked(1, "note", "still here"))
    assert good.get(1) == [Marked(1, "note", "still here")]
    good.socket.sendall(encode(Pause()))
    assert server.inbox.get(timeout=PATIENCE)[1] == Pause()


def test_a_client_that_never_reads_loses_frames_only_and_is_told_how_many(server: Server, call: Call) -> None:
    """The broadcasts never wait although nothing is read; the other client gets every one."""
    slow, quick = call(), call()
    clients = [server.inbox.get(timeout=PATIENCE)[0] for _ in range(2)]
    for client in clients:
        server.send(client, [])
    for step in range(200):
        server.broadcast(frame(step))
        assert quick.get(1) == [frame(step)]
        if step % 10 == 9:
            server.broadcast(Marked(step, "note", str(step)))
            assert quick.get(1) == [Marked(step, "note", str(step))]

    seen = 0
    told: list[Event] = []
    while seen < 200:
        (event,) = slow.get(1)
        told.append(event)
        if isinstance(event, Frame):
            seen += event.dropped + (1 if event.series else 0)
    notes = [event.text for event in told if isinstance(event, Marked)]
    missing = 20 - len(notes)
    notes += [event.text for event in slow.get(missing) if isinstance(event, Marked)]
    assert notes == [str(step) for step in range(9, 200, 10)]
    assert sum(event.dropped for event in told if isinstance(event, Frame)) > 50


def test_a_slow_client_that_catches_up_learns_of_its_loss_without_a_new_frame(server: Server, call: Call) -> None:
    slow = call()
    greeted(server, slow)
    for step in range(100):
        server.broadcast(frame(step))
    seen, lost = 0, 0
    while seen + lost < 100:
        (told,) = slow.get(1)
        assert isinstance(told, Frame)
        seen, lost = seen + bool(told.series), lost + told.dropped
    assert lost > 0
    assert seen + lost == 100
    server.broadcast(frame(100))
    (event,) = slow.get(1)
    assert isinstance(event, Frame)
    assert (event.step, event.dropped) == (100, 0)


def test_what_a_late_client_is_owed_does_not_count_as_slowness(server: Server, call: Call) -> None:
    late = call()
    client, _ = server.inbox.get(timeout=PATIENCE)
    server.send(client, [frame(step) for step in range(300)])
    server.broadcast(frame(300))
    events = late.get(301)
    assert [event.step for event in events] == list(range(301))
    assert all(event.dropped == 0 for event in events if isinstance(event, Frame))


def test_a_single_frame_larger_than_the_limit_is_not_lost(server: Server, call: Call) -> None:
    caller = call()
    greeted(server, caller)
    server.broadcast(frame(1, 50_000))
    assert caller.get(1) == [frame(1, 50_000)]


def test_a_client_that_hangs_up_is_forgotten(server: Server, call: Call) -> None:
    callers = [call(), call()]
    clients = [server.inbox.get(timeout=PATIENCE)[0] for _ in callers]
    for client in clients:
        server.send(client, [])
    assert server.watched
    for caller in callers:
        caller.socket.close()
    for client in clients:
        with client.wake:
            assert client.wake.wait_for(lambda client=client: client.gone, PATIENCE)
    assert not server.watched
    server.broadcast(Marked(1, "note", "nobody is here"))


def test_a_farewell_reaches_those_who_were_never_greeted_and_then_the_door_is_shut(server: Server, call: Call) -> None:
    caller = call()
    server.inbox.get(timeout=PATIENCE)
    server.farewell(RunFailed(0, "no data", ""))
    server.close()
    assert caller.get(1) == [RunFailed(0, "no data", "")]
    assert caller.dropped()
    assert not server.path.exists()


def test_a_farewell_waits_for_a_first_client_but_not_for_ever(server: Server, call: Call) -> None:
    server.farewell(RunFailed(0, "nobody came", ""), seconds=0.0)
    waiting = threading.Thread(target=server.farewell, args=(RunFailed(0, "no data", ""), PATIENCE))
    waiting.start()
    call(hello=False)  # who only knocks is not the one to be told
    caller = call()
    waiting.join(PATIENCE)
    assert caller.get(1) == [RunFailed(0, "no data", "")]


def test_closing_ends_the_threads(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    made = Server(tmp_path / "s.sock")
    caller = Caller(made.path)
    made.inbox.get(timeout=PATIENCE)
    made.close()
    assert caller.dropped()
    caller.socket.close()
    deadline = time.monotonic() + PATIENCE
    while set(threading.enumerate()) - before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not set(threading.enumerate()) - before
