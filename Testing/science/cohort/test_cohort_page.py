"""index.html: the page of a cohort."""

import base64
import hashlib
import json
import re

import pytest

from radiomicnet.cohort.index import write_index
from radiomicnet.cohort.summary import Summary

ROW = {"path": "a/x.png", "frame": None, "status": "segmented", "model": "small", "lesions": 1, "area_pixels": 50,
       "rows": 10, "columns": 20, "largest_longest_pixels": 11.2, "largest_perpendicular_pixels": 4.4,
       "segmentation": "segmentations/a/x y#1.png.seg.nrrd", "warnings": "one | two"}
PICTURE = {"picture": "data:image/webp;base64,AAAA", "width": 192, "height": 100, "outline": "M1 1L2 2Z"}


@pytest.fixture
def page(tmp_path):
    """Write a page of rows; its text and the rows in it."""
    def make(*rows):
        summary = Summary()
        for row, _ in rows:
            summary.add(row)
        write_index(tmp_path, rows, summary, ["cohort.csv"])
        text = (tmp_path / "index.html").read_text(encoding="utf-8")
        data = re.search(r'<script id="rows" type="application/json">(.*?)</script>', text, re.DOTALL)
        return text, json.loads(data[1])
    return make


def test_a_row_is_there_with_its_thumbnail_size_and_notes(page):
    _, (row,) = page((ROW, PICTURE))
    assert row["path"] == "a/x.png" and row["size"] == "11 × 4 pixels" and row["area"] == 0.25
    assert row["thumb"] == list(PICTURE.values()) and row["warnings"] == ["one", "two"]
    assert row["file"] == "segmentations/a/x%20y%231.png.seg.nrrd"


def test_millimetres_are_shown_where_there_are_some(page):
    _, (row,) = page(({**ROW, "largest_longest_mm": 12.04, "largest_perpendicular_mm": 7.0}, PICTURE))
    assert row["size"] == "12.0 × 7.0 mm"


def test_a_name_cannot_end_the_script_element_nor_bring_one_in(page):
    name = '</script><script>alert(1)</script>"\u2028<!--'
    text, (row,) = page(({**ROW, "path": name, "model": "<b>m</b>"}, None))
    assert row["path"] == name
    assert "alert(1)</script>" not in text and "<b>m</b>" not in text


def test_only_the_pages_own_script_may_run_and_nothing_is_loaded_from_elsewhere(page):
    text, _ = page((ROW, PICTURE))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert policy == f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    outside = set(re.findall(r"https?://[^\"' ]+", text))
    assert outside <= {"http://www.w3.org/2000/svg"}


def test_images_that_failed_are_counted_and_narrowed_to(page):
    failed = {"path": "b.png", "status": "failed", "reason": "b.png is empty. Copy it again."}
    text, rows = page((ROW, PICTURE), (failed, None))
    assert rows[1]["reason"].startswith("b.png is empty") and "thumb" not in rows[1]
    view = re.search(r'<button[^>]*data-view="failed"[^>]*>.*?<span class="count">(\d+)<', text)
    assert view[1] == "1"


def test_a_page_of_a_thousand_images_is_written_row_by_row(page, tmp_path):
    """The rows come from a generator that is asked for the next one only when the last one is written."""
    import itertools

    written = []

    def rows():
        for number in range(1000):
            written.append((tmp_path / ".index.html.part").stat().st_size)
            yield {**ROW, "path": f"{number}.png"}, {**PICTURE, "picture": "x" * 5000}

    write_index(tmp_path, rows(), Summary(), [])
    grown = [later > earlier for earlier, later in itertools.pairwise(written[::100])]
    assert all(grown)
