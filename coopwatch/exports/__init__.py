"""The warehouse as files: Parquet and CSV for tables, Atom and JSON for events."""
