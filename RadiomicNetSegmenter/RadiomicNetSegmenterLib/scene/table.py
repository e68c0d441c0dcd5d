"""The ranked features as a table node: the one source of the panel's table and of what is saved."""

from __future__ import annotations

import vtk
from slicer.i18n import tr as _

from radiomicnet.explain.usual import usual
from radiomicnet.features.catalogue import BY_KEY, CATALOGUE
from radiomicnet.results.result import Result
from radiomicnet.results.words import agreement, reliance, verification

RANK, FEATURE, CONTRIBUTION, SHARE = "Rank", "Feature", "Contribution", "Share %"
USUAL_LOW, USUAL_HIGH = "Usual low", "Usual high"
NETWORK, TRAINING = "Network", "Training mean"
PYRADIOMICS, DIFFERENCE, AGREEMENT = "PyRadiomics", "Difference", "Agreement"
INSIDE = "In segment"
NOTE = "Note"
MARKS = {"agrees": "✓", "differs": "✗", agreement(None): "–"}  # by the words of every table
KEY_BY_LABEL = {feature.label: feature.key for feature in CATALOGUE}
RELIANCE, INSIDE_OF = "RadiomicNet.reliance", "RadiomicNet.insideOf"


def write(node, result: Result) -> None:
    """One row per feature, most important first; the contribution in logits, signed, with its usual range where known.

    The values of the PyRadiomics columns are empty where the check was not made; the node's description says why. The
    values inside the segment are added by :func:`writeInside`.
    """
    items = result.contributions.items
    checks, ranges = result.verification.checks, usual(result.contributions, result.prediction)
    rows = [checks.get(item.key) for item in items]
    wasModified = node.StartModify()
    node.SetLocked(False)
    node.RemoveAllColumns()
    _add(node, RANK, vtk.vtkIntArray(), [item.rank for item in items])
    _add(node, FEATURE, vtk.vtkStringArray(), [BY_KEY[item.key].label for item in items])
    _add(node, CONTRIBUTION, vtk.vtkDoubleArray(), [item.contribution for item in items])
    _add(node, SHARE, vtk.vtkDoubleArray(), [item.share for item in items])
    if ranges:
        for name, end in ((USUAL_LOW, 0), (USUAL_HIGH, 1)):
            _add(node, name, vtk.vtkDoubleArray(), [ranges[item.key][end] for item in items])
    _add(node, NETWORK, vtk.vtkDoubleArray(), [item.value for item in items])
    _add(node, TRAINING, vtk.vtkDoubleArray(), [item.reference for item in items])
    _add(node, PYRADIOMICS, vtk.vtkStringArray(), [_number(check and check.pyradiomics) for check in rows])
    _add(node, DIFFERENCE, vtk.vtkStringArray(), [_number(check and check.difference) for check in rows])
    _add(node, AGREEMENT, vtk.vtkStringArray(), [_marked(agreement(check)) for check in rows])
    if any(check and check.explanation for check in rows):
        _add(node, NOTE, vtk.vtkStringArray(), [check.explanation if check else "" for check in rows])
    node.SetUseColumnTitleAsColumnHeader(True)
    node.SetDescription(verification(result.verification, _))
    node.SetAttribute(RELIANCE, reliance(result.reliance, bool(result.prediction.lesions), _))
    node.SetAttribute(INSIDE_OF, "")
    node.SetLocked(True)
    node.EndModify(wasModified)


def writeInside(node, values: dict[str, float], of: str) -> None:
    """Add the values inside a segment, or replace those that are there.

    Parameters
    ----------
    node : vtkMRMLTableNode
    values : dict of str to float
        By feature key; empty where they could not be computed.
    of : str
        Inside of what and computed by whom, or why not, as a sentence.
    """
    wasModified = node.StartModify()
    node.SetLocked(False)
    if node.GetColumnIndex(INSIDE) >= 0:
        node.RemoveColumn(node.GetColumnIndex(INSIDE))
    labels = columns(node)[FEATURE]
    _add(node, INSIDE, vtk.vtkStringArray(), [_number(values.get(KEY_BY_LABEL[label])) for label in labels])
    node.SetAttribute(INSIDE_OF, of)
    node.SetLocked(True)
    node.EndModify(wasModified)


def columns(node) -> dict[str, list]:
    """The columns by name; empty where the table has not been filled."""
    if node is None:
        return {}
    vtkTable = node.GetTable()
    return {vtkTable.GetColumnName(index): [vtkTable.GetColumn(index).GetValue(row)
                                            for row in range(vtkTable.GetNumberOfRows())]
            for index in range(vtkTable.GetNumberOfColumns())}


def _add(node, name: str, array, values) -> None:
    array.SetName(name)
    for value in values:
        array.InsertNextValue(value)
    node.AddColumn(array)


def _marked(word: str) -> str:
    return f"{MARKS[word]} {word}"


def _number(value: float | None) -> str:
    return "" if value is None else repr(float(value))

