"""How a refusal is said: one sentence that tells a person what to do."""


class Refusal(Exception):
    """Something asked for cannot be done. Its text is shown to the person who asked.

    Each room names its own kinds. The command line prints the text on one line and exits with 2; a page shows it.
    """
