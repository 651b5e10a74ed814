"""Settings of Scrapy that differ from its defaults, each with its reason.

What belongs to an installation or a source (User-Agent, limits, TLS) is set when a spider is made,
from monitor.toml and sources.toml: see `monitor.spiders.base`.
"""

BOT_NAME = "monitor"
SPIDER_MODULES = ["monitor.spiders"]

# One request at a time for each host is kept at the socket, over all crawls of the process
# (monitor.middlewares.politeness); Scrapy's own delay would only add to it.
DOWNLOAD_HANDLERS = {
    "http": "monitor.middlewares.politeness.PoliteHandler",
    "https": "monitor.middlewares.politeness.PoliteHandler",
    # A redirect must not be able to read local files or other networks.
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# One request under way and one waiting for its turn: a stopped crawl has no more to wait for.
CONCURRENT_REQUESTS = 2
# Pages of a crawl in the reading pool at once; the downloader waits while they are read.
CONCURRENT_ITEMS = 4

# In the order of the plan, not the last one first.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

# Its cache forgets nothing: a process that lives for months must see a site move.
DNSCACHE_ENABLED = False
TWISTED_DNS_RESOLVER = "monitor.middlewares.guard.GuardResolver"

DOWNLOADER_MIDDLEWARES = {
    # Scrapy's drops requests without a trace; ours refuses each hop with an outcome.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    # Scrapy's goes on after a 500 and ignores Crawl-delay.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    # One retry, at the end of the run: the spider asks again itself.
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "monitor.middlewares.guard.GuardMiddleware": 50,
    "monitor.middlewares.robots.RobotsMiddleware": 100,
    "monitor.middlewares.conditional.ConditionalMiddleware": 540,
    "monitor.middlewares.plain.PlainMiddleware": 595,
    "monitor.middlewares.record.RecordMiddleware": 580,  # after redirects (600), unpacked (590)
}
ITEM_PIPELINES = {"monitor.pipelines.RecordPipeline": 300}

RETRY_ENABLED = False
METAREFRESH_ENABLED = False  # it guesses the charset of every page in the event loop
REDIRECT_MAX_TIMES = 5
ROBOTSTXT_OBEY = False  # by Scrapy's middleware; ours always does
HTTPERROR_ALLOW_ALL = True  # every answer gets an outcome, also 304, 404, 429
HTTPCACHE_ENABLED = False  # conditional requests are ours
COOKIES_ENABLED = False  # sessions make pages personal
REFERRER_POLICY = "no-referrer"  # what we read before is nobody's business
DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default; a source may opt out
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True  # half a page is never a version
URLLENGTH_LIMIT = 0  # drops requests without an outcome
DEPTH_LIMIT = 0
MEMUSAGE_LIMIT_MB = 1024

REMOTE_CONTROL_ENABLED = False  # a server that runs any code it is sent
TELNETCONSOLE_ENABLED = False  # the same by telnet
STATS_DUMP = False  # our ledger says it better
LOG_INSTALL_ROOT_HANDLER = False  # monitor.logs sets logging up
LOG_VERSIONS: list[str] = []
WARN_ON_GENERATOR_RETURN_VALUE = False  # parses our source at every crawl
