//! This process as Prometheus' clients tell of themselves, from `/proc`.

use std::fs;
use std::sync::OnceLock;

use crate::text::{Kind, Labels, Page};

/// Adds what the system tells of this process; what it does not tell is left out.
pub(crate) fn tell(page: &mut Page) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is a name in brackets that may hold blanks; what follows is numbered from 3.
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace().collect())
        .unwrap_or_default();
    let field = |n: usize| fields.get(n - 3).and_then(|text| text.parse::<f64>().ok());
    let ticks = to_float(rustix::param::clock_ticks_per_second());
    let page_size = to_float(u64::try_from(rustix::param::page_size()).unwrap_or_default());
    let cpu = field(14)
        .zip(field(15))
        .map(|(user, system)| (user + system) / ticks);
    let started = field(22)
        .zip(booted_at())
        .map(|(since, boot)| boot + since / ticks);
    let (received, sent) = octets();
    use Kind::{Counter, Gauge};
    for (name, kind, help, value) in [
        (
            "process_cpu_seconds_total",
            Counter,
            "Total user and system CPU time spent in seconds.",
            cpu,
        ),
        (
            "process_max_fds",
            Gauge,
            "Maximum number of open file descriptors.",
            limit("Max open files"),
        ),
        (
            "process_network_receive_bytes_total",
            Counter,
            "Number of bytes received by the process over the network.",
            received,
        ),
        (
            "process_network_transmit_bytes_total",
            Counter,
            "Number of bytes sent by the process over the network.",
            sent,
        ),
        (
            "process_open_fds",
            Gauge,
            "Number of open file descriptors.",
            open_files(),
        ),
        (
            "process_resident_memory_bytes",
            Gauge,
            "Resident memory size in bytes.",
            field(24).map(|pages| pages * page_size),
        ),
        (
            "process_start_time_seconds",
            Gauge,
            "Start time of the process since unix epoch in seconds.",
            started,
        ),
        (
            "process_virtual_memory_bytes",
            Gauge,
            "Virtual memory size in bytes.",
            field(23),
        ),
        (
            "process_virtual_memory_max_bytes",
            Gauge,
            "Maximum amount of virtual memory available in bytes.",
            limit("Max address space"),
        ),
    ] {
        if let Some(value) = value {
            page.push(name, kind, help, &Labels::none(), value);
        }
    }
}

fn to_float(number: u64) -> f64 {
    number.to_string().parse().unwrap_or_default()
}

/// When the machine began, in seconds since 1970.
fn booted_at() -> Option<f64> {
    static BOOT: OnceLock<Option<f64>> = OnceLock::new();
    *BOOT.get_or_init(|| {
        let stat = fs::read_to_string("/proc/stat").ok()?;
        stat.lines()
            .find_map(|line| line.strip_prefix("btime ")?.trim().parse().ok())
    })
}

fn limit(name: &str) -> Option<f64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix(name))?;
    match line.split_whitespace().next()? {
        // As Go has it: the largest number of 64 bits.
        "unlimited" => Some(to_float(u64::MAX)),
        number => number.parse().ok(),
    }
}

fn open_files() -> Option<f64> {
    // The listing itself has one open.
    let count = fs::read_dir("/proc/self/fd")
        .ok()?
        .count()
        .saturating_sub(1);
    Some(to_float(u64::try_from(count).ok()?))
}

fn octets() -> (Option<f64>, Option<f64>) {
    let text = fs::read_to_string("/proc/self/net/netstat").unwrap_or_default();
    let mut lines = text.lines().filter_map(|line| line.strip_prefix("IpExt:"));
    let (names, values) = (
        lines.next().unwrap_or_default(),
        lines.next().unwrap_or_default(),
    );
    let of = |wanted: &str| {
        names
            .split_whitespace()
            .zip(values.split_whitespace())
            .find(|(name, _)| *name == wanted)
            .and_then(|(_, value)| value.parse().ok())
    };
    (of("InOctets"), of("OutOctets"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_tells_of_itself() {
        let mut page = Page::default();
        tell(&mut page);
        let text = page.text();
        for name in [
            "process_cpu_seconds_total",
            "process_max_fds",
            "process_network_receive_bytes_total",
            "process_open_fds",
            "process_resident_memory_bytes",
            "process_start_time_seconds",
            "process_virtual_memory_max_bytes",
        ] {
            assert!(
                text.contains(&format!("\n{name} ")) || text.starts_with(name),
                "{name}: {text}"
            );
        }
    }
}
