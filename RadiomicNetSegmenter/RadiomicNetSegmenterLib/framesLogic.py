"""The logic of clips and of volumes: many frames of one picture, many slices of one body.

As with single images, ``readClip``, ``readVolume`` and ``show…`` belong on the main thread, ``compute…`` in any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .parameters import AUTOMATIC
from .scene import clipResult, clips, volumes
from .segmenters import Segmenters


class FramesLogic:
    """What ``RadiomicNetSegmenterLogic`` has for clips and volumes, frame by frame.

    Attributes
    ----------
    segmenters : Segmenters
    """

    segmenters: Segmenters

    def segmentClip(self, volumeNode, modelName: str = AUTOMATIC, threshold: float | None = None,
                    frames: Sequence[int] | None = None, smoothing: int = 0) -> clipResult.ClipNodes:
        """Segment the frames of a clip and put the outlines into its browser; blocks until it is done.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode or vtkMRMLVectorVolumeNode
            What the sequence browser shows.
        modelName : str
            A model's name, or "auto" to go by the first frame that can be read.
        threshold : float, optional
            As in :meth:`segment`.
        frames : sequence of int, optional
            From 0 on and increasing; all by default.
        smoothing : int
            Frames to either side whose probabilities are averaged with each; 0 keeps every outline its frame's own.

        Raises
        ------
        radiomicnet.errors.RadiomicNetError
            With a sentence for the user; the scene is then as it was.
        """
        result = self.computeClip(self.readClip(volumeNode), modelName, threshold, frames, smoothing)
        return self.showClip(result, volumeNode)

    def segmentStack(self, volumeNode, modelName: str = AUTOMATIC, threshold: float | None = None
                     ) -> clipResult.ClipNodes:
        """Segment a volume slice by slice and put one 3-D segment into the scene; blocks until it is done."""
        return self.showStack(self.computeStack(self.readVolume(volumeNode), modelName, threshold), volumeNode)

    @staticmethod
    def readClip(volumeNode):
        """The clip as :class:`radiomicnet.clips.clip.Clip`, whose frames are read as they are asked for; main thread
        only."""
        return clips.clipOf(volumeNode)

    @staticmethod
    def readVolume(volumeNode):
        """Copy a volume's voxels and geometry; main thread only."""
        return volumes.readVolume(volumeNode)

    def computeClip(self, clip, modelName: str = AUTOMATIC, threshold: float | None = None,
                    frames: Sequence[int] | None = None, smoothing: int = 0,
                    progress: Callable[[int, int], None] | None = None):
        """A clip's :class:`radiomicnet.clips.run.ClipResult`; touches neither the scene nor a widget.

        ``progress(done, total)`` is called after every frame and may raise :class:`radiomicnet.errors.Cancelled`: what
        is done is then the result.
        """
        from radiomicnet.clips.run import segment_clip

        frames = range(clip.count) if frames is None else frames
        image = clip.first_image(frames) if modelName == AUTOMATIC else None
        return segment_clip(self.segmenters.get(image, modelName), clip, frames, threshold, smoothing,
                            progress=progress)

    def computeStack(self, volume, modelName: str = AUTOMATIC, threshold: float | None = None,
                     progress: Callable[[int, int], None] | None = None):
        """A volume's :class:`radiomicnet.stacks.run.StackResult`; otherwise as :meth:`computeClip`."""
        from radiomicnet.stacks.run import segment_stack
        from radiomicnet.stacks.volume import acquisition_axis, as_clip, from_the_middle

        slices = as_clip(volume, acquisition_axis(volume))
        image = slices.first_image(from_the_middle(slices.count)) if modelName == AUTOMATIC else None
        return segment_stack(self.segmenters.get(image, modelName), volume, None, threshold, progress=progress)

    @staticmethod
    def showClip(result, volumeNode) -> clipResult.ClipNodes:
        """Outlines, table and plot of a clip into the scene; main thread only."""
        return clipResult.showClip(result, volumeNode)

    @staticmethod
    def showStack(result, volumeNode) -> clipResult.ClipNodes:
        """The segment of a volume, table and plot into the scene; main thread only."""
        return clipResult.showStack(result, volumeNode)
