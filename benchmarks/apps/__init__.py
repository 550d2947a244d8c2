"""Services that the generated one is compared with; all have the same endpoints and tables."""
