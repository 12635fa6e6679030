"""Files of people to arrays, without torch: scan, decode, cache, ingest, probe, samples."""
