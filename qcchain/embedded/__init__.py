"""PostgreSQL and Valkey from their wheels, and one supervisor for all that `make run` starts."""
