"""The review desk: where staff decide about what the monitor flags (docs/desk.md)."""
