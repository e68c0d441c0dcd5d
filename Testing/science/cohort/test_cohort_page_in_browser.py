"""index.html in a real browser: what a click, a word or a choice shows."""

from __future__ import annotations

import csv
import time

import pytest
from browser import browser, found

from radiomicnet.cohort.columns import SEGMENTED
from radiomicnet.cohort.index import write_index
from radiomicnet.cohort.source import read_source
from radiomicnet.cohort.summary import Summary

pytestmark = pytest.mark.skipif(not found(), reason="No Chromium or Chrome is installed, or this is Windows.")

DOT = ("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5E"
       "rkJggg==")
PICTURE = {"picture": DOT, "width": 192, "height": 100, "outline": "M10 10L40 10L40 40Z"}
DICE = (0.9, 0.55, 0.849, None)  # of every fourth image; the fourth has no lesion
COUNT = 130  # images, on three pages


def rows():
    """Images that differ in all that the page sorts and filters by, and one that failed."""
    for number in range(COUNT):
        dice = DICE[number % 4]
        yield {"path": f"site-{number % 2}/scan {number}.png", "frame": None, "status": SEGMENTED,
               "id": f"case-{number}", "batch": f"scanner {number % 2}", "model": "small",
               "lesions": int(dice is not None), "area_pixels": number, "rows": 100, "columns": 200,
               "largest_longest_pixels": 11.2, "largest_perpendicular_pixels": 4.4, "expected_dice": dice,
               "given_label": "odd" if number % 2 else "even",
               "quality": dice and ("likely good" if dice >= 0.85 else "check"), "novelty": "familiar",
               "novelty_distance": 1.0 + number, "segmentation": "segmentations/a.seg.nrrd",
               "warnings": "a scale was guessed" if number == 7 else None}, PICTURE
    yield {"path": "broken, \"x\".png", "status": "failed", "reason": "It is empty.", "batch": "scanner 0"}, None


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where the page lies."""
    folder = tmp_path_factory.mktemp("cohort")
    summary = Summary()
    for row, _ in rows():
        summary.add(row)
    write_index(folder, rows(), summary, ["cohort.csv"])
    return folder / "index.html"


@pytest.fixture
def page(chromium, place):
    """The page as it opens."""
    chromium.open(place)
    return chromium


def names(page):
    return page("[...document.querySelectorAll('#images h2')].map(each => each.textContent)")


def said(page):
    return page("document.getElementById('shown').textContent")


def click(page, selector):
    page(f"document.querySelector({selector!r}).click()")


def choose(page, field, value):
    page(f"document.getElementById({field!r}).value = {value!r};"
         "document.getElementById('tools').dispatchEvent(new Event('input'))")


def test_it_opens_with_the_first_sixty_by_path_numbers_as_numbers(page):
    assert names(page)[:3] == ['broken, "x".png', "scan 0.png", "scan 2.png"] and len(names(page)) == 60
    assert said(page) == "1 to 60 of 131 images"
    assert page("document.querySelectorAll('#images svg image').length") == 59


def test_the_policy_lets_the_pages_own_script_run_and_no_other(page):
    page("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.strange = 1'}))")
    assert page("typeof window.strange") == "undefined"


@pytest.mark.parametrize(("view", "count"), [
    ("all", 131), ("outlined", 98), ("empty", 32), ("check", 65), ("failed", 1)])
def test_a_click_on_a_count_shows_as_many_images(page, view, count):
    shown = page(f"document.querySelector('[data-view={view}] .count').textContent")
    click(page, f"[data-view={view}]")
    assert said(page).endswith(f"of {count} images") and shown == str(count)
    assert page(f"document.querySelector('[data-view={view}]').getAttribute('aria-pressed')") == "true"


def test_the_worst_comes_first_by_expected_dice_and_what_has_none_comes_last(page):
    choose(page, "sort", "dice")
    assert names(page)[0] == "scan 1.png"
    page("document.querySelector('#pages button:last-child').click()")
    page("document.querySelector('#pages button:last-child').click()")
    assert names(page)[-1] == "scan 127.png" and said(page) == "121 to 131 of 131 images"
    click(page, "#turn")
    page("document.querySelector('#pages select').value = 0;"
         "document.querySelector('#pages select').dispatchEvent(new Event('change'))")
    assert names(page)[0] == "scan 0.png"


def test_what_the_order_goes_by_stands_on_the_image(page):
    choose(page, "search", "case-12")
    choose(page, "sort", "distance")
    assert page("document.querySelector('#images .tags').textContent") == "distance 13.0Dice ≈ 0.90scanner 0"


def test_every_word_of_a_search_has_to_be_there_in_path_id_batch_note_or_given_column(page):
    for words, count in (("case-7", 11), ("SITE-1 odd", 65), ("guessed", 1), ("even case-12", 6), ("empty", 1)):
        choose(page, "search", words)
        assert said(page).endswith(f"of {count} images"), words
    choose(page, "search", "no such thing")
    assert said(page) == "No image fits. Search for less." and names(page) == []


def test_a_batch_is_chosen_and_its_row_in_the_table_of_batches_agrees(page):
    choose(page, "batch", "scanner 1")
    assert said(page) == "1 to 60 of 65 images"
    click(page, ".groups summary")
    cells = page("[...document.querySelectorAll('.groups tbody tr')[1].children].map(each => each.innerText)")
    assert cells == ["scanner 1", "65", "33", "32", "33", "0", "0.55 ± 0.00"]


def test_what_is_shown_is_there_again_under_its_address(page, place):
    click(page, "[data-view=outlined]")
    choose(page, "search", "site-0")
    choose(page, "sort", "area")
    click(page, "#turn")
    click(page, "#lines")
    before, fragment = (names(page), said(page)), page("location.hash")
    page.open(place)
    assert said(page) == "1 to 60 of 131 images"
    page.open(place, fragment)
    assert (names(page), said(page)) == before
    assert page("document.getElementById('lines').checked && document.getElementById('images').className") == "list "


def test_an_address_of_nonsense_opens_the_page_all_the_same(page):
    page("location.hash = '#view=%E0&sort=constructor&page=99999&batch=none'")
    page("new Promise(done => setTimeout(done, 50))")
    assert said(page) == "121 to 131 of 131 images"


def test_outlines_can_be_hidden_and_a_note_read(page):
    click(page, "#outlines")
    assert page("getComputedStyle(document.querySelector('.thumb path')).visibility") == "hidden"
    choose(page, "search", "guessed")
    assert page("document.querySelector('#images details').textContent") == "1 notea scale was guessed"


def test_the_list_that_is_saved_is_a_source_of_the_command(page, tmp_path):
    page.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    choose(page, "batch", "scanner 0")
    choose(page, "sort", "area")
    click(page, "#save")
    saved, end = tmp_path / "all.csv", time.monotonic() + 60
    while not saved.exists() and time.monotonic() < end:
        time.sleep(0.05)
    items = read_source(saved).items
    assert len(items) == 66 and items[1].path == "site-0/scan 2.png" and items[1].id == "case-2"
    assert 'broken, "x".png' in [item.path for item in items]
    with saved.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == ["path", "frame", "id", "batch", "model"]
