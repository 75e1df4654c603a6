"""The demo: the main job on a sample newsroom that is bundled."""
