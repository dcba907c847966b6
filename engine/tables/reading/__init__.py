"""tables/reading"""
