"""A list of 50 suppliers with their agreements, as the user gets it."""
