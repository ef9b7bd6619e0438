"""Stores, what they pour, and what was ordered."""
