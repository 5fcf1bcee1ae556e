"""Which finding is the headline, and which are only symptoms of it (FAILURE_MODES §2, arbitration)."""

from dataclasses import replace

from nnlab.diagnosis.finding import HEALTHY, Finding

ORDER = (
    "unshuffled-data", "objective-mismatch", "no-gradient", "confounded-changes", "bad-init", "unscaled-inputs",
    "exploding-gradients", "nonfinite", "dead-units", "saturated-units", "vanishing-gradients",
    "representation-collapse", "false-negatives", "lr-too-high", "lr-too-low",
    "batch-too-small", "batch-too-large", "over-regularised",
    "catastrophic-forgetting", "class-collapse", "model-collapse", "label-noise", "data-drift",
    "overfitting", "underfitting", "plateau", "converged", "learning",
)  # fmt: skip
"""Causes before symptoms: facts of data and configuration, initialisation, numbers, layers, learning rate, batch,
regularisation, data, fit, and at last the plateau that anything can cause."""

_STUCK = ("plateau", "underfitting")
_LAYERS = ("dead-units", "saturated-units", "vanishing-gradients")
_RATES = ("lr-too-high", "lr-too-low", "batch-too-small", "batch-too-large")
_NUMBERS = ("exploding-gradients", "nonfinite")
_FIT = (*_STUCK, "overfitting", "class-collapse", "label-noise")

EXPLAINS: dict[str, tuple[str, ...]] = {
    "objective-mismatch": (
        "no-gradient",
        "bad-init",
        "unscaled-inputs",
        "over-regularised",
        *_LAYERS,
        *_NUMBERS,
        *_RATES,
        *_FIT,
    ),
    "no-gradient": ("bad-init", "unscaled-inputs", "over-regularised", *_LAYERS, *_RATES, *_FIT),
    "unshuffled-data": (*_RATES, *_FIT, "catastrophic-forgetting", "dead-units"),
    "bad-init": ("unscaled-inputs", *_LAYERS, *_NUMBERS, *_RATES, *_FIT, "no-gradient"),
    "unscaled-inputs": (*_LAYERS, *_NUMBERS, *_RATES, *_FIT, "bad-init"),
    "exploding-gradients": ("nonfinite", *_LAYERS, *_RATES, *_FIT),
    "nonfinite": ("exploding-gradients", *_LAYERS, *_RATES, *_FIT, "no-gradient"),
    "dead-units": ("saturated-units", "vanishing-gradients", "no-gradient", *_RATES, *_FIT),
    "saturated-units": ("vanishing-gradients", *_RATES, *_FIT),
    "vanishing-gradients": ("lr-too-low", "batch-too-large", *_FIT),
    "representation-collapse": ("false-negatives", *_LAYERS, *_RATES, *_FIT),
    "false-negatives": (*_RATES, *_FIT),
    "lr-too-high": (
        *_STUCK,
        "no-gradient",
        "class-collapse",
        "batch-too-small",
        "overfitting",
        "over-regularised",
        "label-noise",
    ),
    "lr-too-low": (*_STUCK, "batch-too-large", "class-collapse", "label-noise"),
    "batch-too-small": (*_STUCK, "lr-too-high", "overfitting"),
    "batch-too-large": (*_STUCK, "lr-too-low"),
    "over-regularised": (*_FIT, "lr-too-low"),
    "catastrophic-forgetting": ("data-drift", "overfitting", "class-collapse", "label-noise"),
    "class-collapse": _STUCK,
    "label-noise": ("overfitting", *_STUCK),
    "data-drift": ("overfitting", *_STUCK, "catastrophic-forgetting"),
    "model-collapse": (*_STUCK, "overfitting", "data-drift"),
    "overfitting": ("plateau",),
    "underfitting": ("plateau",),
}
"""What each mode explains while both stand: those are folded under it."""


def rank(finding: Finding) -> tuple[bool, bool, int, int]:
    """Sort key: problems before notes, standing before cleared, causes before symptoms, older before newer."""
    place = ORDER.index(finding.mode) if finding.mode in ORDER else len(ORDER)
    return (not finding.problem, finding.cleared_step is not None, place, finding.detected_step)


def fold(standing: dict[str, Finding], explains: dict[str, tuple[str, ...]]) -> dict[str, Finding]:
    """The standing findings with every explained problem folded under its cause.

    `explains` adds to `EXPLAINS` what a particular finding explains beyond its mode's symptoms. Of two modes that
    explain each other, the one that is earlier in `ORDER` (or that says so explicitly) is the cause. A folded finding
    explains nothing itself: its symptoms are the cause's.
    """
    problems = sorted((item for item in standing.values() if item.problem), key=rank)
    causes = sorted(problems, key=lambda item: (not explains.get(item.mode), rank(item)))
    folded: dict[str, str] = {}
    for cause in causes:
        if cause.mode in folded:
            continue
        explicit = explains.get(cause.mode, ())
        for symptom in problems:
            known = symptom.mode in explicit or (
                symptom.mode in EXPLAINS.get(cause.mode, ()) and rank(cause)[2] < rank(symptom)[2]
            )
            if known and symptom.mode != cause.mode and symptom.mode not in folded:
                folded[symptom.mode] = cause.mode
    return {mode: _under(item, folded.get(mode)) for mode, item in standing.items()}


def _under(finding: Finding, cause: str | None) -> Finding:
    """The finding, folded under this cause or under none."""
    return finding if finding.folded_into == cause else replace(finding, folded_into=cause)


def headline(standing: dict[str, Finding]) -> Finding | None:
    """The problem to look at first: the first in rank that nothing explains."""
    problems = [item for item in standing.values() if item.problem and item.folded_into is None]
    return min(problems, key=rank, default=None)


def verdict(standing: dict[str, Finding], undecided: str) -> str:
    """The headline's mode, else the healthy verdict that stands, else `undecided`."""
    top = headline(standing)
    if top is not None:
        return top.mode
    return next((mode for mode in reversed(HEALTHY) if mode in standing), undecided)
