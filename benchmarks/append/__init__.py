"""Facts into the common record, by many at once."""
