-- Writes what wrk has counted as one line of JSON. Latencies are microseconds.
function done(summary, latency, _)
    io.write(string.format(
        '{"requests": %d, "seconds": %.6f, "p50": %d, "p95": %d, "p99": %d, "refused": %d, "broken": %d}\n',
        summary.requests, summary.duration / 1e6,
        latency:percentile(50), latency:percentile(95), latency:percentile(99),
        summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
