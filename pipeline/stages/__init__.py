"""The five stages: read what waits, call the pure step, write what came of it, say how each item ended.

``tasks`` is the door for a scheduler, ``whole`` for the command line.
"""
