"""A believable shop, made up from a seed: `fill.fill_shop` writes one into a new database."""
