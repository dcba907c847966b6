"""People of benchmarks/load.py without a browser: what they do, their player, their wires."""
