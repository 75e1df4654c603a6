"""Ways for alerts to reach readers: a folder for each kind of channel."""
