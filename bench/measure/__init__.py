"""The parts of bench/api.py: processes, servers, searches, loads and the report. Standard library only."""
