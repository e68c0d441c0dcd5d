"""The page: what stands on it, that it needs nothing from elsewhere, and that nothing in a name can act on it."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from radiomicnet.features.catalogue import CATALOGUE
from radiomicnet.results import words
from radiomicnet.results.page import render

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Tags, attributes and visible text of a page; unbalanced tags are an error."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.words, self.open = [], [], [], []
        self.feed(html)
        assert self.open == []
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data)


def page_of(result):
    return Page(render(result, "scan", ["scan.html", "scan.json"]))


def test_it_tells_the_finding_its_size_and_for_whom_it_is(make_result, oblique):
    result = make_result(1, geometry=oblique)
    page = page_of(result)
    lesion = result.prediction.lesions[0]
    assert f"1 lesion outlined, {lesion.longest_mm:.1f} × {lesion.perpendicular_mm:.1f} mm" in page.text
    assert f"{lesion.area_mm2:.1f} mm²" in page.text
    assert page.text.count("For research use only. Not a medical device.") == 2
    assert "burnt-in name" in page.text
    assert "uncalibrated" not in page.text


def test_an_uncalibrated_image_has_pixels_and_says_so(make_result):
    page = page_of(make_result(1))
    assert "uncalibrated" in page.text
    assert " px" in page.text
    assert "mm" not in page.text.split("Probability and uncertainty")[0]


def test_several_lesions_have_a_row_and_a_number_each(make_result):
    page = page_of(make_result(3))
    for number in (1, 2, 3):
        assert f"Breast lesion {number}" in page.text
    assert page.tags.count("text") == 3


def test_nothing_found_does_not_exclude_a_lesion(make_result):
    page = page_of(make_result(0))
    assert "No lesion found; this does not exclude one." in page.text
    assert "as nothing was outlined" in page.text
    assert "Longest diameter" not in page.text
    assert page.tags.count("image") == 1 + 2 + 4


def test_every_feature_is_ranked_and_compared(make_result):
    page = page_of(make_result(1))
    for feature in CATALOGUE:
        assert page.text.count(feature.label) == 2
    assert page.text.count("✓ agrees") == 13
    assert "PyRadiomics 3.0.1 gives the same value for 13 of 13 features." in page.text


def test_a_difference_is_marked_by_sign_and_word(make_result):
    result = make_result(1)
    checks = dict(result.verification.checks)
    first = result.contributions.items[0].key
    checks[first] = dataclasses.replace(checks[first], agrees=False)
    page = page_of(dataclasses.replace(result, verification=dataclasses.replace(result.verification, checks=checks)))
    assert page.text.count("✗ differs") == 1
    assert "12 of 13" in page.text


def test_a_check_that_was_not_made_says_how_to_make_it(make_result):
    page = page_of(make_result(1, checked=False))
    assert "The check against PyRadiomics was not made." in page.text
    assert "pip install pyradiomics" in page.text
    assert page.text.count("– not checked") == 13


def test_it_says_what_the_contributions_add_up_to(make_result):
    result = make_result(1)
    contributions = result.contributions
    text = page_of(result).text
    assert f"Δ = {words.number(contributions.change, 4, sign=True)}" in text
    assert f"Σ = {words.number(contributions.change + contributions.residual, 4, sign=True)}" in text
    assert "0.10 % of the sum of their absolute values" in text
    assert "not the whole decision" in text


def test_it_says_what_the_model_was_trained_on_and_how_good_it_is(make_result):
    text = page_of(make_result(1)).text
    assert "Dice: 0.756 ± 0.240 , 95 % interval of the mean 0.710 to 0.800 , n = 106, validation fold" in text
    assert "Made up, 1,234 images, training. Nobody 2020, doi 10.1234/abc. Licence: CC-BY-4.0" in text
    assert "Licence of the model MIT" in text
    assert "Shown on one hospital's images only." in text


def test_what_all_figures_were_measured_on_is_said_once(make_result, card_data):
    for figure in card_data["metrics"].values():
        figure["data"] = "validation fold"
    text = page_of(make_result(1, card=card_data)).text
    assert "On validation fold: Dice: 0.756" in text and text.count("validation fold") == 1


def test_a_figure_nobody_measured_says_so(make_result, card_data):
    card_data["metrics"]["dice"] = {"mean": None, "std": None, "n": 0, "ci95": None}
    assert "dice: not measured" in page_of(make_result(1, card=card_data)).text


def test_it_warns_of_what_the_image_warned_of(make_result):
    assert "A rotation was applied." in page_of(make_result(1, warnings=("A rotation was applied.",))).text


def test_it_loads_nothing_and_runs_nothing(make_result):
    html = render(make_result(2), "scan", ["scan.html"])
    page = Page(html)
    assert not {"script", "iframe", "object", "embed", "link", "form", "img", "base"} & set(page.tags)
    for name, value in page.attributes:
        assert not name.startswith("on"), name
        if name in ("href", "src", "xlink:href", "action"):
            assert value.startswith(("data:image/", "#")), value
    assert "url(" not in html
    assert "@import" not in html
    assert not re.search(r"https?:", html)
    assert "default-src 'none'" in html


EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>&\'{{ 7 * 7 }}'


def test_nothing_in_a_name_a_card_or_a_warning_can_act(make_result, card_data):
    card_data["title"] = card_data["summary"] = card_data["license"] = card_data["intended_use"] = EVIL
    card_data["target"]["name"] = EVIL
    card_data["limits"] = [EVIL]
    card_data["training_data"][0] |= {"name": EVIL, "citation": EVIL, "license": EVIL, "use": EVIL}
    card_data["metrics"] = {EVIL: card_data["metrics"]["dice"] | {"title": EVIL, "unit": EVIL, "data": EVIL}}
    result = make_result(2, name=EVIL, warnings=(EVIL,), card=card_data, checked=False)
    verification = dataclasses.replace(result.verification, reason=EVIL)
    result = dataclasses.replace(result, verification=verification, seconds={EVIL: 1.0})
    html = render(result, EVIL, [EVIL])
    page = Page(html)
    assert not {"script", "img"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert EVIL in "".join(page.words)
    assert "49" not in html.partition("</title>")[0]


def test_the_diameters_are_drawn_where_they_were_measured(make_result, oblique):
    """In the units of the drawing, one of which is a column: lengths there times the column's width are millimetres."""
    result = make_result(1, geometry=oblique)
    html = render(result, "scan", [])
    numbers = [[float(number) for number in found] for found in
               re.findall(r'<line class="(?:longest|across)" x1="(.*?)" y1="(.*?)" x2="(.*?)" y2="(.*?)"', html)]
    lesion = result.prediction.lesions[0]
    (x1, y1, x2, y2), (u1, v1, u2, v2) = numbers
    assert np.hypot(x2 - x1, y2 - y1) * oblique.spacing[0] == pytest.approx(lesion.longest_mm)
    assert np.hypot(u2 - u1, v2 - v1) * oblique.spacing[0] == pytest.approx(lesion.perpendicular_mm)
    assert (x2 - x1) * (u2 - u1) + (y2 - y1) * (v2 - v1) == pytest.approx(0, abs=1e-9)


def test_figures_that_are_no_numbers_are_dashes(make_result):
    result = make_result(1)
    items = tuple(dataclasses.replace(item, contribution=float("nan"), value=float("inf"))
                  for item in result.contributions.items)
    contributions = dataclasses.replace(result.contributions, items=items, quantity=float("nan"))
    text = page_of(dataclasses.replace(result, contributions=contributions)).text
    assert "nan" not in text.replace("resonance", "")
    assert "inf " not in text
    assert "–" in text


def test_a_large_image_makes_a_page_below_three_megabytes(make_result):
    random = np.random.default_rng(0)
    result = make_result(1, shape=(1200, 1600))
    pixels = random.integers(0, 256, (1200, 1600, 3), dtype=np.uint8)
    image = dataclasses.replace(result.prediction.image, pixels=pixels)
    noisy = tuple(dataclasses.replace(gate, spatial=random.random((1200, 1600), np.float32))
                  for gate in result.prediction.attention)
    prediction = dataclasses.replace(result.prediction, image=image, attention=noisy)
    assert len(render(dataclasses.replace(result, prediction=prediction), "scan", []).encode()) < 3e6


@pytest.mark.parametrize(("value", "shown"), [
    (0.5, "0.5000"), (-12.3456, "−12.35"), (1.2e-13, "1.200 × 10⁻¹³"), (123456789.0, "1.235 × 10⁸"), (0.0, "0.000"),
    (1234.0, "1234"), (None, "–"), (float("nan"), "–"), (float("-inf"), "–")])
def test_numbers_are_written_for_people(value, shown):
    assert words.number(value) == shown
