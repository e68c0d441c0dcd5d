"""What knows Slicer: images in, results out, the panel, background work and dependencies.

Imports run downwards only: the module file -> this package -> ``radiomicnet``. Nothing here imports torch.
"""
