"""The shape of data: records that travel, tables that rest."""
