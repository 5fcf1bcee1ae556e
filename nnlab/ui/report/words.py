"""Words that the HTML and the Markdown report share."""

from nnlab.diagnosis.finding import Finding
from nnlab.ui import format as write
from nnlab.ui.report.told import Told
from nnlab.ui.views.branches import BranchRow

SEVERITY = {"critical": ("■", "critical"), "warning": ("▲", "warning"), "note": ("●", "note")}
"""Shape and word of each severity."""

BEGUN_AGAIN = "begins the run again"


def verdict(told: Told) -> str:
    """The verdict with its shape."""
    return f"{'▲' if told.sick else '●'} {told.verdict.replace('-', ' ')}"


def about(finding: Finding) -> str:
    """What it is called."""
    return finding.mode.replace("-", " ")


def when(finding: Finding) -> str:
    """Since when it stood, and until when; how sure the doctor is; what explains it."""
    cleared = "still stands" if finding.cleared_step is None else f"cleared at step {write.count(finding.cleared_step)}"
    told = f"since step {write.count(finding.since_step)}, seen at step {write.count(finding.detected_step)}, {cleared}"
    folded = f"; explained by {finding.folded_into.replace('-', ' ')}" if finding.folded_into else ""
    return f"{told}; confidence {write.percent(finding.confidence)}{folded}"


def branch_cells(row: BranchRow) -> tuple[str, str, str, str, str]:
    """Name, steps, what is set otherwise, last loss, verdict."""
    name = "  " * row.depth + row.name + (" (current)" if row.current else "")
    return name, f"{row.fork} {row.end}".strip(), row.differs, row.loss, row.verdict
