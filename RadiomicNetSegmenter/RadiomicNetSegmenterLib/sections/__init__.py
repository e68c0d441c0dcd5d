"""The panel's sections from top to bottom. A section that is listed here is in the panel; nothing else knows of it."""

from .clicks import ClicksSection
from .clip import ClipSection
from .correct import CorrectSection
from .export import ExportSection
from .features import FeaturesSection
from .image import ImageSection
from .lesions import LesionsSection
from .segment import SegmentSection
from .setUp import SetUpSection
from .shapley import ShapleySection
from .trust import TrustSection
from .why import WhySection

SECTIONS = (ImageSection, SegmentSection, ClipSection, TrustSection, ClicksSection, LesionsSection, WhySection,
            FeaturesSection, ShapleySection, CorrectSection, ExportSection, SetUpSection)
