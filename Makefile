# RadiomicNet's commands. Each makes the virtual environment first, once; see tools/setup.py.
#   make demo                                       two generated images; results in demo-results/
#   make demo IMAGE=path [MODEL=breast-ultrasound]  any image
#   make test [ARGS="-k words"]                     every test
#   make bench [ARGS="--cohort 10 100 1000"]          how long each step and a cohort take
#   make lint                                       style and types
#   make docs                                       the documentation: generated pages, then the site in build/docs
#   make formats                                    try every format anew, and write its page
#   make screenshots                                the pictures of the panel and of the documentation anew
#   make thumbnails                                 the pictures of the sample data anew
#   make package-lists                              rewrite the file lists of RadiomicNetSegmenter/CMakeLists.txt
#   make setup                                      the virtual environment anew
#   make clean                                      remove it and everything else that was made here
#   Options: PYTHON=python3.12, and on Linux, to spare the CUDA download,
#   TORCH_INDEX=https://download.pytorch.org/whl/cpu

PYTHON = python3
IMAGE =
MODEL = auto
ARGS =

# Through the environment, unexpanded, so that spaces, quotes and dollar signs in names arrive as they are.
export TORCH_INDEX
export RADIOMICNET_IMAGE = $(value IMAGE)
export RADIOMICNET_MODEL = $(value MODEL)
unexport PYTHONPATH PYTHONHOME

RUN = .venv/bin/python

.PHONY: help demo test bench lint docs formats screenshots thumbnails package-lists setup clean venv

help:
	@sed -n 's/^#   //p' Makefile

demo: venv
	@if [ -n "$$RADIOMICNET_IMAGE" ]; then \
	  $(RUN) -m radiomicnet segment --model "$$RADIOMICNET_MODEL" --out demo-results -- "$$RADIOMICNET_IMAGE"; \
	else \
	  $(RUN) -m radiomicnet demo --out demo-results; \
	fi

test: venv
	@OMP_NUM_THREADS=1 $(RUN) -m pytest --numprocesses auto --dist loadfile $(ARGS)

bench: venv
	@$(RUN) -m radiomicnet bench $(ARGS)

lint: venv
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy

docs: venv
	@$(RUN) tools/docs

formats: venv
	@$(RUN) tools/formats

screenshots: venv
	@$(RUN) tools/screenshots.py
	@$(RUN) tools/docs_pictures.py

thumbnails: venv
	@$(RUN) tools/thumbnails.py

package-lists:
	@$(PYTHON) tools/package_lists.py

venv:
	@$(PYTHON) tools/setup.py

setup:
	@$(PYTHON) tools/setup.py --again

clean:
	rm -rf .venv demo-results build .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
