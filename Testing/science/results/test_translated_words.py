"""Sentences go through a program's own translator, numbers do not."""

from __future__ import annotations

from radiomicnet.results import words
from radiomicnet.results.result import Reliance, Verification

GERMAN = {
    "No lesion found; this does not exclude one.": "Keine Läsion gefunden; das schließt keine aus.",
    "1 lesion outlined, {size}.": "1 Läsion umrandet, {size}.",
    "{diameters} (longest × perpendicular diameter)": "{diameters} (längster × querer Durchmesser)",
    "the outline would be {share} % the same": "wäre der Umriss zu {share} % derselbe",
    "The check against PyRadiomics was not made. {reason}": "Keine Prüfung. {reason}",
}


def german(text):
    return GERMAN.get(text, text)


def test_without_a_translator_the_words_are_english(make_result):
    assert words.finding(make_result(0).prediction) == "No lesion found; this does not exclude one."


def test_with_one_they_are_in_its_language(make_result):
    assert words.finding(make_result(0).prediction, german).startswith("Keine Läsion")
    found = words.finding(make_result(1).prediction, german)
    assert found.startswith("1 Läsion umrandet") and "querer Durchmesser" in found
    assert "zu 97 % derselbe" in words.reliance(Reliance(0.975, 0.5), True, german)
    assert words.verification(Verification(False, reason="Why."), german) == "Keine Prüfung. Why."
