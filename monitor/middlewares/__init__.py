"""What happens to every request and answer of a crawl, one concern a module.

On the way out: guard, robots, conditional headers; then, at the socket, one request at a time for
each host, and its rest if it asks for one. On the way back: record and archive, check the
validators. The order is in `monitor.settings`.
"""
