"""slicer.i18n, slicer.ScriptedLoadableModule and slicer.parameterNodeWrapper."""

from __future__ import annotations

import functools
import sys
import types
import typing
import unittest
import weakref
from pathlib import Path


@functools.cache
def install() -> None:
    """Make the modules importable."""
    import slicer
    import slicer.util  # imported with slicer in the application
    import trame_slicer.core  # noqa: F401  brings MRML's other parts; missing, nothing here works

    for name, content in (("i18n", {"tr": lambda text: text, "translate": lambda _context, text: text}),
                          ("ScriptedLoadableModule", _scriptedModuleClasses()),
                          ("parameterNodeWrapper", {"parameterNodeWrapper": parameterNodeWrapper,
                                                    "WithinRange": WithinRange})):
        module = types.ModuleType(f"slicer.{name}")
        module.__dict__.update(content)
        sys.modules[module.__name__] = module
        setattr(slicer, name, module)


def _scriptedModuleClasses() -> dict[str, type]:
    return {cls.__name__: cls for cls in (ScriptedLoadableModule, ScriptedLoadableModuleWidget,
                                          ScriptedLoadableModuleLogic, ScriptedLoadableModuleTest)}


class ScriptedLoadableModule:
    def __init__(self, parent) -> None:
        self.parent = parent
        self.moduleName = type(self).__name__


class ScriptedLoadableModuleWidget:
    def __init__(self, parent) -> None:
        super().__init__()
        self.moduleName = type(self).__name__.removesuffix("Widget")
        self.parent = parent
        self.layout = parent.layout()

    def resourcePath(self, name: str) -> str:
        import slicer

        return str(Path(slicer.util.modulePath(self.moduleName)).parent / "Resources" / name)

    def setup(self) -> None:
        pass

    def cleanup(self) -> None:
        pass

    def onReload(self) -> None:
        import slicer

        slicer.util.reloadScriptedModule(self.moduleName)


class ScriptedLoadableModuleLogic:
    def __init__(self, parent=None) -> None:
        super().__init__()
        self.moduleName = type(self).__name__.removesuffix("Logic")

    def getParameterNode(self):
        import slicer

        node = slicer.mrmlScene.GetSingletonNode(self.moduleName, "vtkMRMLScriptedModuleNode")
        if node is None:
            node = slicer.mrmlScene.CreateNodeByClass("vtkMRMLScriptedModuleNode")
            node.UnRegister(None)
            node.SetSingletonTag(self.moduleName)
            node.SetName(self.moduleName)
            node = slicer.mrmlScene.AddNode(node)
        node.SetAttribute("ModuleName", self.moduleName)
        return node


class ScriptedLoadableModuleTest(unittest.TestCase):
    def __init__(self, *args) -> None:
        super().__init__(*args)

    def delayDisplay(self, _message: str) -> None:
        pass


class WithinRange:
    def __init__(self, minimum: float, maximum: float) -> None:
        self.minimum, self.maximum = minimum, maximum

    def validate(self, value: float) -> None:
        if not self.minimum <= value <= self.maximum:
            raise ValueError(f"{value} is not within [{self.minimum}, {self.maximum}]")


class _Parameter:
    """How one member is written to and read from the node, with its cache."""

    def __init__(self, name: str, annotated, default, node) -> None:
        arguments = typing.get_args(annotated)
        self.type = arguments[0] if arguments else annotated
        self._ranges = [item for item in arguments[1:] if isinstance(item, WithinRange)]
        self._name, self._node = name, node
        self._writing = False
        self._default = default
        self._value = self._load()
        this = weakref.ref(self)
        self._tag = node.AddObserver("ModifiedEvent", lambda *_: this() and this()._onModified())

    def __del__(self) -> None:
        self._node.RemoveObserver(self._tag)

    @property
    def range(self) -> WithinRange | None:
        return self._ranges[0] if self._ranges else None

    def read(self):
        return self._value

    def write(self, value) -> None:
        for limit in self._ranges:
            limit.validate(value)
        self._writing = True
        wasModified = self._node.StartModify()
        try:
            self._store(value)
            self._value = self._load()
        finally:
            self._node.EndModify(wasModified)
            self._writing = False

    def _onModified(self) -> None:
        if not self._writing:
            self._value = self._load()

    def _isNode(self) -> bool:
        import slicer

        return issubclass(self.type, slicer.vtkMRMLNode)

    def _store(self, value) -> None:
        if not self._isNode():
            self._node.SetParameter(self._name, str(value))
            return
        if value is not None and not isinstance(value, self.type):
            raise ValueError(f"{value} is no {self.type}")
        self._node.SetParameter(self._name, "")
        self._node.SetNodeReferenceID(self._name, value.GetID() if value is not None else None)

    def _load(self):
        if not self._node.HasParameter(self._name):  # new, or reset because the scene was closed
            self._store(self._default)
        if self._isNode():
            return self._node.GetNodeReference(self._name)
        text = self._node.GetParameter(self._name)
        return text == "True" if self.type is bool else self.type(text)


class _Wrapper:
    """What the decorator adds to a class."""

    def __init__(self, parameterNode) -> None:
        self.parameterNode = parameterNode
        self._connections: dict[int, tuple] = {}
        self._updatingGui = False
        self._parameters = {name: _Parameter(name, annotated, self._defaults[name], parameterNode)
                            for name, annotated in self._types.items()}

    def connectGui(self, ui) -> int:
        connected = []
        for widget in vars(ui).values():
            name = widget.property("SlicerParameterName")
            if name:
                parameter = self._parameters[name]
                signal, read, write = _connector(widget, parameter)
                write(parameter.read())
                slot = self._fromGui(parameter, read)
                signal.connect(slot)
                connected.append((signal, slot, parameter, write))
        tag = self.AddObserver("ModifiedEvent", lambda *_: self._toGui())
        self._connections[tag] = connected
        return tag

    def disconnectGui(self, tag: int) -> None:
        for signal, slot, _parameter, _write in self._connections.pop(tag, ()):
            signal.disconnect(slot)
        self.RemoveObserver(tag)

    def _fromGui(self, parameter: _Parameter, read):
        def slot(*_arguments) -> None:
            if not self._updatingGui:
                wasModified = self.StartModify()
                parameter.write(read())
                self.EndModify(wasModified)
        return slot

    def _toGui(self) -> None:
        if self._updatingGui:
            return
        self._updatingGui = True
        try:
            for connected in list(self._connections.values()):
                for _signal, _slot, parameter, write in connected:
                    write(parameter.read())
        finally:
            self._updatingGui = False

    def StartModify(self):
        return self.parameterNode.StartModify()

    def EndModify(self, wasModified) -> None:
        self.parameterNode.EndModify(wasModified)

    def AddObserver(self, event, callback, priority: float = 0.0) -> int:
        return self.parameterNode.AddObserver(event, callback, priority)

    def RemoveObserver(self, tag: int) -> None:
        self.parameterNode.RemoveObserver(tag)


def parameterNodeWrapper(cls: type) -> type:
    members = typing.get_type_hints(cls, include_extras=True)
    defaults = {name: getattr(cls, name, None) for name in members}
    properties = {name: property(lambda self, name=name: self._parameters[name].read(),
                                 lambda self, value, name=name: self._parameters[name].write(value))
                  for name in members}
    return type(cls.__name__, (_Wrapper,), {"__doc__": cls.__doc__, "__module__": cls.__module__,
                                            "_types": members, "_defaults": defaults, **properties})


def _connector(widget, parameter: _Parameter) -> tuple:
    """(signal, read, write) of the widgets that the wrapper knows."""
    import ctk
    import qt
    import slicer

    kind = (type(widget), parameter.type)
    if kind == (qt.QCheckBox, bool):
        return widget.stateChanged, lambda: widget.checked, lambda value: setattr(widget, "checked", value)
    if kind == (ctk.ctkSliderWidget, float):
        widget.minimum, widget.maximum = parameter.range.minimum, parameter.range.maximum
        return widget.valueChanged, lambda: widget.value, lambda value: setattr(widget, "value", value)
    if kind[0] is slicer.qMRMLNodeComboBox and issubclass(kind[1], slicer.vtkMRMLNode):
        widget.nodeTypes = [kind[1].__name__]
        return widget.currentNodeChanged, widget.currentNode, widget.setCurrentNode
    raise RuntimeError(f"no connector between {kind[0]} and {kind[1]}")
