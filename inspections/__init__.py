"""Lots, how they were sampled and tested, and what that says of consistency."""
