"""The pages of the desk, one module a subject: what is asked in, what is shown out."""
