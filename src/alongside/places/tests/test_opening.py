"""Hours are used only where they are surely understood."""

from datetime import time

import pytest

from alongside.places import opening

MONDAY, SATURDAY, SUNDAY = 0, 5, 6


@pytest.mark.parametrize(
    ("text", "weekday", "hour", "open_"),
    [
        ("Mon–Sat 10 to 9", SATURDAY, 10, True),
        ("Mon–Sat 10 to 9", SATURDAY, 20, True),
        ("Mon–Sat 10 to 9", SATURDAY, 21, False),
        ("Mon–Sat 10 to 9", SUNDAY, 12, False),
        ("Mo-Fr 09:00-17:00; Sa 10-14", SATURDAY, 13, True),
        ("Mo-Fr 09:00-17:00; Sa 10-14", SATURDAY, 14, False),
        ("Mon-Sat 10 am - 9 pm; Sun closed", SUNDAY, 12, False),
        ("Mon–Sat 10 to 9, Sun 12 to 6", SUNDAY, 17, True),
        ("daily 9am-5pm", SUNDAY, 9, True),
        ("24/7", MONDAY, 3, True),
        ("Fri to Mon 10 to 6", MONDAY, 12, True),
        ("weekends noon to 5", SATURDAY, 12, True),
        ("After 4 pm on school days", SATURDAY, 17, False),
        ("After 4 pm on school days", MONDAY, 15, False),
        ("After 4 pm on school days", MONDAY, 17, None),
        ("from 6 pm Tue; Sat 9 to 5", SATURDAY, 10, True),
    ],
)
def test_hours_as_people_write_them(text, weekday, hour, open_):
    read = opening.read(text)
    assert read is not None
    assert read.holds(weekday, time(hour), 60) is open_


@pytest.mark.parametrize(
    "text",
    [
        "", "by appointment", "10 to 9", "Mon–Sat", "Mon–Sat 25 to 30", "Mon-Sat 10 to 9 except holidays",
        "Moonday 10 to 9", "Mon 10:99 to 11", "Mon" * 500, "Mon 10-12-14", "closed",
    ],
)  # fmt: skip
def test_what_is_not_surely_understood_is_not_known(text):
    assert opening.read(text) is None
