"""The methods of `Warehouse`, by what they are about; each is one transaction."""
