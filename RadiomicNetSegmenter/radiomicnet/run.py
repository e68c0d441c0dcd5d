"""A whole run: segment, explain, check."""

from __future__ import annotations

from collections.abc import Callable

from .explain.reliance import reliance
from .images.image import Image
from .prompts.prompted import Prompts, predict
from .results.result import Prediction, Result
from .segmenter import Segmenter
from .steps import Progress, Steps
from .verify.check import verify


def run(segmenter: Segmenter, image: Image, threshold: float | None = None, progress: Progress | None = None,
        predicted: Callable[[Prediction], None] | None = None, prompts: Prompts | None = None) -> Result:
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
    with steps.step("outline without the features"):
        hung = reliance(segmenter, prediction.seen)
    with steps.step("PyRadiomics check"):
        verification = verify(prediction, contributions)
    return Result(prediction, contributions, verification, steps.seconds, hung)
