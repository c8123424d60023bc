"""Figures, reports and administrative documents: what leaders sign and take out of the house."""
