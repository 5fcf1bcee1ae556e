"""`[data]`: where the examples come from. One type per kind, with the options that all kinds share."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from nnlab.scenario.base import Count, Finite, Fraction, NonNegative, Part, Positive

Task = Literal["classification", "regression", "multilabel"]
Negatives = Literal["random", "same-query", "in-batch", "semi-hard", "hard"]


class Phase(Part):
    """`[[data.phases]]`: from a step or epoch on, the data changes under the model.

    Besides the keys below it may hold any key of its data that leaves the model's shape alone (see
    `nnlab.scenario.phases`); what it does not name is as in `[data]`.
    """

    model_config = ConfigDict(extra="allow")

    from_step: Annotated[int, Field(ge=0)] | None = None
    """First step trained on the changed data (exactly one of from_step and from_epoch)."""
    from_epoch: Annotated[int, Field(ge=0)] | None = None
    """The same in epochs of the first phase's training set."""
    classes: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    """Train on these classes only (validation keeps all); not for a stream."""
    shift: Finite | None = None
    """Added to every feature, in standard deviations of that feature; not for a stream, nor for triplets."""
    scale: Positive | None = None
    """Every feature is multiplied by this, before shift; likewise."""
    drift: NonNegative | None = None
    """Strength of a stream's drift from here on; other data do not drift."""


class DataPart(Part):
    """Options common to all kinds of data."""

    val_fraction: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.2
    """Share of the examples held out for validation."""
    label_noise: Fraction = 0.0
    """Share of training labels replaced by a random other class (regression: by another example's target)."""
    imbalance: Annotated[float, Field(ge=1.0, le=1000.0)] = 1.0
    """Examples of the most frequent class for each one of the rarest, in the training set; 1 is balanced."""
    shuffle: bool = True
    """Draw the examples in a new random order each epoch; false keeps file order (generated data: sorted by class)."""
    standardize: bool = False
    """Scale each feature to mean 0 and standard deviation 1 with the training set's statistics."""
    standardize_targets: bool = False
    """Scale each target of a regression to mean 0 and standard deviation 1 with the training set's statistics."""
    input_scale: Positive = 1.0
    """Every feature is multiplied by this, after standardize."""
    augment: NonNegative = 0.0
    """Gaussian noise added to the inputs of every training batch, in standard deviations of each feature."""
    oversample: bool = False
    """Repeat rows of the rarer classes until all classes are equally frequent in the training set."""
    replay: Fraction = 0.0
    """Share of each batch drawn from earlier data: tasks or phases that are over, a stream's rows before its drift."""
    phases: tuple[Phase, ...] = ()
    """Changes of the data while training, in step order."""


class Generated(DataPart):
    """Options of the generated toy sets."""

    samples: Annotated[int, Field(ge=4, le=1_000_000)] = 1000
    """Examples in all, training and validation together."""
    noise: NonNegative = 0.1
    """Standard deviation of the Gaussian noise added to the points (classification) or targets (regression)."""


class Blobs(Generated):
    """Gaussian clouds, one per class, with `noise` as the clouds' standard deviation."""

    kind: Literal["blobs"]
    noise: NonNegative = 1.0
    """Standard deviation of each cloud."""
    classes: Annotated[int, Field(ge=2, le=100)] = 3
    features: Annotated[int, Field(ge=1, le=1000)] = 2
    box: Positive = 10.0
    """Centres lie uniformly in [-box, box] on every axis, in units of the features."""


class Moons(Generated):
    """Two interleaving half circles."""

    kind: Literal["moons"]


class Circles(Generated):
    """A circle inside another."""

    kind: Literal["circles"]
    factor: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.5
    """Radius of the inner circle; the outer one has 1."""


class Spirals(Generated):
    """Spiral arms, one per class."""

    kind: Literal["spirals"]
    classes: Annotated[int, Field(ge=2, le=10)] = 2
    turns: Positive = 1.5
    """Turns of each arm around the centre."""


class Xor(Generated):
    """Four clouds at the corners of a square; opposite corners share a class."""

    kind: Literal["xor"]


class Sine(Generated):
    """Regression on y = sin(2π · cycles · x), x uniform in [-1, 1]."""

    kind: Literal["sine"]
    cycles: Positive = 1.0


class Linear(Generated):
    """A random linear map of Gaussian features; as classification, the sign (or the largest) of its outputs."""

    kind: Literal["linear"]
    task: Literal["classification", "regression"] = "regression"
    features: Annotated[int, Field(ge=1, le=10_000)] = 10
    informative: Annotated[int, Field(ge=1)] | None = None
    """Features that matter; all when left out."""
    outputs: Annotated[int, Field(ge=1, le=100)] = 1
    """Targets (regression) or classes (classification, where 1 means two classes)."""


class Table(DataPart):
    """The user's own data: CSV with a header, NPZ (x and y, or x_train, y_train, x_val, y_val) or Parquet."""

    kind: Literal["table"]
    path: str
    """File, relative to the scenario file."""
    target: str | tuple[str, ...] | None = None
    """Column or columns to predict (CSV, Parquet); the last column when left out."""
    task: Task = "classification"
    val_path: str | None = None
    """A second file with the validation examples; otherwise val_fraction of the rows is held out."""
    drop_nonfinite: bool = False
    """Leave out the rows in which a feature is NaN, infinite or too large for single precision."""


class Triplets(DataPart):
    """Synthetic search corpus: queries and passages are bags of words drawn around hidden topics."""

    kind: Literal["triplets"]
    queries: Annotated[int, Field(ge=8, le=100_000)] = 1000
    """Queries in all; each has `passages` passages about its own topic."""
    passages: Annotated[int, Field(ge=1, le=50)] = 5
    topics: Annotated[int, Field(ge=2, le=10_000)] = 50
    vocab_size: Annotated[int, Field(ge=10, le=100_000)] = 1000
    query_length: Annotated[int, Field(ge=1, le=512)] = 8
    """Words in a query."""
    document_length: Annotated[int, Field(ge=1, le=512)] = 24
    """Words in a passage."""
    topicality: Fraction = 0.7
    """Share of words drawn from the topic's own words; the rest come from the whole vocabulary."""
    negatives: Negatives = "random"
    """random: passages of other queries; same-query: other passages of the same query (as relevant as the positive);
    in-batch: the other positives of the batch; semi-hard, hard: picked among in-batch ones by similarity."""
    false_negative_rate: Fraction = 0.0
    """Share of the negatives replaced by passages that are in truth relevant."""


class MsMarco(DataPart):
    """The user's own search corpus: MS MARCO v1.1 or a file of its form, as Parquet or JSON lines (also gzipped)."""

    kind: Literal["msmarco"]
    path: str
    """File, relative to the scenario file, with the columns query, passages.is_selected and passages.passage_text."""
    queries: Annotated[int, Field(ge=4, le=1_000_000)] = 10_000
    """Rows read, from the start of the file; those without a selected passage are skipped."""
    vocab_size: Annotated[int, Field(ge=10, le=100_000)] = 20_000
    """Most frequent words of the file that are told apart, with two numbers for padding and for all other words."""
    query_length: Annotated[int, Field(ge=1, le=512)] = 20
    """Words of a query that are read; the rest is cut off."""
    document_length: Annotated[int, Field(ge=1, le=512)] = 200
    """Words of a passage that are read."""
    positives: Literal["selected", "all"] = "selected"
    """Passages that answer a query: those selected, or all of its own."""
    negatives: Negatives = "random"
    """random: passages of other queries; same-query: those of the query that were not selected, often relevant too;
    in-batch, semi-hard and hard as for triplets."""
    false_negative_rate: Fraction = 0.0
    """Share of the negatives replaced by another passage of the same query."""


class Stream(DataPart):
    """An endless classification stream whose distribution drifts at a known step."""

    kind: Literal["stream"]
    features: Annotated[int, Field(ge=1, le=1000)] = 10
    classes: Annotated[int, Field(ge=2, le=20)] = 2
    noise: NonNegative = 0.1
    """Standard deviation of the noise added to the features."""
    drift: Literal["none", "mean-shift", "rotation", "scale"] = "mean-shift"
    """What changes: the mean of the features, their orientation, or their scale."""
    course: Literal["sudden", "gradual", "recurring"] = "sudden"
    """How it comes: at once, linearly over `duration` steps, or on and off every `duration` steps."""
    affects: Literal["covariate", "concept"] = "covariate"
    """covariate: the inputs move and the labels stay with them; concept: the inputs stay and the labelling moves."""
    start_step: Annotated[int, Field(ge=0)] = 500
    """First step with drift."""
    duration: Count = 500
    """Steps of a gradual drift, or of each half of a recurring one."""
    strength: NonNegative = 1.0
    """Mean shift in standard deviations, rotation in radians, scale as exp(strength)."""


class Tasks(Generated):
    """Classification tasks one after the other, under one model with one head; every class has two clouds."""

    kind: Literal["tasks"]
    variant: Literal["permuted", "rotated", "split"] = "permuted"
    """permuted: each task sees the same clouds through another order of the features; rotated: turned by another angle,
    half a turn in all; split: each task has classes of its own."""
    count: Annotated[int, Field(ge=2, le=20)] = 3
    """Tasks in all."""
    steps_per_task: Count | None = None
    """Steps on each task; equal parts of the planned steps when left out. The last task goes on to the end."""
    noise: NonNegative = 0.8
    """Standard deviation of each cloud; the clouds' centres have 1 on every axis."""
    classes: Annotated[int, Field(ge=2, le=50)] = 4
    """Classes in all; a split divides them among the tasks."""
    features: Annotated[int, Field(ge=2, le=1000)] = 16


class Generations(DataPart):
    """Symbols that follow contexts, with a long tail; every generation after the first is sampled from the model."""

    kind: Literal["generations"]
    samples: Annotated[int, Field(ge=4, le=1_000_000)] = 2000
    """Examples in all, true ones: val_fraction of them is held out, the others are the first generation."""
    contexts: Annotated[int, Field(ge=1, le=1000)] = 16
    """Contexts, equally frequent; the inputs are one-hot."""
    symbols: Annotated[int, Field(ge=2, le=1000)] = 32
    """Symbols, which are the classes."""
    exponent: NonNegative = 1.5
    """Of Zipf's law: a context's k-th most frequent symbol has a probability proportional to 1 / k^exponent."""
    generation_steps: Count = 100
    """Steps trained on a corpus, before the model samples the next one of the same size."""
    temperature: Positive = 1.0
    """Divides the model's outputs when it samples; below 1, what is likely becomes likelier."""
    replay: Fraction = 0.0
    """Share of each sampled corpus that keeps its true symbols."""


Data = Annotated[
    Blobs | Moons | Circles | Spirals | Xor | Sine | Linear | Table | Triplets | MsMarco | Stream | Tasks | Generations,
    Field(discriminator="kind"),
]
