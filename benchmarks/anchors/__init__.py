"""What a Django user would pick: plain code, as each library's own documentation writes it."""
