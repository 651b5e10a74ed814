"""A real mail server on loopback, and settings that use it."""

import email
import socket
from email.policy import default

from monitor.config.settings import DigestSettings, Recipient, Settings, Smtp

READERS = ("aysel@rights.example", "leyla@rights.example", "rauf@rights.example")


class Post:
    """A mail server's inbox, with the answers it gives; repeated Message-IDs are kept apart."""

    def __init__(self) -> None:
        self.mails = []
        self.refused: dict[str, str] = {}
        self.answers: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answers and not (answer := self.answers.pop(0)).startswith("250"):
            return answer
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def of(self, address):
        return [mail for mail in self.mails if mail["To"] == address]

    def addresses(self):
        return sorted(mail["To"] for mail in self.mails)


def free_port() -> int:
    """A port nobody listens on; the controller cannot be given 0 and tell us which it got."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def port_of(controller) -> int:
    return controller.port


def settings(port, *recipients, operator=None, **mail) -> Settings:
    readers = recipients or tuple(Recipient(address=one) for one in READERS)
    mail = {"security": "none", "sender": "monitor@rights.example"} | mail
    return Settings(
        smtp=Smtp(host="127.0.0.1", port=port, **mail),
        digest=DigestSettings(recipient=readers, operator=operator),
    )
