"""The log of the engine: what its process has printed, warnings and errors above all."""

from nnlab.ui.charts.log_text import LogText
from nnlab.ui.charts.notice import Notice
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.views.sight import Known

TITLE = "engine log"


def engine_log(known: Known) -> Drawing:
    """The last lines."""
    lines = known.around.log()
    if lines is None:
        return Notice(TITLE, "Not kept: a recording holds the run, not what its engine printed.")
    if not lines:
        return Notice(TITLE, "The engine has printed nothing: no warning and no error.")
    return LogText(TITLE, f"{len(lines)} lines, the newest last", lines)
