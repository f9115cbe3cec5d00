"""Voices: “me too”, a vote, a petition, a dispute: once a device, without an account, and nobody followed.

Offers: actions.speak(), actions.close(), queries.counts(); devices.DeviceForm and devices.of(), by which a page knows
the device again. A room above names its purpose and what it is about (core.origins), and keeps the words itself.
Leans on: agencies.
"""
