"""What knows Slicer. Imports run downwards only: the module file -> this package -> ``radiomicnet``.

``widget``
    The panel's life: set-up, scene events, the run. It knows no widget of any section.
``sections``
    The panel's parts from top to bottom, one file and one ``.ui`` file each; their contract is ``sections.section``.
``choice``
    What the chosen image and model are, as far as they were understood.
``parameters``
    What the user chose, kept in the scene.
``logic``
    Everything the module does, for scripts.
``scene``
    Images out of the scene; outlines, maps, tables and layers into it.
``jobs``
    Work in the background.
``files``
    Results as files.
``dependencies``
    What has to be installed first, and asking for it.

Nothing here imports torch.
"""
