"""Answers are bytes to us: what their characters are is found out where they are read."""

from scrapy import Request
from scrapy.http import Response, TextResponse


class PlainMiddleware:
    """Hands on the plain bytes of an answer before it is unpacked.

    Unpacking a text answer, Scrapy would first guess the charset of its packed bytes in the event
    loop: 2 ms a page that names none in its headers.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        if not isinstance(response, TextResponse):
            return response
        return Response(
            response.url,
            status=response.status,
            headers=response.headers,
            body=response.body,
            flags=response.flags,
            request=response.request,
            certificate=response.certificate,
            ip_address=response.ip_address,
            protocol=response.protocol,
        )
