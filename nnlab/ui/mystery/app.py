"""The lab opened on a mystery; whatever else is opened from it is opened as usual."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nnlab.ui.app import LabApp
from nnlab.ui.mystery.hosting import Seat
from nnlab.ui.mystery.target import TARGET
from nnlab.ui.presenting import present
from nnlab.wire.values import KnobValue

if TYPE_CHECKING:
    from nnlab.ui.session import Session


def play(
    code: str, *, player: str, scores: Path, device: str = "auto", theme: str | None = None, low_bandwidth: bool = False
) -> int:
    """Open the lab on a mystery; the exit status."""

    def starter(target: str, settings: Mapping[str, KnobValue]) -> "Session":
        from nnlab.ui.start import Options, start  # noqa: PLC0415 - after the first picture

        return start(target, settings, Options(device))

    app = LabApp(TARGET + code, starter, theme, low_bandwidth=low_bandwidth)
    app.seat = Seat(player, scores, device)
    app.section = "mysteries"
    return present(app)
