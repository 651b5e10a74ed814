# Two commands set everything up: `make demo` and `make test`. Each is enough by itself on a fresh
# machine with Python >= 3.11; they use uv where it is there, else venv and pip.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench clean

demo: $(READY)  ## the whole job on the bundled news web, ending with a digest
	@$(BIN)/monitor demo

test: $(READY)  ## all tests; installs a browser for those that look at pages
	@sh bin/install-browser.sh
	@$(BIN)/pytest -q -n auto --dist loadfile

check: $(READY)  ## what must be green before a change is done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@$(MAKE) test

bench: $(READY)  ## speed and accuracy, as ratios within one run
	$(BIN)/python -m bench

$(READY): pyproject.toml bin/make-venv.sh
	@sh bin/make-venv.sh $(VENV)
	@touch $(READY)

clean:
	rm -rf $(VENV) demo-data
