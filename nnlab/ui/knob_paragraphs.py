"""What each knob does, in a paragraph: which way is which, what to look at while turning, and what goes wrong at the
ends. The line over it on the help screen is the knob's own `help`."""

FAULT = "A bug on purpose. Take it out again, and see whether and how fast the run recovers."

PARAGRAPHS: dict[str, str] = {
    "lr": (
        "The first knob to try. Too low, and the loss falls smoothly but hardly moves; too high, and it jumps, rises "
        "or ends in NaN. Turn by factors of three to ten, not by a tenth, and watch the loss and the update ratios of "
        "the layers."
    ),
    "optimizer": (
        "sgd follows the gradient, with momentum if set; adam, adamw, rmsprop and adagrad divide by a remembered "
        "size of it, so that layers with small gradients move too. The rates are not comparable: sgd wants ten to "
        "a thousand times as much as adam. Turn the learning rate along with it."
    ),
    "momentum": (
        "With 0.9 a step is the sum of about ten gradients: faster along long valleys, smoother over noise, and a "
        "tenth of the learning rate would go as far. Near 1 it overshoots, and the loss swings slowly up and "
        "down."
    ),
    "weight_decay": (
        "Keeps weights small, which closes the gap between training and validation a little. Too much, and the "
        "weights shrink faster than the data can hold them: training loss rises to a constant guess. Compare the "
        "distance of the weights from the start, and both losses."
    ),
    "reset_optimizer": (
        "Adaptive optimizers and momentum remember earlier gradients. After a change of loss, data or rate the "
        "memory is of another problem: steps are too long or too short until it has faded. The row says how much "
        "of it is still of before the change, and by what factor its scale is off. Resetting costs a few "
        "uncertain steps."
    ),
    "batch_size": (
        "Few examples make noisy, cheap steps that shake the run out of narrow places; many make quiet, dear "
        "ones, and fewer of them for the same data. Four times the batch halves the noise, and by the usual rules "
        "bears twice the rate (adam) or four times (sgd). Far above the noise scale of the gradient nothing more "
        "is won."
    ),
    "clip_norm": (
        "A gradient longer than this is shortened and keeps its direction. It cures single bursts, and runs that "
        "explode. Set far below the usual norm it shortens every step: then it is a lower learning rate by "
        "another name. The usual norm is in the second plot."
    ),
    "clip_value": (
        "Each entry of the gradient is cut to ± this, one by one. It stops explosions as clip norm does, but "
        "changes the direction too: where many entries are cut, the step follows signs and no longer sizes."
    ),
    "dropout": (
        "Each training step silences a random part of the hidden units, so that none can rely on a few others. It "
        "narrows the gap to validation and slows training down. Training loss, measured with dropout on, may lie "
        "above validation loss: that is no error. Too high, and a small network can no longer fit."
    ),
    "label_smoothing": (
        "The target is no longer 1 for the true class but a little less. The model has no reason to become ever "
        "more certain, so a few wrong labels cost less; but the lowest possible loss rises above 0, so losses "
        "before and after a turn cannot be compared. Look at the accuracy."
    ),
    "class_weights": (
        "With balanced, a class that is ten times rarer counts ten times as much: the model can no longer win by "
        "always naming the largest class. Accuracy may fall while the recall of the rarest class rises. The loss "
        "changes its meaning at the turn."
    ),
    "margin": (
        "A triplet whose negative is further away than this costs nothing and teaches nothing. A larger margin "
        "keeps more triplets at work; one that the distance cannot reach keeps the loss above 0 for ever. A loss "
        "that stands exactly at the margin says that all vectors are the same."
    ),
    "temperature": (
        "Low, and only the most similar negatives count: sharp, fast, and easily led astray by negatives that are "
        "relevant. High, and all count alike: the vectors stay close together. The loss changes its meaning at "
        "the turn."
    ),
    "negatives": (
        "random passages are easy and soon cost nothing; those of the same query are often relevant, and teach "
        "the model to push right answers away; in-batch takes what the other queries have; semi-hard and hard "
        "pick those that the model confuses, which teaches most, and collapses most easily."
    ),
    "false_negative_rate": (
        "At 0 every negative is truly irrelevant. The more are not, the more the pushes cancel the pulls: the "
        "loss has a floor that no training can pass, and in the end all vectors may become one. Watch the "
        "similarities part or join."
    ),
    "label_noise": (
        "Wrong labels are learned last, by heart: training accuracy climbs on while validation is best early. The "
        "rows with the largest loss show which labels argue with the rest. Turning it back gives the true labels "
        "again, but what was learned by heart stays for a while."
    ),
    "input_scale": (
        "The first layer's gradients grow with the inputs, those of the others do not: no one rate fits both. At "
        "1 the data are as the scenario has them. Far from 1 watch the first layer's update ratio, dead and "
        "saturated units."
    ),
    "augment": (
        "Each batch sees its rows a little shifted, so no row can be learned by heart: more variety from the same "
        "data. With more than the distance between the classes, the labels become wrong and both losses rise."
    ),
    "shuffle": (
        "Off, the batches come in the order of the file. If that is sorted, the model follows the last class it "
        "saw: the loss has the period of an epoch, and validation swings with it."
    ),
    "drift": (
        "How far the stream moves from what it was when the run began. The detectors of the drift race should "
        "speak soon after a turn; the accuracy on new data falls and comes back only if the learning rate still "
        "allows it."
    ),
    "replay": (
        "A little goes a long way: a tenth to a fifth of old rows keeps most of what was known, and costs as much "
        "of the room for new ones. In generations, a share of true data keeps the tails from being lost."
    ),
    "ewc": (
        "No old row is kept. Instead, each parameter is held where it was as earlier data ended, the more firmly "
        "the more they needed it. Too little, and the old is forgotten; too much, and the new is not learned. "
        "Watch the retention view."
    ),
    "freeze": (
        "Frozen layers pass gradients on but stay as they are: what they know is kept, what they lack is not "
        "learned. Their update ratio is 0. With all layers frozen nothing is learned at all."
    ),
    "fault.flip_gradient": f"The loss climbs from the first step on, and faster with a higher rate. {FAULT}",
    "fault.misaligned_labels": (
        "Every row has its neighbour's label: the loss stays at a constant guess, as if there were nothing to "
        f"learn. {FAULT}"
    ),
    "fault.missing_zero_grad": (
        "Each step adds to the gradients of all before: the norm grows steadily, and steps overshoot as with a "
        f"momentum of 1. {FAULT}"
    ),
    "fault.detach_layer": (
        "All layers up to this one get no gradient and stay as they were drawn; the rest learns on top of random "
        f"features. {FAULT}"
    ),
    "fault.double_softmax": (
        "The outputs are squashed twice: gradients are small, and the loss stops well above 0 however long it "
        f"trains. {FAULT}"
    ),
    "fault.eval_dropout": (
        f"Validation is measured with units missing: noisy, and too bad, the more so the higher the dropout. {FAULT}"
    ),
    "fault.stale_batch": f"Training loss goes to 0 within a few steps while validation gets worse. {FAULT}",
    "fault.leak_validation": (
        f"Validation looks as good as training whatever the model does: overfitting can no longer be seen. {FAULT}"
    ),
}
"""By the id of the knob."""
