"""The history of the schema, run by `coopwatch.warehouse.migrating`."""
