"""Readers of endpoints: the bytes of a feed, sitemap or listing become the addresses it shows.

Pure functions from bytes to `Contents`; spiders fetch, these read. `NotReadable` is raised when the
bytes are not what the endpoint promised.
"""
