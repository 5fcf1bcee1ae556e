"""How the HTML report looks: the colours of two of the lab's own themes, one for light and one for dark screens."""

from nnlab.ui.themes.load import load_themes
from nnlab.ui.themes.roles import DEFAULT_PALETTE, complete

LIGHT, DARK = "paper", "harbour"

RULES = """
*{box-sizing:border-box}
html{background:var(--background);color:var(--text);font:16px/1.55 system-ui,sans-serif;color-scheme:light dark}
body{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.15rem;margin:2.4rem 0 .6rem;padding-bottom:.2rem;border-bottom:1px solid var(--border)}
h3{font-size:1rem;margin:1.4rem 0 .3rem}
p{margin:.4rem 0}a{color:var(--accent)}
.summary,.quiet{color:var(--muted)}
.verdict{margin:1.2rem 0;padding:.8rem 1rem;background:var(--surface);border-left:5px solid var(--good)}
.verdict.sick{border-color:var(--bad)}
.verdict b{display:block;font-size:1.1rem}
.finding{margin:1rem 0;padding:.1rem 1rem .6rem;background:var(--surface);border-left:4px solid var(--border)}
.finding.critical{border-color:var(--bad)}.finding.warning{border-color:var(--warn)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1.2rem;margin:.6rem 0}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
figure{margin:1.2rem 0;padding:.8rem;background:var(--surface)}
figcaption{font-weight:600}
figure{overflow-x:auto}figure>svg{display:block;width:100%;min-width:34rem;height:auto}
svg text{font:11px system-ui,sans-serif;fill:var(--muted)}
svg path{fill:none}
.line{stroke:currentColor;stroke-width:1.8;stroke-linejoin:round}
svg .band{fill:currentColor;opacity:.16}
.faint{opacity:.6}.ghost.faint{opacity:1}
.grid{stroke:var(--border);stroke-width:.5;opacity:.6}.axis{stroke:var(--border)}
.guide{stroke:var(--muted);stroke-dasharray:1 3}svg text.guide{stroke:none}
.mark{stroke:var(--mark);stroke-width:1}svg text.mark{stroke:none;fill:var(--mark);font-weight:600}
.mark.finding{stroke:var(--warn)}svg .broken{stroke:var(--bad);stroke-width:2}
svg text.broken{stroke:none;fill:var(--bad)}
.keys{margin:.3rem 0;font-size:.9rem}.key{margin-right:1.4rem;white-space:nowrap}
.keys svg{display:inline-block;width:28px;height:8px;margin-right:.4rem}
ol.marks{margin:.2rem 0 0;padding-left:1.6rem;font-size:.92rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.92rem;width:100%}
th,td{text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--border)}
td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}th.number{text-align:right}
pre{background:var(--surface);padding:.7rem;overflow-x:auto;font-size:.85rem;line-height:1.4}
code{font-family:ui-monospace,monospace}
summary{cursor:pointer;margin:.8rem 0}
@media print{figure,.finding,.verdict{break-inside:avoid}}
"""


def style() -> str:
    """The style sheet. Where a theme is missing, the lab's own default stands in."""
    themes = {theme.name: dict(theme.palette) for theme in load_themes()[0]}
    usual = complete(DEFAULT_PALETTE)
    light, dark = themes.get(LIGHT, usual), themes.get(DARK, usual)
    classes = "".join(f".{role}{{color:var(--{role})}}" for role in light)
    return (
        f":root{{{_variables(light)}}}@media(prefers-color-scheme:dark){{:root{{{_variables(dark)}}}}}{classes}{RULES}"
    )


def _variables(palette: dict[str, str]) -> str:
    return "".join(f"--{role}:{colour};" for role, colour in palette.items())
