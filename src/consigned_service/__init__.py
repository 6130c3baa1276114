"""The service around the business: it remembers, serves and exchanges what `consigned` decides."""
