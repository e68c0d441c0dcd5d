"""What pyproject.toml cannot say: the models lie beside the package for Slicer's sake and inside it in a wheel."""

from setuptools import find_packages, setup

MODULE = "RadiomicNetSegmenter"
MODELS = "radiomicnet.models.shipped"

setup(
    packages=[*find_packages(MODULE, include=["radiomicnet*"]), MODELS],
    package_dir={"": MODULE, MODELS: f"{MODULE}/Resources/Models"},
    package_data={"": ["*.jinja", "*.css", "*.js", "schemas/*.json"], MODELS: ["*/card.json", "*/weights.safetensors"]},
)
