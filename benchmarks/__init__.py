"""The measurements that README.md quotes; each is one command, `python -m benchmarks.NAME`."""
