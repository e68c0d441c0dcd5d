"""The implementation check: the 13 features by PyRadiomics on the very array and mask that the network used."""

from __future__ import annotations

from ..features.catalogue import KEYS
from ..results.result import Contributions, Prediction, Verification
from .disagreement import explained
from .pyradiomics import installed
from .rules import WHOLE
from .tiles import check_tiles
from .values import pyradiomics_values


def verify(prediction: Prediction, contributions: Contributions | None = None) -> Verification:
    """Compare the prediction's features with PyRadiomics' own.

    Parameters
    ----------
    prediction : Prediction
    contributions : Contributions, optional
        Of the same prediction; the tiles that contributed most are then among those looked at.

    Returns
    -------
    Verification
        Agreement after :mod:`.rules`. Tiles are looked at where the model takes local features. Where PyRadiomics is
        missing or fails, a verification that was not made, with the reason; the rest of a run does not depend on it.
    """
    version, reason = installed()
    if not version:
        return Verification(False, reason=reason)
    try:
        theirs = pyradiomics_values(prediction.grid.grey, prediction.grid.mask)
        tiles = check_tiles(prediction, contributions, version) if prediction.card.local_feature_mean else ()
    except Exception as error:
        return Verification(False, reason=f"PyRadiomics failed on this image ({error}).", version=version)
    checks = {key: WHOLE[key].check(key, prediction.features[key], theirs[key]) for key in KEYS}
    return Verification(True, explained(checks, version), version=version, tiles=tiles)
