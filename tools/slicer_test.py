"""Run the module's own tests in a real Slicer and leave with an exit status that tells.

    Slicer --testing --no-splash --additional-module-paths RadiomicNetSegmenter --python-script tools/slicer_test.py
"""

import unittest

import slicer

from RadiomicNetSegmenter import RadiomicNetSegmenterTest

suite = unittest.defaultTestLoader.loadTestsFromTestCase(RadiomicNetSegmenterTest)
result = unittest.TextTestRunner(verbosity=2).run(suite)
passed = result.wasSuccessful() and result.testsRun > 0 and not result.skipped  # a skipped test shows nothing
slicer.util.exit(0 if passed else 1)
