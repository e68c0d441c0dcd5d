"""The drawing of the house: its packages on shelves, each importing from its own shelf and those below.

An arrow upwards would be drawn dashed; a test refuses it.
"""

from __future__ import annotations

from html import escape

from tree import LIBRARY, MODULE, PACKAGE, RUNNING, dotted, imports

# Shelves from top to bottom: what stands on them, and for each package what it is there for.
SHELVES: tuple[tuple[str, dict[str, str]], ...] = (
    ("Slicer's entry", {"RadiomicNetSegmenter": "module file: what Slicer loads, and Reload and Test"}),
    ("Knows Slicer", {
        "RadiomicNetSegmenterLib": "panel and logic", "Lib.sections": "the panel's sections",
        "Lib.jobs": "work in the background", "Lib.scene": "images out of the scene, results into it",
        "Lib.files": "files written by Slicer"}),
    ("Command line", {"__main__": "python -m radiomicnet", "commands": "one file per command"}),
    ("Many images", {
        "training": "from images to a model", "evaluation": "figures and their intervals", "report": "results page",
        "cohort": "one row per image", "clips": "frame by frame", "stacks": "slice by slice"}),
    ("One image", {"run": "the whole path", "segmenters": "a model by name or by image",
                  "segmenter": "a model, ready"}),
    ("What is said of it", {
        "prompts": "clicks and boxes", "explain": "contributions, reliance", "verify": "PyRadiomics again",
        "regions": "features inside the outline", "trust": "how far to trust it", "measure": "areas, diameters",
        "results": "the result and its files", "steps": "names and times"}),
    ("The ground", {
        "images": "reading, scaling, phantoms", "features": "the 13, whole and by tile", "network": "encoder, gates",
        "models": "cards and weights", "devices": "processor, graphics card", "errors": "sentences for people"}),
)
LEFT, GAP, WIDTH, BOX, HEIGHT = 130, 8, 1120, 46, 66


def package_of(module: str) -> str | None:
    """The box that a dotted name belongs to; None of what is not ours, and of the package's own first file."""
    parts = module.split(".")
    if parts[0] == "RadiomicNetSegmenterLib":
        return f"Lib.{parts[1]}" if len(parts) > 1 and (LIBRARY / parts[1]).is_dir() else parts[0]
    if parts[0] == "radiomicnet":
        named = len(parts) > 1 and ((PACKAGE / parts[1]).is_dir() or (PACKAGE / f"{parts[1]}.py").is_file())
        return parts[1] if named else None
    return parts[0] if (MODULE / f"{parts[0]}.py").is_file() else None


def edges() -> set[tuple[str, str]]:
    """(importing package, imported package), as files are loaded or when a function needs it."""
    pairs = {(package_of(dotted(path)), package_of(name))
             for path in MODULE.rglob("*.py") for name in imports(path, when=RUNNING)}
    return {(above, below) for above, below in pairs if above and below and above != below}


def packages() -> set[str]:
    """Every box there has to be."""
    return {package for path in MODULE.rglob("*.py") if (package := package_of(dotted(path)))}


def upward() -> list[tuple[str, str]]:
    """Imports from a shelf above the importing one."""
    shelf = {name: number for number, (_title, boxes) in enumerate(SHELVES) for name in boxes}
    return sorted((above, below) for above, below in edges() if shelf[below] < shelf[above])


def text(_present: str) -> str:
    """The drawing as SVG."""
    there = packages()
    known = {name for _title, boxes in SHELVES for name in boxes}
    if there - known:
        raise SystemExit(f"Put {', '.join(sorted(there - known))} on a shelf of tools/docs/house_drawing.py.")
    places: dict[str, tuple[float, float, float]] = {}
    parts = []
    for number, (title, boxes) in enumerate(SHELVES):
        top = 12 + number * HEIGHT
        shown = {name: words for name, words in boxes.items() if name in there}
        width = (WIDTH - LEFT - GAP * len(shown)) / max(1, len(shown))
        parts.append(f'<rect class="shelf" x="4" y="{top - 5}" width="{WIDTH}" height="{HEIGHT - 6}" rx="6"/>'
                     f'<text class="title" x="14" y="{top + 30}">{escape(title)}</text>')
        for place, (name, words) in enumerate(shown.items()):
            left = LEFT + place * (width + GAP)
            places[name] = (left + width / 2, top, top + BOX)
            parts.append(_box(name, words, left, top, width))
    parts += [_arrow(places[above], places[below]) for above, below in upward()]
    return _svg(parts, WIDTH + 8, 12 + len(SHELVES) * HEIGHT)


def _box(name: str, words: str, left: float, top: float, width: float) -> str:
    label = name.replace("Lib.", "").replace("RadiomicNetSegmenterLib", "widget, logic")
    label += ".py" if name == "RadiomicNetSegmenter" else ""
    middle = left + width / 2
    return (f'<rect class="box" x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BOX}" rx="5"/>'
            f'<text class="name" x="{middle:.1f}" y="{top + 20}">{escape(label)}</text>'
            f'<text class="words" x="{middle:.1f}" y="{top + 36}">{escape(words)}</text>')


def _arrow(above: tuple[float, float, float], below: tuple[float, float, float]) -> str:
    return (f'<line class="upward" x1="{above[0]:.1f}" y1="{above[1]}" x2="{below[0]:.1f}" y2="{below[2] + 2}" '
            'marker-end="url(#head)"/>')


def _svg(parts: list[str], width: int, height: int) -> str:
    body = "\n".join(parts)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>The packages of RadiomicNet on shelves; each imports from its own shelf and those below</title>
<defs><marker id="head" markerWidth="8" markerHeight="8" refX="6" refY="4" orient="auto">
<path d="M0 0L8 4L0 8z" fill="#b3541e"/></marker></defs>
<style>
svg {{ background: #ffffff; font-family: Helvetica, Arial, sans-serif; }}
.shelf {{ fill: #f2f4f7; }} .box {{ fill: #ffffff; stroke: #5b7083; }}
.title {{ font-size: 13px; font-weight: bold; fill: #33414d; }}
.name {{ font-size: 13px; text-anchor: middle; fill: #1c2730; }}
.words {{ font-size: 9px; text-anchor: middle; fill: #5b6b78; }}
.upward {{ stroke: #b3541e; stroke-width: 1.5; stroke-dasharray: 5 4; }}
</style>
{body}
</svg>
"""
