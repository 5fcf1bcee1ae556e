"""What the one-batch test has said of this run: it tells too small a model from a bug (SOURCES D, step 3)."""

from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look

TEST = "one-batch test: "
"""How the test's entries in the journal begin (`nnlab.wire.named_tests`); its verdict follows, "fits" at first."""


def verdict(look: Look) -> str:
    """The last verdict in the journal; "" where the test was not taken."""
    said = [mark.text for mark in look.history.marks if mark.kind == "test" and mark.text.startswith(TEST)]
    return said[-1].removeprefix(TEST) if said else ""


def evidence(look: Look) -> tuple[Evidence, ...]:
    """The verdict as evidence, 1 where the batch fits and 0 where it does not; none without a test."""
    said = verdict(look)
    return (Evidence(look.loss_name, f"{TEST}{said}", float(said.startswith("fits")), 1.0),) if said else ()
