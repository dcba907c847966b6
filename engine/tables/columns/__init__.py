"""tables/columns"""
