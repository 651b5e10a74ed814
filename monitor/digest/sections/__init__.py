"""The sections of the digest, one module each: rows in, items out."""
