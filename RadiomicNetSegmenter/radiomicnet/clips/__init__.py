"""Clips: every frame of a video or of a multi-frame file, told apart and told together."""

SMOOTHING = 2  # frames to either side, where smoothing is asked for without a number
