"""RadiomicNet: a small segmentation network for ultrasound and endoscopy images that shows why it drew what it drew.

The science of the 3D Slicer extension of the same name; runs without Slicer. Importing this package loads neither
torch nor any file format, so that a program can start before it knows what it needs.
"""

__version__ = "0.1.0"
