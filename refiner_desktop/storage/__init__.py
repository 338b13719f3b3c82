"""What is kept on disk: deliveries, the console's history and bulk journals, in one SQLite file."""
