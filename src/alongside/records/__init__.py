"""Records: how long what we keep is kept, what is held, what went, what was released; people's own data; leaving.

Offers: requests, an export of records with each redaction looked at by a person; personal.found(), what is kept of one
person in any room; taking.take(), all of an agency in one file. Pages for holds, schedule, certificates and releases,
whose rows and rules lie in agencies, where every clock obeys them.
Leans on: every room by its manifest (RecordKind, Personal, takes), and on none by name.
"""
