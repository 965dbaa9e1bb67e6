"""An audit log as tutorials write it: each row holds the hash of the one before, under a lock on the log's head; and a plain insert."""
