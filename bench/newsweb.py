"""A loopback web for benchmarks: many hosts with a sitemap each, pages as heavy as real ones.

`python -m bench.newsweb PORT HOSTS PAGES` serves in proxy mode; `POST /age?share=0.02` changes that
share of the pages, `POST /validators?on=0` stops sending them.
"""

import asyncio
import random
import sys
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

SENTENCES = (
    "The court in Baku postponed the hearing because a witness did not appear.",
    "Relatives waited outside the building until late in the evening.",
    "The lawyer said that no evidence of smuggling had been shown to the defence.",
    "Məhkəmə prokurorun vəsatətini təmin edib və iclası növbəti həftəyə təyin edib.",
    "Vəkil bildirib ki, müdafiə tərəfinin bütün vəsatətləri rədd olunub.",
    "Ailə üzvləri iki aydır görüşə icazə verilmədiyini deyirlər.",
    "Суд отклонил ходатайство защиты и продлил срок содержания под стражей.",
    "Адвокат сообщил, что его подзащитный нуждается в медицинской помощи.",
    "Правозащитники потребовали допустить наблюдателей на процесс.",
)
NAMES = ("Ülvi Həsənli", "Sevinj Vagifgizi", "Тофик Ягублу", "Bəhruz Səmədovun", "Anar Mammadli")
COUNT = "The Union for the Freedom of Political Prisoners counts {} political prisoners."
NAV = "".join(f'<li><a href="/topic/{n}">Section {n}</a></li>' for n in range(120))
SCRIPT = "<script>" + "var queue=window.queue||[];queue.push(['event','view']);" * 600 + "</script>"
RELATED = "".join(
    f'<div class="related card"><a href="/r/{n}"><img src="/i/{n}.jpg" alt=""><h4>Related {n}</h4>'
    f"<p>Another story of the day, told in a sentence.</p></a></div>"
    for n in range(60)
)


def article(host: int, number: int, edition: int) -> bytes:
    """A page of about 90 kB whose article has forty sentences."""
    choose = random.Random(host * 100_003 + number)
    lines = [choose.choice(SENTENCES) for _ in range(40)]
    lines[3] = f"{choose.choice(NAMES)} was not brought to the hall."
    if number % 20 == 0:
        lines[5] = COUNT.format(300 + number % 50)
    if edition:
        lines[7] = f"The next hearing is on {edition} May."
    body = "".join(f"<p>{line} {choose.choice(SENTENCES)}</p>" for line in lines)
    day = 1 + number % 28
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hearing {number} at '
        f'court {host}</title><meta property="article:published_time" '
        f'content="2026-03-{day:02}T09:00:00Z">{SCRIPT}</head><body><nav><ul>{NAV}</ul></nav>'
        f"<main><article><h1>Hearing {number} at court {host}</h1>{body}</article>"
        f"<aside>{RELATED}</aside></main><footer>{NAV}</footer>{SCRIPT}</body></html>"
    ).encode()


class Web:
    """The pages, which of them were changed, and whether validators are sent."""

    def __init__(self, hosts: int, pages: int) -> None:
        self.hosts, self.pages = hosts, pages
        self.editions: dict[tuple[int, int], int] = {}
        self.validators = True
        self.requests = 0
        self._bytes: dict[tuple[int, int], bytes] = {}

    def age(self, share: float) -> None:
        every = [(h, n) for h in range(self.hosts) for n in range(self.pages)]
        for key in random.Random(len(self.editions)).sample(every, int(len(every) * share)):
            self.editions[key] = self.editions.get(key, 0) + 1
            self._bytes.pop(key, None)

    def answer(self, target: str, headers: dict[str, str]) -> tuple[int, str, bytes, str]:
        """Status, type, body and ETag of one request."""
        parts = urlsplit(target)
        if parts.hostname in (None, "127.0.0.1"):
            return self._control(parts.path, parse_qs(parts.query))
        self.requests += 1
        host = int(parts.hostname.partition(".")[0].removeprefix("bench"))
        if parts.path == "/robots.txt":
            return 200, "text/plain", b"User-agent: *\nDisallow:\n", ""
        if parts.path == "/sitemap.xml":
            return 200, "application/xml", self._sitemap(host), ""
        key = (host, int(parts.path.rpartition("/")[2]))
        if key not in self._bytes:
            self._bytes[key] = article(*key, self.editions.get(key, 0))
        body = self._bytes[key]
        etag = f'"{sha256(body).hexdigest()[:16]}"' if self.validators else ""
        if etag and headers.get("if-none-match") == etag:
            return 304, "", b"", etag
        return 200, "text/html; charset=utf-8", body, etag

    def _sitemap(self, host: int) -> bytes:
        urls = "".join(
            f"<url><loc>http://bench{host}.test/a/{n}</loc></url>" for n in range(self.pages)
        )
        xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return f'<?xml version="1.0"?><urlset xmlns="{xmlns}">{urls}</urlset>'.encode()

    def _control(self, path: str, query: dict[str, list[str]]) -> tuple[int, str, bytes, str]:
        if path == "/age":
            self.age(float(query["share"][0]))
        elif path == "/validators":
            self.validators = query["on"][0] == "1"
        counted, self.requests = self.requests, 0
        return 200, "text/plain", str(counted).encode(), ""


async def serve(port: int, web: Web) -> None:
    """Answer until killed; one connection may ask many times."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                break
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
            status, kind, body, etag = web.answer(first.split(" ")[1], headers)
            tag = f"ETag: {etag}\r\n" if etag else ""
            writer.write(
                f"HTTP/1.1 {status} Answer\r\n{tag}Content-Type: {kind}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Web(int(sys.argv[2]), int(sys.argv[3]))))
