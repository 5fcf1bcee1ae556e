"""What each panel, plot and view shows and how to read it, in one line: the first thing that ? says of it."""

LINES: dict[str, str] = {
    # panels
    "diagnosis": "What is wrong and what to do: read the first line, then press a remedy's number.",
    "layers": "The layers now, input on top: gradients that shrink upwards vanish; full dead is lost.",
    "journal": "What was done to the run and what was found in it, the newest on top.",
    "knobs": "What can be turned: the thumb is what holds now, the upright mark where lr turns unstable.",
    "lesson": "What to look at and what to do now; it goes on by itself as soon as that has come.",
    # plots
    "loss": "How wrong the model is: both fall in health; validation rising alone is overfitting.",
    "gradient norm": "How hard the loss pulls: level or slowly falling is healthy, climbing explodes, 0 is stuck.",
    "accuracy": "Share of rows that are right, against always naming the largest class (dashed).",
    "R²": "Share of the target's spread that is explained: 1 is all, 0 no better than the mean.",
    "distance from start": "How far the weights have come: flat from the start means that nothing is learnt.",
    "similarity": "How alike a query is to right and wrong documents: one line instead of two is collapse.",
    "drift": "How far the data have moved from the reference, and whether accuracy pays for it.",
    "samples": "How true the generated data still are: 1 is the truth, falling is collapse.",
    "accuracy by task": "How well each task is known: falling when the next one begins is forgetting.",
    "accuracy by phase": "How well each phase of the data is known: falling when the next begins is forgetting.",
    # views
    "surface": "What the model answers over its inputs: colours are classes, the dark seam is undecided.",
    "confusion": "True classes down, predicted ones across: what stands off the brackets is confused.",
    "collapse": "Whether documents can be told apart: two hills that part are health, one is collapse.",
    "drift race": "Which detector spoke first: a sign on its lane; the line through all is the true change.",
    "retention": "What is still known of each task: a row that fades after its own stretch is forgotten.",
    "layers over time": "Each layer over the run: paling towards the input vanishes, filling up explodes.",
    "weights": "How the weights of each layer are spread: growing ends blow up, a lone spike is not random.",
    "activations": "What each layer puts out: all at 0 is dead, all at the ends saturated, a hill is health.",
    "gradients": "How each layer's gradients are spread: a spike at 0 beside wide hills gets no signal.",
    "hardest rows": "The rows that cost the most: those on top that look right to you are mislabelled.",
    "knobs over time": "What was set when: the rate in force under its dashed edge, a tick at each turn.",
    "engine log": "What the engine has printed, the newest last: usually nothing.",
    "system": "What engine and lab take of the machine: up to a core each, and level memory, is health.",
}
"""By the title that stands over it."""
