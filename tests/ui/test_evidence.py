"""Evidence in a panel too narrow for all of it."""

from textual.app import App, ComposeResult

from nnlab.ui.panels.evidence import EvidenceRow
from nnlab.ui.themes import roles
from nnlab.ui.views.diagnosis import EvidenceView

ITEM = EvidenceView("triplet/false_negatives", "▁▂▅█", " 0.523", "limit 0.3", "half of the negatives are relevant")


class Row(App[None]):
    def get_theme_variable_defaults(self) -> dict[str, str]:
        return roles.VARIABLE_DEFAULTS

    def compose(self) -> ComposeResult:
        yield EvidenceRow(ITEM)


async def test_the_course_makes_way_for_the_reading() -> None:
    app = Row()

    def first() -> str:
        return "".join(segment.text for segment in app.screen._compositor.render_strips()[0]).rstrip()

    async with app.run_test(size=(50, 5)) as pilot:
        await pilot.pause()
        assert first() == "triplet/false_negatives  ▁▂▅█   0.523"
        await pilot.resize_terminal(32, 5)
        await pilot.pause()
        assert first() == "triplet/false_negatives  0.523"
        app.query_one(EvidenceRow).show(ITEM)
        await pilot.pause()
        assert first() == "triplet/false_negatives  0.523"
