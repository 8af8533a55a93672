"""The version of iepdocs."""

__version__ = "0.1.0"
