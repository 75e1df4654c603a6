"""The demo: a full run of all stages on a bundled sample newsroom."""
