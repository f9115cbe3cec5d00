"""What everybody may read of concerns and promises: one list, a page each, tables, feeds, and what follows them.

What of a concern is public, and from when on, is said once, in `rules`: docs/methods/concerns.md.
"""
