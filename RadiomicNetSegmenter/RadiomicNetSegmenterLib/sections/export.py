"""Results as files: which, where to, under what name, and asking before anything is replaced."""

from __future__ import annotations

from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from radiomicnet.errors import RadiomicNetError
from radiomicnet.results import names
from radiomicnet.results.words import NOTICE

from .. import dependencies
from ..files import export
from ..scene import privacy, record
from .section import Section, Services, State


class ExportSection(Section):
    """Writes what is ticked into a folder."""

    UI = "Export"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._state: State | None = None
        self._folder = ""
        self._exported: tuple[str, str] = ("", "")  # image's ID and the sentence about its last export
        self._boxes = {content: getattr(self.ui, f"{content}ExportCheckBox") for content in export.CONTENTS}
        for box in self._boxes.values():
            box.connect("clicked(bool)", self._onTicked)
        self.ui.exportButton.connect("clicked(bool)", self._onExport)

    def update(self, state: State) -> None:
        self._state = state
        ticked = state.parameters.exportContents.split(",")
        explained = bool(state.nodes.table and state.nodes.table.GetNumberOfRows())
        for content, box in self._boxes.items():
            box.checked = content in ticked
            box.enabled = explained or content not in export.EXPLAINED
        contents = self._contents()
        reason = _whyNot(state, contents)
        self.ui.exportButton.enabled = not reason
        self.ui.exportButton.toolTip = reason or _("Choose a folder; nothing in it is replaced unasked")
        self.ui.exportNoteLabel.text = "" if reason else self._note(contents)
        self.ui.exportNoteLabel.visible = bool(self.ui.exportNoteLabel.text)
        mine = state.parameters.inputVolume and state.parameters.inputVolume.GetID() == self._exported[0]
        self.ui.exportedLabel.text = self._exported[1] if mine else ""
        self.ui.exportedLabel.visible = bool(self.ui.exportedLabel.text)

    def exit(self) -> None:
        self._state = None

    def close(self) -> None:
        self._state, self._exported = None, ("", "")

    def _contents(self) -> list[str]:
        return [content for content, box in self._boxes.items() if box.checked and box.enabled]

    def _note(self, contents: list[str]) -> str:
        """What will be written, and what the user should think of first."""
        count = len(export.endings(self._state.nodes, contents))
        parts = [_("{count} files named {name}…, marked “{notice}”").format(
            count=count, name=self._name(), notice=NOTICE)]
        if export.PAGE in contents:
            parts.append(_("The report page shows the picture: a name burnt into its pixels would be in it."))
        if self._state.parameters.exportNamedAfterImage:
            parts.append(_("The image's name will be in the files and in their names."))
        return "\n".join(parts)

    def _name(self) -> str:
        """What files are named after; of the model, unless the image's own name was asked for."""
        if self._state.parameters.exportNamedAfterImage:
            return names.file_stem(self._state.parameters.inputVolume.GetName())
        return record.content(self._state.nodes.record)["card"]["name"]

    def _onTicked(self, _checked: bool = False) -> None:
        if self.parameters:
            self.parameters.exportContents = ",".join(
                content for content, box in self._boxes.items() if box.checked)

    def _onExport(self, _checked: bool = False) -> None:
        state, contents = self._state, self._contents()
        if export.PAGE in contents and not self._mayShow(state.parameters.inputVolume):
            return
        folder = qt.QFileDialog.getExistingDirectory(self.services.parent, _("Export into folder"),
                                                     self._folder or slicer.app.defaultScenePath)
        if not folder:
            return
        self._folder = folder
        name, wanted = self._name(), export.endings(state.nodes, contents)
        if not state.parameters.exportNamedAfterImage:
            name = export.freeName(folder, name, wanted)
        taken = export.existing(folder, name, wanted)
        if taken and not slicer.util.confirmOkCancelDisplay(
                _("{names} exists already in this folder. Replace it?").format(
                    names=", ".join(path.name for path in taken))):
            return
        try:
            if export.PAGE in contents:
                dependencies.ensurePage()
            paths = self.services.logic.export(state.parameters.inputVolume, folder, name, contents, bool(taken))
        except RadiomicNetError as error:
            self.services.report(error)
            return
        self._exported = state.parameters.inputVolume.GetID(), _written(paths, name)
        self.services.refresh()

    @staticmethod
    def _mayShow(volumeNode) -> bool:
        """Whether the picture may be in the page; asked where something in it looks like writing."""
        suspicion = privacy.burntIn(volumeNode)
        return not suspicion or bool(slicer.util.confirmOkCancelDisplay(
            _("{suspicion} The report page shows the whole picture. Look whether it names the patient. Export the page "
              "with it?").format(suspicion=suspicion)))


def _whyNot(state: State, contents: list[str]) -> str:
    if state.run.active:
        return _("Wait for the run to end")
    if not state.nodes.segmentation or not record.content(state.nodes.record):
        return _("Segment an image first")
    return "" if contents else _("Tick what to export")


def _written(paths: tuple[Path, ...], name: str) -> str:
    """Where the files are, as a sentence with links."""
    folder, stem = paths[0].parent, names.file_stem(name)
    page = next((path for path in paths if path.name.endswith(names.PAGE)), None)
    links = [f'<a href="{folder.as_uri()}">{_("open the folder")}</a>',
             *([f'<a href="{page.as_uri()}">{_("open the report page")}</a>'] if page else [])]
    return _("{count} files written to {folder} ({links}): <b>{name}</b> with the endings {endings}.").format(
        count=len(paths), folder=_escaped(str(folder)), links=", ".join(links), name=_escaped(stem),
        endings=", ".join(path.name.removeprefix(stem) for path in paths))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
