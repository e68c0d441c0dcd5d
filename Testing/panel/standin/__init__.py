"""The parts of the Slicer application that a plain Python does not have, as small as the tests allow.

Under them everything is real: the MRML scene, its nodes and logics (slicer-core), ``slicer.util``, and Qt (PySide6).
What is stood in for, and where:

``application``
    ``slicer.app`` (testing mode, processEvents, IO manager that writes segmentations through their storage node, module
    manager, no layout manager), ``slicer.modules`` with the logics of volumes, segmentations, colours, markups,
    sequences and plots, ``slicer.mrmlScene``, the colour nodes Viridis and Inferno that Slicer reads from its own
    files, two slice views' nodes.
``python``
    ``slicer.i18n``, ``slicer.ScriptedLoadableModule``, ``slicer.parameterNodeWrapper`` (numbers, strings, booleans,
    nodes; ``WithinRange``; caching until the node says Modified; ``connectGui`` by ``SlicerParameterName``).
``pythonqt``
    The module ``qt`` as PythonQt shows it: properties are attributes, ``connect("signal(type)", slot)`` holds the slot,
    ``QFileDialog.getExistingDirectory`` is answered by the tests; ``qt.QUiLoader`` that knows the classes of
    ``widgets``.
``widgets``
    ``ctkCollapsibleButton``, ``ctkSliderWidget`` (module ``ctk``), ``qMRMLWidget``, ``qMRMLNodeComboBox`` with its
    filter and ``qSlicerScriptedLoadableModuleWidget``, which holds a module's panel.

Two files stand in for nothing: ``camera`` takes pictures of a real slice view, ``collecting`` skips test files where
one of the packages is not installed.

Behaviour follows Slicer's sources (Base/Python/slicer, Libs/MRML/Widgets) and what was seen in the application.
"""
