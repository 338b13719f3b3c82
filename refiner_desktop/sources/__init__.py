"""Tables of rows that come from files: CSV, TSV, Excel, JSON and JSON Lines."""
