"""`monitor export`: corpora that researchers can cite; `monitor export verify`: are they whole."""
