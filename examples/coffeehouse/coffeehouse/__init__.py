"""A small Django site, as real as an example can be."""
