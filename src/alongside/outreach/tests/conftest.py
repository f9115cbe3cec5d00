"""A real mail server on this machine, which can be told to misbehave."""

import asyncio
import socket
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller


class PostOffice:
    """Takes mail, or answers what it is told to: `answers["RCPT"] = ["451 Busy"]` is used up one by one."""

    def __init__(self):
        self.taken = []
        self.answers = {"RCPT": [], "DATA": []}
        self.hang_up_in_data = 0
        self.accept_and_hang_up = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers["RCPT"]:
            return self.answers["RCPT"].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.hang_up_in_data:
            self.hang_up_in_data -= 1
            server.transport.abort()
            await asyncio.sleep(0)
            return "451 gone"
        if self.answers["DATA"]:
            return self.answers["DATA"].pop(0)
        self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), message_from_bytes(envelope.content)))
        if self.accept_and_hang_up:
            self.accept_and_hang_up -= 1
            server.transport.abort()
        return "250 OK"

    @property
    def subjects(self):
        return [message["Subject"] for _from, _to, message in self.taken]


@pytest.fixture
def post_office(settings):
    office = PostOffice()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(
        update={"smtp_url": f"smtp://127.0.0.1:{port}", "mail_from": "Alongside <walks@riverbend.example>"}
    )
    yield office
    controller.stop()
