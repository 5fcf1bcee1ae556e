"""How often is painted: ten times a second, and no more than the terminal takes."""

from nnlab.ui.cadence import A_FRAME, PAINT_EVERY, SETTLED, SLOW_EVERY, Cadence, Settling


def paintings(cadence: Cadence, seconds: float, waiting: int = 0, start: float = 0.0) -> int:
    return sum(cadence.due(start + tick / 50, waiting) for tick in range(round(50 * seconds)))


def test_ten_paintings_a_second_and_one_on_a_slow_line() -> None:
    assert paintings(Cadence(), 10.0) == 102
    assert paintings(Cadence(low_bandwidth=True), 10.0) == 10


def test_a_terminal_that_does_not_keep_up_gets_fewer_frames_until_it_does() -> None:
    cadence = Cadence()
    assert paintings(cadence, 5.0, waiting=A_FRAME) == 0
    assert cadence.interval == SLOW_EVERY and cadence.slowed
    assert 1 <= paintings(cadence, 3.0, start=5.0) <= 4
    paintings(cadence, 60.0, start=8.0)
    assert cadence.interval == PAINT_EVERY and not cadence.slowed


def test_a_line_that_keeps_quiet_while_nothing_is_painted_is_slow_no_longer() -> None:
    cadence = Cadence()
    paintings(cadence, 5.0, waiting=A_FRAME)
    assert not any(cadence.rested(5.0 + tick / 50, 1) for tick in range(1000))
    assert cadence.slowed
    assert sum(cadence.rested(25.0 + tick / 50, 0) for tick in range(1000)) == 1
    assert not cadence.slowed


def test_numbers_change_as_fast_as_they_can_be_read_and_at_once_when_asked() -> None:
    cadence = Cadence()
    assert 4 <= sum(cadence.numbers_due(tick / 10) for tick in range(10)) <= 5
    assert not cadence.numbers_due(0.91)
    cadence.at_once()
    assert cadence.numbers_due(0.92) and cadence.due(0.92, 0)


def test_texts_follow_a_cursor_that_stands_still_and_one_that_keeps_moving_now_and_then() -> None:
    settling = Settling()
    assert not settling.waits and not settling.due(5.0)
    settling.moved(10.0)
    assert settling.waits and not settling.due(10.02)
    assert settling.due(10.0 + SETTLED) and not settling.waits and not settling.due(11.0)
    followed = 0
    for tick in range(100):  # a key held down for two seconds
        settling.moved(20.0 + tick / 50)
        followed += settling.due(20.01 + tick / 50)
    assert 4 <= followed <= 6
