"""The grid that rows of any kind are shown in: sorted, filtered, arranged, summed up."""
