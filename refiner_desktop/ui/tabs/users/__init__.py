"""The pages of the Identify & Track tab."""
