"""The demonstration: a year of real till lines, played through the whole loop."""
