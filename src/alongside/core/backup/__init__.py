"""One file that holds an install: its rows, its files and, if asked for, its keys; to be restored on either database.

archive: the file. rows: tables as lines of JSON. folder: what of the data folder goes along. keyring: keys, shut with a
passphrase. making: one backup, from beginning to seal. erased: what was deleted since, so that it does not come back.
restoring: an empty folder and an empty database are made what they were.
"""
