"""What each plot tells, in a paragraph. The line over it on the help screen is in `explanations`."""

PARAGRAPHS: dict[str, str] = {
    "loss": (
        "Training loss is that of each batch, before its step; validation loss that of rows never trained on. A "
        "fast fall that flattens is health. Level from the start: nothing is learned. Sudden peaks: steps too "
        "long. Validation that turns up while training goes on down: learned by heart. The dashed line is what a "
        "constant guess costs."
    ),
    "gradient norm": (
        "The length of the gradient over all parameters, before clipping. It says how hard the loss pulls, not "
        "how long the step is. Growth by powers of ten comes before a loss that is not a number; values near 0 "
        "with a high loss mean that no gradient arrives."
    ),
    "accuracy": (
        "The share of rows whose largest answer is the true class. It moves in jumps and later than the loss "
        "does; a level accuracy with a rising loss is growing certainty, wrong ones included. With uneven "
        "classes, the dashed line is already reached by always naming the largest."
    ),
    "R²": (
        "1 − squared error / variance of the target, on validation rows. Below 0 the model is worse than the "
        "mean. Unlike the loss it does not depend on the units of the target."
    ),
    "distance from start": (
        "‖W − W₀‖ / ‖W₀‖: how far all weights have gone from where they were drawn. Healthy runs leave quickly, "
        "then slow down. A straight climb without end goes with rates that are too high, a jump with a single bad "
        "step."
    ),
    "similarity": (
        "Mean cosine between a query and its relevant documents, and its irrelevant ones. Learning parts the two "
        "lines. If they run together, to whatever height, every document answers every query equally well."
    ),
    "drift": (
        "The largest distance between the distribution of one feature in the last window and in the reference "
        "(Kolmogorov-Smirnov: 0 the same, 1 nothing in common), beside the accuracy on new data. Drift that does "
        "not cost accuracy needs no answer."
    ),
    "samples": (
        "What the model draws against the truth: how spread out it is, and how much of the rare part is left. "
        "Each generation is trained on the samples of the one before, so what is lost once does not come back."
    ),
    "accuracy by task": (
        "One line for each task since it began, measured on validation rows of that task, also after training has "
        "gone on to the next. What a line loses after its own stretch is forgetting; replay and EWC are the knobs "
        "against it."
    ),
    "accuracy by phase": (
        "One line for each phase of the data since it began, measured on its own validation rows, also after the "
        "data have changed. What a line loses after its own stretch is forgetting; replay and EWC are the knobs "
        "against it."
    ),
}
"""By the title of the plot."""
