"""What a recording by another program cannot show: rules that judge by the configuration, the data or single layers.

Without their material such a rule keeps silent, which must not read like a clean bill of health.
"""

from collections.abc import Collection

NEEDS: dict[str, tuple[tuple[str, ...], str]] = {
    "bad-init": (("row_symmetry",), "needs the initial weights"),
    "objective-mismatch": (("objective.kind",), "needs the configuration: loss and output activation"),
    "unscaled-inputs": (("feature_std_max",), "needs the spread of the features"),
    "unshuffled-data": (("data.shuffle",), "needs the order of the rows"),
    "confounded-changes": (("turns",), "needs the journal of what was changed"),
    "no-gradient": (("/grad_norm", "lr"), "needs layer/<name>/grad_norm or lr"),
    "vanishing-gradients": (("/grad_norm",), "needs layer/<name>/grad_norm of two layers"),
    "dead-units": (("/dead",), "needs layer/<name>/dead"),
    "saturated-units": (("/saturated",), "needs layer/<name>/saturated"),
    "over-regularised": (
        ("grad/penalty_ratio", "train/dropout_loss"),
        "needs grad/penalty_ratio or train/dropout_loss",
    ),
}
"""Mode → names (or their ends) of series and facts one of which it takes, and what to say without them."""


def blind(known: Collection[str]) -> dict[str, str]:
    """Modes that these series and facts cannot show, each with what it needs."""
    return {
        mode: text
        for mode, (any_of, text) in NEEDS.items()
        if not any(name.endswith(wanted) for name in known for wanted in any_of)
    }
