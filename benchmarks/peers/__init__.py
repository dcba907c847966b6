"""What others would train with, each doing the work of a Workload."""
