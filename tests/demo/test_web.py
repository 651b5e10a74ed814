import http.client
from collections.abc import Iterator

import pytest

from monitor.demo.web import NewsWeb, serve


@pytest.fixture(name="web")
def served() -> Iterator[NewsWeb]:
    with serve() as web:
        yield web


def get(web: NewsWeb, target: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=5)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", target, headers=names)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_a_proxy_request_and_a_host_header_reach_the_same_page(web: NewsWeb) -> None:
    _, by_proxy = get(web, "http://azad-dalga.test/a/kend-mektebleri-temir/33300561.html")
    _, by_host = get(web, "/a/kend-mektebleri-temir/33300561.html", Host="azad-dalga.test")
    assert by_proxy == by_host
    assert "Təmir olunmuş kənd məktəblərinin" in by_host.decode()
