"""The model over its one or two inputs, from an inspection of the kind `surface`."""

import numpy as np

from nnlab.ui import format as write
from nnlab.ui.charts.curve_map import CurveMap
from nnlab.ui.charts.notice import Notice
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.charts.surface_map import SurfaceMap
from nnlab.wire.events import Inspected

TITLE = "surface"


def surface(found: Inspected) -> Drawing:
    """A map for two inputs, curves for one."""
    x = np.frombuffer(found.get("x"))
    values = np.frombuffer(found.get("grid"))
    if not np.isfinite(values).all():
        return Notice(TITLE, f"The model's output was not a number at step {write.count(found.step)}.")
    points = {name: np.frombuffer(found.get(f"point_{name}")) for name in ("x", "y", "label", "held")}
    classes = bool(found.get("kind")[0])
    aside = f"step {write.count(found.step)}"
    if "y" not in found.names:
        curves = values.reshape(-1, len(x))
        if classes and len(curves) == 2:
            curves = curves[1:]
        name = found.texts[0] if found.texts else "x"
        return CurveMap("curve", aside, name, x, curves, points["x"], points["y"], points["held"])
    y = np.frombuffer(found.get("y"))
    return SurfaceMap(
        TITLE,
        aside,
        values.reshape(-1, len(y), len(x)),
        x,
        y,
        points["x"],
        points["y"],
        points["label"],
        points["held"],
        classes=classes,
        inputs=(found.texts[0], found.texts[1]),
        names=found.texts[2:],
    )
