"""Noise on the inputs: seeded, of the size that is asked for, on training batches only, and free when off."""

from typing import Any

import numpy as np
import torch

from nnlab.engine.batches import Batch


def batches(kit: Any, *options: str) -> Any:
    return kit.begin("mlp", "data.input_scale=3", *options).run.training.task.batches


def epochs(source: Any, count: int) -> list[Batch]:
    return [source.next() for _ in range(count * source.steps_per_epoch)]


def test_noise_has_the_asked_share_of_each_features_spread(kit: Any) -> None:
    plain, noisy = batches(kit), batches(kit, "data.augment=0.2")
    pairs = list(zip(epochs(plain, 40), epochs(noisy, 40), strict=True))
    assert all(bool((one.targets == other.targets).all()) for one, other in pairs)
    noise = torch.cat([other.inputs - one.inputs for one, other in pairs])
    spread = 3 * plain.source.x_train.std(axis=0)
    np.testing.assert_allclose(noise.std(dim=0), 0.2 * spread, rtol=0.05)
    assert bool((noise.mean(dim=0).abs() < 0.02 * torch.from_numpy(spread)).all())
    for sample in ("probe", "validation"):
        assert bool((getattr(plain, sample)(50).inputs == getattr(noisy, sample)(50).inputs).all())


def test_it_is_seeded_and_leaves_the_order_alone(kit: Any) -> None:
    one, other = (batches(kit, "data.augment=0.5") for _ in range(2))
    assert all(bool((a.inputs == b.inputs).all()) for a, b in zip(epochs(one, 2), epochs(other, 2), strict=True))
    plain = batches(kit)
    epochs(plain, 2)
    one.set(augment=0.0)
    assert all(bool((a.inputs == b.inputs).all()) for a, b in zip(epochs(one, 2), epochs(plain, 2), strict=True))
