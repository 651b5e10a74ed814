"""A spider started by Scrapy itself: `scrapy crawl feed -a source=NAME`."""

from contextlib import ExitStack
from typing import Any

from monitor.lock import hold
from monitor.resources import Resources
from monitor.workspace import Workspace


def open_by_name(arguments: dict[str, Any], opened: ExitStack) -> dict[str, Any]:
    """The spider's arguments with the configured source and the resources in place of its name.

    The configuration is MONITOR_CONFIG, or monitor.toml in the working directory. Raises
    ConfigError for an unknown source and LockHeld if another process is collecting.
    """
    workspace = Workspace.find()
    source = workspace.source(arguments["source"])
    opened.enter_context(hold(workspace.data_dir))
    resources = opened.enter_context(Resources.of(workspace))
    limit = arguments.get("limit")
    return arguments | {
        "source": source,
        "resources": resources,
        "limit": None if limit is None else int(limit),
    }
