"""What a person sees: widgets draw, services decide."""
