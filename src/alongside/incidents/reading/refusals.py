"""What cannot be read, and what to do about it: each a kind of its own, said in one sentence."""

from alongside.core.errors import Refusal


class CannotImport(Refusal):
    """The files as they are cannot go into the lake. Nothing was written."""


class EmptyFile(CannotImport):
    """A file without a single record."""


class NotATable(CannotImport):
    """A file that is neither a text table, nor Parquet, nor a gzip or zip of these."""


class TooLarge(CannotImport):
    """A file that grows beyond reason when it is unpacked, or has a line without end."""


class MappingIsWrong(CannotImport):
    """A mapping that names what is not there, or leaves out what is needed."""


class MixedKinds(CannotImport):
    """Dated rows and counts without dates in one import."""
