"""Promises and concerns of before: a table or a spreadsheet, read row by row, and marked for ever as loaded later.

`judging.judged()` says of each row what it would become, or the one reason why it is set aside; `keeping.keep()` writes
them down, each once, however often the file comes; `keeping.undo()` takes a whole load back while nobody touched it.
"""
