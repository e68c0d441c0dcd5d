"""Slicer's and CTK's widgets that the panel uses."""

from __future__ import annotations

import functools
import sys
import types

import vtk
from PySide6.QtCore import Property, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from .pythonqt import pythonQtClass

STEPS = 10_000  # of the slider beside the spin box


class ctkCollapsibleButton(pythonQtClass(QAbstractButton)):
    """A bar with a title and an arrow; under it the contents, hidden while it is collapsed."""

    contentsCollapsed = Signal(bool)

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self._collapsed = False
        self._hiddenHere: list[QWidget] = []
        self.setContentsMargins(0, self._barHeight(), 0, 0)
        self.setSizePolicy(QSizePolicy.Preferred, QSizePolicy.Preferred)
        self.clicked.connect(lambda: self._setCollapsed(not self._collapsed))

    def _barHeight(self) -> int:
        return self.fontMetrics().height() + 8

    def _setCollapsed(self, collapsed: bool) -> None:
        self._collapsed = collapsed
        self._apply()
        self.contentsCollapsed.emit(collapsed)

    def _apply(self) -> None:
        self.setMaximumHeight(self._barHeight() if self._collapsed else 16_777_215)
        if self._collapsed:
            hidden = [child for child in self.children() if isinstance(child, QWidget) and not child.isHidden()]
            self._hiddenHere += hidden
            for child in hidden:
                child.hide()
        else:
            for child in self._hiddenHere:
                child.show()
            self._hiddenHere = []

    def showEvent(self, event) -> None:
        self._apply()
        super().showEvent(event)

    def sizeHint(self):
        return self.minimumSizeHint() if self._collapsed or not self.layout() else self.layout().totalSizeHint()

    def minimumSizeHint(self):
        if self._collapsed or not self.layout():
            return QSize(self.fontMetrics().horizontalAdvance(self.text) + 40, self._barHeight())
        return self.layout().totalMinimumSize()

    def hitButton(self, position) -> bool:
        return position.y() < self._barHeight()

    def paintEvent(self, _event) -> None:
        bar = QRect(0, 0, self.width, self._barHeight())
        option = QStyleOptionButton()
        option.initFrom(self)
        option.rect = bar
        option.state |= QStyle.State_Sunken if self.isDown() else QStyle.State_Raised
        arrow = QStyle.PE_IndicatorArrowRight if self._collapsed else QStyle.PE_IndicatorArrowDown
        with QPainter(self) as painter:
            self.style().drawControl(QStyle.CE_PushButtonBevel, option, painter, self)
            option.rect = QRect(7, 7, bar.height() - 14, bar.height() - 14)
            self.style().drawPrimitive(arrow, option, painter, self)
            painter.drawText(bar.adjusted(bar.height(), 0, 0, 0), Qt.AlignLeft | Qt.AlignVCenter, self.text)

    collapsed = Property(bool, lambda self: self._collapsed, _setCollapsed)


class ctkSliderWidget(pythonQtClass(QWidget)):
    """A slider with its number beside it."""

    valueChanged = Signal(float)

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self._slider, self._box = QSlider(Qt.Horizontal), QDoubleSpinBox()
        self._slider.setRange(0, STEPS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._slider)
        layout.addWidget(self._box)
        self._box.setMaximum(99.0)
        self._box.valueChanged.connect(self._onBox)
        self._slider.sliderMoved.connect(lambda step: self._box.setValue(self._box.maximum() * step / STEPS))

    def _onBox(self, value: float) -> None:
        self._slider.setValue(round(STEPS * value / self._box.maximum()))
        self.valueChanged.emit(value)

    value = Property(float, lambda self: self._box.value(), lambda self, value: self._box.setValue(value))
    minimum = Property(float, lambda self: self._box.minimum(), lambda self, value: self._box.setMinimum(value))
    maximum = Property(float, lambda self: self._box.maximum(), lambda self, value: self._box.setMaximum(value))
    singleStep = Property(float, lambda self: self._box.singleStep(),
                          lambda self, value: self._box.setSingleStep(value))
    decimals = Property(int, lambda self: self._box.decimals(), lambda self, value: self._box.setDecimals(value))


class qMRMLWidget(pythonQtClass(QWidget)):
    """Passes the scene on to the widgets in it."""

    mrmlSceneChanged = Signal(object)

    def setMRMLScene(self, scene) -> None:
        self.mrmlSceneChanged.emit(scene)


class SortFilterProxyModel:
    """The filter of a node selector."""

    def __init__(self, onChanged) -> None:
        self._hidden: list[str] = []
        self._onChanged = onChanged

    @property
    def hiddenNodeIDs(self) -> list[str]:
        return list(self._hidden)

    @hiddenNodeIDs.setter
    def hiddenNodeIDs(self, nodeIDs) -> None:
        if list(nodeIDs) != self._hidden:
            self._hidden = list(nodeIDs)
            self._onChanged()


class qMRMLNodeComboBox(pythonQtClass(QWidget)):
    """Lists the scene's nodes of some types, follows additions, removals and new names."""

    currentNodeChanged = Signal(object)

    def __init__(self, parent=None) -> None:
        super().__init__(parent)
        self._scene, self._nodeTypes, self._hideTypes, self._noneDisplay = None, [], [], "None"
        self._noneEnabled = False
        self._current: str | None = None
        self._combo = QComboBox()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._combo)
        self._proxy = SortFilterProxyModel(self._fill)
        self._combo.activated.connect(lambda index: self._select(self._combo.itemData(index)))

    def setMRMLScene(self, scene) -> None:
        self._scene = scene
        tags = [scene.AddObserver(event, follow) for event, follow in (
            (scene.NodeAddedEvent, self._onScene), (scene.EndCloseEvent, self._onScene),
            (scene.EndImportEvent, self._onImported))]
        # After everyone else has heard of it, and before the node is out of the scene, as qMRMLSceneModel.
        tags.append(scene.AddObserver(scene.NodeAboutToBeRemovedEvent, self._onRemoving, -10.0))
        self.destroyed.connect(lambda: [scene.RemoveObserver(tag) for tag in tags])
        self._fill()

    def sortFilterProxyModel(self) -> SortFilterProxyModel:
        return self._proxy

    def currentNode(self):
        return self._scene.GetNodeByID(self._current) if self._scene and self._current else None

    def setCurrentNode(self, node) -> None:
        """None where the node is not in the list, as in qMRMLNodeComboBoxPrivate::setCurrentNodeIDInternal."""
        listed = node is not None and self._combo.findData(node.GetID()) >= 0
        self._select(node.GetID() if listed else None)

    def listed(self) -> list[str]:
        """Names in the list; for tests."""
        return [self._combo.itemText(index) for index in range(self._combo.count())]

    def _onScene(self, _caller, _event) -> None:
        if not self._scene.IsImporting():
            self._fill()

    def _onImported(self, _caller, _event) -> None:
        """All rows are taken out, which leaves nothing chosen, and filled in anew: qMRMLSceneModel::updateScene."""
        self._select(None)
        self._fill()

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _onRemoving(self, _caller, _event, node) -> None:
        """Qt chooses the row above the one that goes."""
        row = self._combo.findData(node.GetID())
        if row < 0 or self._scene.IsClosing():
            return
        self._combo.removeItem(row)
        if node.GetID() == self._current:
            self._select(self._combo.itemData(row - 1))

    def _fill(self) -> None:
        if self._scene is None:
            return
        self._combo.clear()
        if self._noneEnabled:
            self._combo.addItem(self._noneDisplay, None)
        accepted = [node for node in self._nodes() if self._accepts(node)]
        for node in accepted:
            self._combo.addItem(node.GetName(), node.GetID())
        if self._current and self._current not in [node.GetID() for node in accepted]:
            self._select(None)
        self._combo.setCurrentIndex(self._combo.findData(self._current) if self._current else 0)

    def _nodes(self) -> list:
        return [self._scene.GetNthNode(index) for index in range(self._scene.GetNumberOfNodes())]

    def _accepts(self, node) -> bool:
        return (any(node.IsA(name) for name in self._nodeTypes) and not any(node.IsA(name) for name in self._hideTypes)
                and not node.GetHideFromEditors() and node.GetID() not in self._proxy.hiddenNodeIDs)

    def _select(self, nodeId: str | None) -> None:
        if nodeId != self._current:
            self._current = nodeId
            self._combo.setCurrentIndex(self._combo.findData(nodeId) if nodeId else 0)
            self.currentNodeChanged.emit(self.currentNode())

    def _setNodeTypes(self, names) -> None:
        self._nodeTypes = list(names)
        self._fill()

    def _setHideTypes(self, names) -> None:
        self._hideTypes = list(names)
        self._fill()

    nodeTypes = Property("QStringList", lambda self: self._nodeTypes, _setNodeTypes)
    hideChildNodeTypes = Property("QStringList", lambda self: self._hideTypes, _setHideTypes)
    noneEnabled = Property(bool, lambda self: self._noneEnabled, lambda self, on: setattr(self, "_noneEnabled", on))
    noneDisplay = Property(str, lambda self: self._noneDisplay, lambda self, text: setattr(self, "_noneDisplay", text))
    addEnabled = Property(bool, lambda self: False, lambda self, on: None)
    removeEnabled = Property(bool, lambda self: False, lambda self, on: None)
    renameEnabled = Property(bool, lambda self: False, lambda self, on: None)


class qSlicerScriptedLoadableModuleWidget(pythonQtClass(QWidget)):
    """Holds a scripted module's panel; enters, leaves and reloads it as Slicer does."""

    def __init__(self, moduleName: str) -> None:
        super().__init__()
        QVBoxLayout(self)
        self._moduleName = moduleName
        self.isEntered = False
        self.reload()

    def reload(self) -> None:
        import slicer

        self.panel = getattr(sys.modules[self._moduleName], f"{self._moduleName}Widget")(self)
        setattr(slicer.modules, f"{self._moduleName}Widget", self.panel)
        self.panel.setup()

    def enter(self) -> None:
        self.isEntered = True
        self.panel.enter()

    def exit(self) -> None:
        self.isEntered = False
        self.panel.exit()


@functools.cache
def install() -> None:
    """Make ``import ctk`` work and put the qMRML widgets into ``slicer``."""
    import slicer

    ctk = types.ModuleType("ctk")
    ctk.ctkCollapsibleButton, ctk.ctkSliderWidget = ctkCollapsibleButton, ctkSliderWidget
    sys.modules["ctk"] = ctk
    for cls in (qMRMLWidget, qMRMLNodeComboBox):
        setattr(slicer, cls.__name__, cls)
