"""The report of a run: everything in it, nothing from elsewhere, and no text taken for markup."""

import html as entities
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from nnlab.cli.main import main
from nnlab.client.scripted import ScriptedFeed
from nnlab.errors import UserError
from nnlab.runs.recorder import Recorder
from nnlab.trials.effect import Effect, Turned, to_text
from nnlab.trials.effect_words import sentence
from nnlab.ui.charts.lines import Line, Mark
from nnlab.ui.report.gather import gather
from nnlab.ui.report.html import html
from nnlab.ui.report.markdown import markdown, plain
from nnlab.ui.report.svg import HEIGHT, WIDTH, svg
from nnlab.ui.report.told import Figure, Told
from nnlab.ui.session import Session
from nnlab.ui.story import Story
from nnlab.ui.views.plots import PlotView
from nnlab.wire import events
from nnlab.wire.values import Branch, RunInfo

EVIL = '<script>alert("x")</script> & *not bold* [no](link) `code | cell'

FETCHING = {"script", "link", "img", "iframe", "object", "embed", "base", "form", "use", "image", "a"}


class Page(HTMLParser):
    """Tags, attributes and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture
def told(story, info: RunInfo, frame: Callable[..., events.Frame]) -> Told:
    """A run of 60 steps with a knob turn, a test, and texts that look like markup."""
    evil = replace(info, title=EVIL, scenario_toml=f'title = "{EVIL}"\n', versions={"torch": EVIL})
    story.feed.add(
        events.RunStarted(evil),
        frame(0, 25),
        events.KnobTurned(25, "lr", 0.1, 0.5, 0.5, "user"),
        events.Marked(26, "test", f"Learn one batch by heart: {EVIL}"),
        frame(25, 60),
        events.StateChanged(60, "finished"),
    )
    session = story.session()
    session.story = Story(EVIL, EVIL, f"{EVIL}\n\nTry `lr`.")
    session.advance(budget=60.0)
    return gather(session, "a run.nnlab", f'title = "{EVIL}"\n```\n')


def test_the_page_has_everything_and_fetches_nothing(told: Told) -> None:
    text = html(told)
    page = Page(text)
    assert page.tags & FETCHING == set()
    assert {"src", "href"} & page.attributes == set()
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "url(" not in text
    assert "@import" not in text
    whole = " ".join(page.texts)
    for wanted in (
        EVIL,
        told.findings[0].headline,
        told.findings[0].because,
        "fell by half",
        "Switch dropout on.",
        "lr 0.1 → 0.5",
        "train/loss 0.0385 → 0.0167 by step 60; found: overfitting",
        "Learn one batch by heart",
        "nnlab replay 'a run.nnlab' --verify",
        "learning rate",
    ):
        assert wanted in whole, wanted


def test_every_picture_is_xml_within_its_frame(told: Told) -> None:
    pictures = re.findall(r"<svg viewBox=\"0 0 720.*?</svg>", html(told), re.DOTALL)
    assert len(pictures) == len(told.figures) > 0
    for picture in pictures:
        inside(picture)


def inside(picture: str) -> None:
    """Every point of the picture lies in its frame."""
    for path in Xml.fromstring(picture).iter("path"):
        assert "nan" not in path.get("d", "")
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.get("d", "")):
            assert 0 <= float(x) <= WIDTH
            assert 0 <= float(y) <= HEIGHT


@settings(max_examples=40)
@given(
    values=st.lists(st.floats(width=32) | st.sampled_from([0.0, np.nan, np.inf, -np.inf]), max_size=50),
    scale=st.sampled_from(["linear", "log", "auto"]),
)
def test_any_values_can_be_drawn(values: list[float], scale: str) -> None:
    steps, column = np.arange(len(values)) * 7, np.array(values, np.float64)
    mean = np.where(np.isfinite(column), column, np.nan)
    line = Line("<b>", steps, column, column, mean, "train", nonfinite=steps[~np.isfinite(column)], value=None)
    view = PlotView((line,), (Mark(3, "knob", "<i>"),), ((0.5, "<u>"),), planned=100, step=len(values) * 7)
    inside(svg(Figure("<title>", scale, view)))


def test_markdown_says_the_same_and_nothing_in_it_is_markup(told: Told) -> None:
    text = markdown(told)
    page = MarkdownIt("commonmark").enable("table").render(text)
    parsed = Page(page)
    assert parsed.tags & FETCHING == set()
    whole = " ".join("".join(parsed.texts).split())
    assert f"{EVIL} " in whole
    assert told.findings[0].headline in whole
    assert "┤" in text


@example("12. item")
@example("- item")
@example("---")
@example("===")
@example("+")
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"])))
def test_a_text_stays_itself_in_markdown(text: str) -> None:
    shown = entities.unescape(re.sub(r"</?p>", "", MarkdownIt("commonmark").render(plain(text))))
    assert shown.strip() == " ".join(text.split())


def test_nothing_is_reported_before_the_run_begins() -> None:
    with pytest.raises(UserError, match="nothing to report yet"):
        gather(Session(ScriptedFeed()))


@pytest.fixture
def run_file(info: RunInfo, tmp_path: Path) -> Path:
    """A run with a branch."""
    path = tmp_path / "a.nnlab"
    recorder = Recorder.create(path, info)
    recorder.tell(events.StateChanged(0, "running"))
    recorder.scalars("train/loss", range(40), [0.5] * 40)
    recorder.branch(Branch(1, 0, 20, "lower lr"))
    recorder.tell(events.KnobTurned(20, "lr", 0.1, 0.01, 0.01, "user"), 1)
    recorder.scalars("train/loss", range(20, 40), [0.25] * 20, 1)
    recorder.event(40, "state", {"state": "stopped", "reason": ""}, 1)
    recorder.meta({"branch": "1"})
    recorder.close()
    return path


def test_a_run_file_is_told_with_its_branches(run_file: Path, tmp_path: Path) -> None:
    for name in ("a.html", "a.md"):
        assert main(["report", str(run_file), "--out", str(tmp_path / name)]) == 0
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "lower lr (current)" in text.replace("\\", "")
        assert "from 20 to 40" in text
    assert "<!doctype html>" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--out", "there.html"], "there.html exists already"),
        (["--out", "report.txt"], "its name says no form"),
        (["--out", "no/folder/a.html"], "cannot write no/folder/a.html"),
        (["--to", "pdf"], "invalid choice"),
    ],
)
def test_what_cannot_be_written_is_said(
    run_file: Path,
    arguments: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.html").write_text(json.dumps("mine"))
    assert main(["report", str(run_file), *arguments]) == 2
    assert says in capsys.readouterr().err
    assert Path("there.html").read_text() == json.dumps("mine")


def test_what_an_untouched_twin_tells_stands_beside_the_turn(story, info: RunInfo, frame: Callable[..., events.Frame]):
    found = Effect((Turned("lr", 0.1, 0.5),), 25, 50, "val/loss", 9, 0.2, 0.4, 0.01, 30)
    story.feed.add(
        events.RunStarted(info),
        frame(0, 25),
        events.KnobTurned(25, "lr", 0.1, 0.5, 0.5, "user"),
        frame(25, 60),
        events.Marked(50, "effect", to_text(found)),
        events.Marked(55, "trial", "a smaller network: confirmed"),
    )
    session = story.session()
    session.advance(budget=60.0)
    told = gather(session)
    assert [line.after for line in told.journal if "lr" in line.text] == [sentence(found)]
    assert sentence(found) not in [line.text for line in told.journal]
    assert [line.text for line in told.tried] == ["a smaller network: confirmed"]
