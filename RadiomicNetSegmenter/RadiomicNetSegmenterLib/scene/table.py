"""The ranked features as a table node: the one source of the panel's table and of what is saved."""

from __future__ import annotations

import vtk

from radiomicnet.features.catalogue import BY_KEY
from radiomicnet.results.result import Result
from radiomicnet.results.words import agreement, verification

RANK, FEATURE, CONTRIBUTION, SHARE = "Rank", "Feature", "Contribution", "Share %"
NETWORK, PYRADIOMICS, DIFFERENCE, AGREEMENT = "Network", "PyRadiomics", "Difference", "Agreement"
AGREES, NOT_CHECKED = "agrees", agreement(None)  # the words of every table


def write(node, result: Result) -> None:
    """One row per feature, most important first; the contribution in logits, signed.

    The values of the PyRadiomics columns are empty where the check was not made; the node's description says why.
    """
    items = result.contributions.items
    checks = result.verification.checks
    rows = [checks.get(item.key) for item in items]
    wasModified = node.StartModify()
    node.SetLocked(False)
    node.RemoveAllColumns()
    _add(node, RANK, vtk.vtkIntArray(), [item.rank for item in items])
    _add(node, FEATURE, vtk.vtkStringArray(), [BY_KEY[item.key].label for item in items])
    _add(node, CONTRIBUTION, vtk.vtkDoubleArray(), [item.contribution for item in items])
    _add(node, SHARE, vtk.vtkDoubleArray(), [item.share for item in items])
    _add(node, NETWORK, vtk.vtkDoubleArray(), [item.value for item in items])
    _add(node, PYRADIOMICS, vtk.vtkStringArray(), [_number(check and check.pyradiomics) for check in rows])
    _add(node, DIFFERENCE, vtk.vtkStringArray(), [_number(check and check.difference) for check in rows])
    _add(node, AGREEMENT, vtk.vtkStringArray(), [agreement(check) for check in rows])
    node.SetUseColumnTitleAsColumnHeader(True)
    node.SetDescription(verification(result.verification))
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


def _number(value: float | None) -> str:
    return "" if value is None else repr(float(value))

