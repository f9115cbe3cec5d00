"""Care with what people say: what is read out before it is written down, what may not be kept, and how a place is told.

For every room that takes down words of residents: a note of a walk, and what is asked, answered or signed later. Here
is nothing that anybody said, so a room that looks for places may use it too, and stays on its side of the wall.

Offers: boxes.CareForm, boxes.Box, redaction.redacted(), patterns.seen_in(), blocks.rounded(), wording.CONSENT.
"""
