"""What the installation does by itself, as its parties may know it."""
