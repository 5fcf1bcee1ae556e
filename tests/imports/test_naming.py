"""Names that training programs use, and the series that they are."""

import pytest

from nnlab.imports.naming import guess

NAMES = {
    "train/loss": ("loss", "train_loss", "training_loss", "Loss/train", "trainLoss", "epoch_loss", "train/epoch_loss",
                   "train_loss_step", "running_loss", "train/cross_entropy", "total_loss"),
    "val/loss": ("val_loss", "valid/loss", "eval_loss", "validation_loss", "Loss/valid", "test_loss", "dev-loss",
                 "validation/epoch_loss", "eval/loss"),
    "train/probe_accuracy": ("acc", "accuracy", "train_acc", "Accuracy/train", "sparse_categorical_accuracy"),
    "val/accuracy": ("val_acc", "val_accuracy", "eval_accuracy", "valid/top1", "val_sparse_categorical_accuracy"),
    "grad/norm": ("grad_norm", "gradient_norm", "train/grad_norm", "grad_2.0_norm_total", "gradNorm"),
    "lr": ("lr", "learning_rate", "train/learning_rate", "lr-Adam", "LR", "lr-AdamW/pg1"),
    "weight/norm": ("weight_norm", "param_norm"),
    "layer/fc1/grad_norm": ("layer/fc1/grad_norm", "grad_2.0_norm/fc1.weight"),
    "task/0/accuracy": ("task/0/accuracy",),
}  # fmt: skip


@pytest.mark.parametrize(("series", "name"), [(series, name) for series, names in NAMES.items() for name in names])
def test_known_names(series: str, name: str) -> None:
    found = guess(name)
    assert found is not None
    assert found.series == series


@pytest.mark.parametrize(
    "name", ["loss_scale", "val_lr", "train_runtime", "step_time", "epoch", "train_val_loss", "", "Ω", "loss std", "f1"]
)
def test_other_names_are_left_alone(name: str) -> None:
    assert guess(name) is None
