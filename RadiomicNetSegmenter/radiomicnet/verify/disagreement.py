"""Why a feature differs from PyRadiomics' value, as far as the other features tell.

Mean and standard deviation depend on array and region alone. GLCM features depend on the discretisation, distances and
angles besides; LBP features on the LBP2D filter, which is scikit-image's. So what agrees rules causes out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from ..results.result import Check

# The versions against which the features are tested.
TESTED_VERSIONS = ("3.0.1", "3.1.0")
# Beyond a rule and yet nearer than this share: the sums of the two programs, not their definitions.
ROUNDING = 1e-4

_REGION = ("firstorder_Mean", "firstorder_StandardDeviation")


def explained(checks: Mapping[str, Check], version: str) -> dict[str, Check]:
    """The checks of one region by feature key, those that differ with a sentence that says what it can be."""
    return {key: check if check.agrees else replace(check, explanation=_sentence(check, checks, version))
            for key, check in checks.items()}


def _sentence(check: Check, checks: Mapping[str, Check], version: str) -> str:
    untested = "" if _tested(version) else (
        f" PyRadiomics {version} is not one of the versions this was tested with ({', '.join(TESTED_VERSIONS)}).")
    return _cause(check, checks) + untested


def _cause(check: Check, checks: Mapping[str, Check]) -> str:
    if not math.isfinite(check.pyradiomics):
        return "PyRadiomics gave no number for this region."
    if abs(check.difference) <= ROUNDING * abs(check.pyradiomics):
        return "Rounding: the difference is below a ten-thousandth of the value, yet more than the rule allows."
    if not all(checks[key].agrees for key in _REGION if key in checks):
        return ("Region: mean or standard deviation differ too, so the two programs did not look at the same pixels "
                "or grey levels.")
    if check.key.startswith("glcm_"):
        return ("Discretisation: mean and standard deviation agree, so pixels and region are the same; bins, "
                "distance or angles are not.")
    if check.key.startswith("lbp_"):
        return ("Filter: mean and standard deviation agree, so pixels and region are the same; the local binary "
                "patterns, which PyRadiomics takes from scikit-image, are not.")
    return "Definition: pixels and region are the same, so the two programs mean different things by this feature."


def _tested(version: str) -> bool:
    """Whether a version is a tested one, or a build of it (3.0.1.post1, 3.0.1+local)."""
    return any(version == tested or version.startswith((f"{tested}.", f"{tested}+")) for tested in TESTED_VERSIONS)
