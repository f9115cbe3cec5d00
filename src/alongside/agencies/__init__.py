"""Agencies: who runs a program here, who works for them, what each may see, and what they did.

Offers: AgencyOwned, visible_to(), doors.staff and doors.public, the requests that views behind
them are given, audit.record(); bearers: every link and pass, made, checked and ended in one place.
A session without its second step is no member's (second_step).
Leans on: jobs, core."""
