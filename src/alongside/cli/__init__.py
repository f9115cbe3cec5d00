"""The `alongside` command: each room's commands, mounted under one name.

A command calls the same action as the page. What goes wrong is one line on stderr that says what to do; exit code 2.
"""
