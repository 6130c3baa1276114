"""Keeping an installation: its database made, copied away, brought back and up to date."""
