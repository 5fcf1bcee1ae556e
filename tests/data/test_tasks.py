"""Tasks in sequence: what differs between two of them is the view, and nothing else."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from nnlab.data.source import TasksSource, make
from nnlab.scenario.data import Data


def build(seed: int = 0, **options: Any) -> TasksSource:
    data: Data = TypeAdapter(Data).validate_python({"kind": "tasks", **options})
    source = make(data, seed, Path(), 32)
    assert isinstance(source, TasksSource)
    return source


@pytest.mark.parametrize("variant", ["permuted", "rotated", "split"])
def test_same_arguments_give_the_same_tasks_and_another_seed_others(variant: str) -> None:
    first, again, other = (build(seed, variant=variant) for seed in (0, 0, 1))
    assert len(first.tasks) == 3
    for one, same, different in zip(first.tasks, again.tasks, other.tasks, strict=True):
        np.testing.assert_array_equal(one.x_train, same.x_train)
        assert not np.array_equal(one.x_train, different.x_train)
        assert one.x_train.dtype == np.float32 and one.classes == 4


def test_permuted_tasks_hold_the_same_values_in_another_order() -> None:
    first, second, third = build(features=9).tasks
    for other in (second, third):
        np.testing.assert_array_equal(np.sort(other.x_val, axis=1), np.sort(first.x_val, axis=1))
        np.testing.assert_array_equal(other.y_train, first.y_train)
        assert not np.array_equal(other.x_train, first.x_train)
    assert not np.array_equal(second.x_train, third.x_train)


def test_rotated_tasks_turn_each_plane_by_equal_angles() -> None:
    tasks = build(variant="rotated", features=5, count=4).tasks
    for index, task in enumerate(tasks):
        angle = np.pi * index / 4
        turn = np.exp(1j * angle)
        for plane in (0, 2):
            before = tasks[0].x_train[:, plane] + 1j * tasks[0].x_train[:, plane + 1]
            after = task.x_train[:, plane] + 1j * task.x_train[:, plane + 1]
            np.testing.assert_allclose(after, before * turn, atol=1e-5)
        np.testing.assert_array_equal(task.x_train[:, 4], tasks[0].x_train[:, 4])


def test_a_split_gives_each_task_classes_of_its_own_and_loses_no_row() -> None:
    tasks = build(variant="split", classes=7, count=3, samples=700, label_noise=0.0).tasks
    seen = [set(task.y_train.tolist()) for task in tasks]
    assert seen == [{0, 1, 2}, {3, 4}, {5, 6}]
    assert [set(task.y_val.tolist()) for task in tasks] == seen
    assert sum(len(task.x_train) + len(task.x_val) for task in tasks) == 700


def test_every_class_has_two_clouds() -> None:
    """So that no linear model does: the mean of a class lies far from all of its points."""
    task = build(noise=0.0, samples=400, features=16).tasks[0]
    of_class = task.x_train[task.y_train == 0]
    assert len(np.unique(of_class.round(4), axis=0)) == 2
