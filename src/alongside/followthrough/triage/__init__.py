"""Triage: the desk's help with many concerns. What is alike is linked, what is done at once can be undone."""
