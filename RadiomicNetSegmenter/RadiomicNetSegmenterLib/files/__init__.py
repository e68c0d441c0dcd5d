"""Results as files, written by Slicer."""
