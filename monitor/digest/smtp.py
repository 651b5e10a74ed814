"""The connection to a mail server: certificates checked, passwords never in the configuration."""

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from monitor.config.settings import Smtp
from monitor.exceptions import ConfigError

TIMEOUT_SECONDS = 30


class Line:
    """One connection for all mails of a call: made when needed, made anew when it broke.

    A server that cannot be reached or refuses to let us in is not asked again in the same call.
    """

    def __init__(self, smtp: Smtp, name: str) -> None:
        self._smtp, self._name = smtp, name
        self._server: smtplib.SMTP | None = None
        self._refused: Exception | None = None

    def server(self) -> smtplib.SMTP:
        if self._refused is not None:
            raise self._refused
        if self._server is not None and self._answers(self._server):
            return self._server
        try:
            self._server = connect(self._smtp, self._name)
        except (OSError, smtplib.SMTPException) as error:
            self._refused = error
            raise
        return self._server

    def close(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()

    @staticmethod
    def _answers(server: smtplib.SMTP) -> bool:
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            server.close()
            return False
        return True


@contextmanager
def open_line(smtp: Smtp, name: str) -> Iterator[Line]:
    """A line for the mails of one call, closed politely at its end."""
    line = Line(smtp, name)
    try:
        yield line
    finally:
        line.close()


def connect(smtp: Smtp, name: str) -> smtplib.SMTP:
    """Sign in to the mail server; certificates are always checked.

    We greet as `name`, the domain the mail comes from, and not by the name of this machine.

    Raises OSError or SMTPException if it cannot be reached or refuses, ConfigError for a password
    that cannot be read.
    """
    password = _password(smtp)
    context = ssl.create_default_context()
    host, port = str(smtp.host), int(smtp.port or 0)
    server: smtplib.SMTP
    if smtp.security == "tls":
        server = smtplib.SMTP_SSL(host, port, name, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, name, timeout=TIMEOUT_SECONDS)
    with _closing_on_error(server):
        if smtp.security == "starttls":
            server.starttls(context=context)
        if smtp.username is not None and password is not None:
            server.login(smtp.username, password)
    return server


@contextmanager
def _closing_on_error(server: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
    except BaseException:
        server.close()
        raise


def _password(smtp: Smtp) -> str | None:
    """The password from where the configuration says; it is never in the configuration itself."""
    if smtp.password_env is not None:
        password = os.environ.get(smtp.password_env)
        if password is None:
            raise ConfigError(
                f"monitor.toml: smtp.password_env: the variable {smtp.password_env} is not set"
            )
        return password
    if smtp.password_file is None:
        return None
    try:
        return smtp.password_file.read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(
            f"monitor.toml: smtp.password_file: {smtp.password_file}: {error.strerror}"
        ) from error
