"""Rows, the files that they come from, and the application's own file."""

from __future__ import annotations

import sqlite3

from refiner_desktop.datasets import errors as datasets
from refiner_desktop.services.bulk.beginning import SourceChanged
from refiner_desktop.services.bulk.saved_mappings import MappingUnnamed
from refiner_desktop.services.wording import Wording
from refiner_desktop.sources.source import SourceUnreadable
from refiner_desktop.storage.database import StorageUnavailable

ROWS_AND_FILES: Wording = {
    datasets.DatasetError: (
        "The rows could not be read.",
        "Load them again.",
    ),
    datasets.NotAPage: (
        "The answer is not a list of contacts.",
        "Something else may have answered instead of Refiner; load again.",
    ),
    datasets.RowGone: (
        "This contact has changed meanwhile.",
        "Choose it again.",
    ),
    datasets.FilterInvalid: (
        "The filter can't be used as it is.",
        "Mend the marked field; the rows stay as they were.",
    ),
    datasets.TooManyRows: (
        "An Excel sheet cannot hold so many rows.",
        "Filter them, or choose CSV or Parquet.",
    ),
    datasets.Interrupted: (
        "Stopped.",
        "Nothing was changed by it.",
    ),
    datasets.OutOfMemory: (
        "These rows need more memory than there is.",
        "Load fewer of them: choose a survey, a segment or a limit.",
    ),
    SourceUnreadable: (
        "The file can't be read as a table.",
        "Choose how it is to be read, or another file; the details say what is wrong.",
    ),
    SourceChanged: (
        "The file has changed since it was checked.",
        "Check it again, then start the run. Nothing was sent.",
    ),
    MappingUnnamed: (
        "The mapping has no name.",
        "Give it one that says where such files come from.",
    ),
    sqlite3.DatabaseError: (
        "The application's own file can't be read.",
        "Close the application and move refiner.db away: the next start makes a new one.",
    ),
    StorageUnavailable: (
        "The application's own file could not be written.",
        "Check that the disk has room and the folder may be written.",
    ),
}
