"""What every act has in common: how lines are read and told once, and what came of them."""
