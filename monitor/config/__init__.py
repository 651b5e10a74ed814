"""Configuration: monitor.toml and sources.toml, checked; every error says file and line."""

from monitor.config.loading import load_settings, load_sources, shipped
from monitor.config.settings import PLACEHOLDER_CONTACT, Recipient, Settings
from monitor.config.sources import Endpoint, RobotsOverride, SourceConfig

__all__ = [
    "PLACEHOLDER_CONTACT",
    "Endpoint",
    "Recipient",
    "RobotsOverride",
    "Settings",
    "SourceConfig",
    "load_settings",
    "load_sources",
    "shipped",
]
