"""A media monitor: collects articles, keeps their versions, flags names, counts and changes."""

__version__ = "0.1.0"
