"""Snapshots are bounded in number and bytes, and what stays is worth most."""

from nnlab.engine.shelf import Kept, Kind, Shelf

LINE = [(0, 2**62)]


def steps(shelf: Shelf) -> list[int]:
    return [kept.step for kept in shelf.before(LINE, 2**40)][::-1]


def put(shelf: Shelf, step: int, kind: Kind = "steady", size: int = 10, branch: int = 0) -> list[int]:
    return [gone.step for gone in shelf.put(Kept(step, branch, bytes(size), kind))]


def test_old_ones_get_sparser_and_those_before_a_change_stay() -> None:
    shelf = Shelf(limit=16)
    for step in range(0, 4000, 10):
        put(shelf, step, "start" if step == 0 else "before" if step in (120, 130, 2000) else "steady")
    kept = steps(shelf)
    assert len(kept) == 16
    assert {0, 120, 130, 2000, 3990} <= set(kept)
    late = [step for step in kept if step > 3000]
    assert len(late) > len([step for step in kept if 200 < step < 2000])


def test_bytes_are_bounded_and_what_went_is_named() -> None:
    shelf = Shelf(limit_bytes=100)
    put(shelf, 0, "start", 40)
    assert put(shelf, 10, size=40) == []
    assert put(shelf, 20, size=40) == [10]
    assert put(shelf, 30, "before", 40) == [20]
    assert steps(shelf) == [0, 30]
    assert put(shelf, 40, size=500) == [30]
    assert steps(shelf) == [0, 40]


def test_one_of_the_same_place_takes_the_others() -> None:
    shelf = Shelf()
    put(shelf, 5, size=1)
    put(shelf, 5, size=2)
    assert [len(kept.body) for kept in shelf.before(LINE, 5)] == [2]


def test_the_nearest_of_the_line_comes_first() -> None:
    shelf = Shelf()
    for branch, step in ((0, 0), (0, 10), (0, 20), (1, 12), (1, 18), (2, 11)):
        put(shelf, step, branch=branch)
    found = [(kept.branch, kept.step) for kept in shelf.before([(0, 10), (1, 2**62)], 17)]
    assert found == [(1, 12), (0, 10), (0, 0)]
