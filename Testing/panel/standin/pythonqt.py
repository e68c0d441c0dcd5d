"""The module ``qt`` as PythonQt shows Qt: properties are attributes, signals also connect by their signature."""

from __future__ import annotations

import functools
import sys
import types
from xml.etree import ElementTree

import shiboken6
from PySide6 import QtCore, QtGui, QtUiTools, QtWidgets

# Properties whose names Qt's own code calls as methods of a subclass.
METHODS = {"sizeHint", "minimumSizeHint"}


# What is connected to an object by its signature, by the object's address: PythonQt holds it for as long as the object
# lives, and Python's garbage collector does not see that it does.
_held: dict[int, list] = {}


class PythonQtObject:
    """What PythonQt adds to every QObject."""

    @property
    def name(self) -> str:
        return self.property("objectName")

    def __getattribute__(self, attribute: str):
        # PySide finds its own static connect() before one of a subclass.
        if attribute == "connect":
            return self._connect
        if attribute == "disconnect":
            return self._disconnect
        return super().__getattribute__(attribute)

    def _connect(self, signature: str, slot) -> None:
        getattr(self, _function(signature)).connect(slot)
        address, = shiboken6.getCppPointer(self)
        if address not in _held:
            self.destroyed.connect(lambda: _held.pop(address))
        _held.setdefault(address, []).append(slot)

    def _disconnect(self, signature: str, slot) -> None:
        getattr(self, _function(signature)).disconnect(slot)
        _held[shiboken6.getCppPointer(self)[0]].remove(slot)

    def className(self) -> str:
        return type(self).__name__


@functools.cache
def pythonQtClass(base: type, name: str = "") -> type:
    """A subclass whose Qt properties are attributes."""
    metaObject = base.staticMetaObject
    properties = {}
    for index in range(metaObject.propertyCount()):
        metaProperty = metaObject.property(index)
        if metaProperty.name() not in METHODS:
            properties[metaProperty.name()] = property(metaProperty.read, metaProperty.write)
    return type(name or base.__name__, (PythonQtObject, base), properties)


class QFileDialog:
    """Only the question for a folder; a test answers it by replacing the method."""

    @staticmethod
    def getExistingDirectory(_parent=None, _caption: str = "", _directory: str = "") -> str:
        raise AssertionError("a dialog would wait for a person here")


class UiLoader(QtUiTools.QUiLoader):
    """Builds PythonQt's classes and those of :mod:`standin.widgets`."""

    def createWidget(self, className: str, parent=None, name: str = ""):
        import ctk
        import slicer

        owner = next(owner for owner in (ctk, slicer, _module()) if hasattr(owner, className))
        widget = getattr(owner, className)(parent)
        widget.setObjectName(name)
        return widget

    def load(self, file):
        """PySide knows no signal with a VTK type, so the connections of the .ui are made here."""
        tree = ElementTree.fromstring(bytes(file.readAll().data()))
        connections = tree.find("connections")
        tree.remove(connections)
        buffer = QtCore.QBuffer()
        buffer.setData(ElementTree.tostring(tree))
        buffer.open(QtCore.QIODevice.ReadOnly)
        panel = super().load(buffer)
        for item in connections:
            sender, signal, receiver, slot = map(item.findtext, ("sender", "signal", "receiver", "slot"))
            getattr(_named(panel, sender), _function(signal)).connect(getattr(_named(panel, receiver), _function(slot)))
        return panel


def _named(panel, name: str):
    return panel if panel.objectName == name else panel.findChild(QtWidgets.QWidget, name)


def _function(signature: str) -> str:
    return signature.partition("(")[0]


@functools.cache
def install() -> None:
    """Make ``import qt`` work; needs a QApplication before the first widget."""
    sys.modules["qt"] = _module()


@functools.cache
def _module() -> types.ModuleType:
    module = _Qt("qt")
    module.QUiLoader = UiLoader
    module.QFileDialog = QFileDialog
    module.QTimer = pythonQtClass(QtCore.QTimer)
    module.QShortcut = pythonQtClass(QtGui.QShortcut)
    return module


class _Qt(types.ModuleType):
    """Qt's modules in one, each class wrapped when it is first asked for."""

    def __getattr__(self, name: str):
        for namespace in (QtWidgets, QtGui, QtCore):
            found = getattr(namespace, name, None)
            if found is not None:
                break
        else:
            raise AttributeError(name)
        isWidget = isinstance(found, type) and issubclass(found, QtWidgets.QWidget)
        value = pythonQtClass(found) if isWidget else found
        setattr(self, name, value)
        return value
