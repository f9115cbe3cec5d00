"""What every story stands on: days that come, the worker that does what is due, and the letters that arrive."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

from playwright.sync_api import Page

from alongside.agencies.models import Agency, User
from alongside.jobs import worker
from alongside.jobs.actions import enqueue_due
from alongside.jobs.models import Job
from tests.stories.conftest import Calendar


@dataclass
class Stage:
    """Who is on it, and what time and mail do to them."""

    city: Agency
    calendar: Calendar
    mail: Any
    open_page: Callable[..., Page]
    phones: Callable[[], Page]
    axe: Callable[..., None]

    def staff(self, name: str) -> Page:
        return self.open_page("desk", user=User.objects.get(email=f"{name}@riverbend.example"))

    def morning_of(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """A day comes, and with it what is due by itself."""
        self.calendar.it_is(day, hour, minute)
        self.work()

    def work(self) -> None:
        enqueue_due()
        worker.drain()
        assert not Job.objects.dead().exists()

    def letter(self, to: str, about: str) -> str:
        """The latest letter that really arrived there, about this."""
        arrived = [
            (subject_of(message), message) for _from, people, message in self.mail.taken if people == [to]
        ]
        letters = [message for subject, message in arrived if about in subject]
        assert letters, f"nothing about {about!r} among {[subject for subject, _ in arrived]}"
        return text_of(letters[-1])


def subject_of(message: Message) -> str:
    return str(make_header(decode_header(message["Subject"])))


def text_of(message: Message) -> str:
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()


def link(text: str, to: str) -> str:
    """The address in a letter that leads there."""
    return re.search(rf"https?://\S*{to}\S+", text)[0]
