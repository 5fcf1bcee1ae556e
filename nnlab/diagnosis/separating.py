"""Which named test tells rival findings apart: what each test is expected to say where a mode is the cause.

The table "mode A against mode B → test, and what each verdict says for each" follows from it: a test separates two
modes as far as they make it say different things. A mode that is not in a test's table makes it say anything.
"""

from dataclasses import dataclass

FACTS = ("unscaled-inputs", "unshuffled-data", "no-gradient", "bad-init", "nonfinite")
"""Modes that are measured directly; the checkup looks for each and names it."""


@dataclass(frozen=True, slots=True)
class Separator:
    """A named test. `seconds` it costs beyond its start on a small network (measured on healthy-moons, one core; only
    the order matters). `outcomes` are what it can say; `expects` what it should where each mode is the cause."""

    seconds: float
    outcomes: tuple[str, ...]
    expects: dict[str, tuple[str, ...]]


def _table(*rows: tuple[tuple[str, ...], tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {mode: outcomes for modes, outcomes in rows for mode in modes}


_FITS, _RATE, _NOT = "fits", "fits at another rate", "does not fit"

SEPARATORS: dict[str, Separator] = {
    # FAILURE_MODES §2, lr-too-high ("confirm by a half step") and lr-too-low (c* far above 2): half and double step.
    "step-sizes": Separator(
        0.1,
        ("fits", "could be longer", "too long", "no step helps"),
        _table(
            (("lr-too-high",), ("too long",)),
            (("lr-too-low",), ("could be longer",)),
            (("overfitting", "label-noise", "data-drift"), ("fits", "could be longer", "no step helps")),
            (("class-collapse", "batch-too-small"), ("fits", "could be longer", "no step helps")),
            (("underfitting", "vanishing-gradients", "no-gradient", "dead-units"), ("fits", "no step helps")),
        ),
    ),
    # FAILURE_MODES §2, bad-init (loss0 > 4 L_c) and label-noise ("no better than zeroed inputs"); SOURCES D.
    "baselines": Separator(
        0.2,
        ("above its baselines", "bad-init", "no better than a baseline"),
        _table(
            (("bad-init",), ("bad-init",)),
            (("overfitting", "data-drift", "catastrophic-forgetting", "class-collapse"), ("above its baselines",)),
            (("no-gradient", "objective-mismatch", "vanishing-gradients"), ("no better than a baseline",)),
        ),
    ),
    # SOURCES D, step 5, and Smith 2017: where the rate is the cause, it lies outside the range in which the loss falls.
    "lr-range": Separator(
        0.3,
        ("inside", "too-low", "too-high", "flat"),
        _table(
            (("lr-too-high", "exploding-gradients"), ("too-high",)),
            (("lr-too-low",), ("too-low",)),
            (("underfitting", "overfitting", "label-noise", "over-regularised", "data-drift"), ("inside",)),
            (("unshuffled-data", "catastrophic-forgetting", "class-collapse"), ("inside",)),
            (("no-gradient", "vanishing-gradients"), ("flat",)),
        ),
    ),
    # Zhang et al. 2017: labels that carry nothing help nowhere; FAILURE_MODES §2, label-noise and underfitting.
    "label-shuffle": Separator(
        0.35,
        ("learns from the labels", "does not find it", "nothing to learn", "undecided"),
        _table(
            (("label-noise",), ("nothing to learn", "learns from the labels")),
            (("overfitting", "data-drift", "catastrophic-forgetting"), ("learns from the labels",)),
            (("underfitting", "lr-too-low", "vanishing-gradients", "no-gradient"), ("does not find it",)),
        ),
    ),
    # FAILURE_MODES §2, underfitting: "fits a batch → capacity or features; does not → bug"; SOURCES D, step 3. The
    # copy has one batch and no regularisation, so neither order, noise, drift nor penalty can keep it from fitting.
    "overfit-batch": Separator(
        0.4,
        (_FITS, _RATE, _NOT),
        _table(
            (("underfitting", "overfitting", "over-regularised", "label-noise", "unshuffled-data"), (_FITS,)),
            (("data-drift", "catastrophic-forgetting", "class-collapse", "batch-too-small"), (_FITS,)),
            (("batch-too-large", "model-collapse", "false-negatives"), (_FITS,)),
            (("lr-too-high", "lr-too-low"), (_RATE,)),
            (("exploding-gradients", "unscaled-inputs"), (_RATE, _NOT)),
            (("objective-mismatch", "no-gradient", "dead-units", "saturated-units"), (_NOT,)),
            (("vanishing-gradients", "bad-init", "nonfinite", "representation-collapse"), (_NOT,)),
        ),
    ),
    # SOURCES C, catastrophic forgetting: loss on the very rows that were known before.
    "replay-batches": Separator(
        0.6,
        ("kept", "forgotten", "diverged"),
        _table(
            (("catastrophic-forgetting",), ("forgotten",)),
            (("overfitting", "underfitting", "label-noise", "class-collapse"), ("kept",)),
            (("nonfinite", "exploding-gradients"), ("diverged",)),
        ),
    ),
    # SOURCES D, the order of diagnosis: it stops at what is wrong at the start, and finds nothing that comes later.
    "checkup": Separator(
        0.8,
        ("healthy", *FACTS, "lr-too-high", "lr-too-low", "label-noise", "other"),
        _table(
            *(((mode,), (mode,)) for mode in (*FACTS, "lr-too-high", "label-noise")),
            (("overfitting", "data-drift", "catastrophic-forgetting", "model-collapse"), ("healthy",)),
        ),
    ),
}
"""By the id of the test (`nnlab.wire.named_tests`), the cheapest first."""


def outcome(test: str, verdict: str, cause: str) -> str:
    """What a test has said, in the words of its `outcomes`; "" for what is none of them."""
    known = SEPARATORS[test].outcomes if test in SEPARATORS else ()
    found = cause if cause in known else verdict
    if found not in known and "other" in known:
        return "other"
    return found if found in known else ""
