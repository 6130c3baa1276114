"""What is made of components, in the database."""
