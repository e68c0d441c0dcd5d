"""Many images at once: one row per image in a table, a segmentation of each, a page to look through, a summary.

``source`` lists the images, ``settings`` says how they are segmented, ``work`` does one of them, ``local`` and
``cluster`` do many side by side, ``store`` keeps what is done so that a run can go on where it stopped, and ``tables``,
``index`` and ``summary`` make the cohort's files of it. ``harmonise`` and ``agreement`` read such a table.
"""
