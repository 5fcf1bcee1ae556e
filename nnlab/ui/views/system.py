"""The system monitor: what engine and lab take of the machine."""

import math
from collections.abc import Iterable

from nnlab.ui import format as write
from nnlab.ui.charts.gauges import Gauge, Gauges
from nnlab.ui.charts.notice import Notice
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.charts.titled import Titled
from nnlab.ui.surroundings import Sample, machine_load
from nnlab.ui.views.sight import Known

TITLE = "system"
KIND = "machine"
EVERY = 1.0
"""Seconds between two samples at least."""
MEGABYTE = 1e6


def system(known: Known) -> Drawing:
    """Processor, memory and, where there is one, the GPU, over the last minute."""
    refused, samples = known.refusal(KIND), tuple(known.around.samples)
    if refused:
        return Notice(TITLE, f"Nothing to measure: {refused}.")
    if not samples:
        return Notice(TITLE, "measuring the engine …")
    cores, load = machine_load()
    busy = "" if math.isnan(load) else f", load {load:.1f}"
    return Titled(TITLE, "the last minute", f"{write.plural(cores, 'core')}{busy}", Gauges(tuple(_gauges(samples))))


def _gauges(samples: tuple[Sample, ...]) -> Iterable[Gauge]:
    last = samples[-1]
    yield _gauge("engine", [sample.engine_cores for sample in samples], "cores", digits=2)
    yield _gauge("lab", [sample.lab_cores for sample in samples], "cores", digits=2)
    yield _gauge("engine memory", [sample.engine_memory / MEGABYTE for sample in samples], "MB")
    yield _gauge("lab memory", [sample.lab_memory / MEGABYTE for sample in samples], "MB")
    if not math.isnan(last.gpu_memory):
        total = write.number(last.gpu_total / MEGABYTE, 3)
        yield _gauge("GPU memory", [sample.gpu_memory / MEGABYTE for sample in samples], f"MB of {total}, {last.gpu}")
    if not math.isnan(last.gpu_load):
        yield _gauge("GPU", [100.0 * sample.gpu_load for sample in samples], "% of the time")


def _gauge(label: str, course: list[float], word: str, digits: int = 0) -> Gauge:
    return Gauge(label, f"{course[-1]:,.{digits}f}", tuple(course), word)
