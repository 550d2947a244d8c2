"""Services that the generated one is compared with. All of them answer the same calls from the same tables."""
