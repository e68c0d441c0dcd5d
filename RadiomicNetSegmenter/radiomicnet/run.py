"""A whole run: segment, explain, check, measure."""

from __future__ import annotations

from collections.abc import Callable

from .errors import FeatureError
from .explain.reliance import reliance
from .images.image import Image
from .prompts.prompted import Prompts, predict
from .regions.radiomics import RegionalRadiomics, regional_radiomics
from .regions.stability import Stability, feature_stability
from .results.result import Prediction, Result
from .segmenter import Segmenter
from .steps import Progress, Steps
from .verify.check import verify

# Shapley values over some orders of the features, or over every coalition of them.
SAMPLED, EXACT = "sampled", "exact"


def run(segmenter: Segmenter, image: Image, threshold: float | None = None, progress: Progress | None = None,
        predicted: Callable[[Prediction], None] | None = None, prompts: Prompts | None = None,
        shapley: str | None = None) -> Result:
    """Do everything for one image.

    Parameters
    ----------
    segmenter : Segmenter
    image : Image
    threshold : float, optional
        Probability from which a pixel belongs to a lesion; the model's own by default.
    progress : callable, optional
        Called with each step's name and the share of the run done; may raise ``Cancelled``.
    predicted : callable, optional
        Called with the prediction as soon as there is one, before it is explained; may raise ``Cancelled``.
    prompts : Prompts, optional
        What a person pointed at: clicks on lesions, a box to search in.
    shapley : str, optional
        :data:`SAMPLED` or :data:`EXACT` for Shapley values beside the contributions; none by default.

    Raises
    ------
    RadiomicNetError
        Where the image cannot be segmented.
    Cancelled
        Where ``progress`` asked to stop.
    """
    steps = Steps(progress)
    prediction = predict(segmenter, image, threshold, prompts, steps)
    if predicted is not None:
        predicted(prediction)
    contributions = segmenter.explain(prediction.seen, steps)
    second = segmenter.shapley(prediction.seen, shapley == EXACT, steps) if shapley else None
    with steps.step("outline without the features"):
        hung = reliance(segmenter, prediction.seen)
    with steps.step("PyRadiomics check"):
        verification = verify(prediction, contributions)
    with steps.step("radiomics of the segment"):
        regions, stability = _inside(prediction)
    return Result(segmenter.noted(prediction), contributions, verification, steps.seconds, hung, regions, stability,
                  second)


def _inside(prediction: Prediction) -> tuple[RegionalRadiomics | None, Stability | None]:
    """What is measured inside the outline, at the image's own resolution; nothing where there is none."""
    mask = prediction.labels > 0
    if not mask.any():
        return None, None
    try:
        stability = feature_stability(prediction.image, mask)
    except FeatureError:  # too few pixels for texture
        stability = None
    return regional_radiomics(prediction.image, mask), stability
