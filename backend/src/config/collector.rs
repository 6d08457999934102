//! The collectors by name, and how often each reads unless told otherwise; never what one reads.

use serde::{Deserialize, Serialize};

macro_rules! collectors {
    ($($(#[$says:meta])* $collector:ident $name:literal $seconds:literal,)*) => {
        /// A part of the host that is read, timed, reported and switched off by itself.
        /// Those that the node exporter has too bear its names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Collector {
            $($(#[$says])* #[serde(rename = $name)] $collector,)*
        }

        impl Collector {
            /// All collectors, in the order in which they read.
            pub const ALL: &[Self] = &[$(Self::$collector),*];

            /// Its name in settings and in the label `collector`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$collector => $name,)*
                }
            }

            /// Seconds between two readings unless the settings say otherwise; 1: in every turn.
            pub fn usual_interval_seconds(self) -> u32 {
                match self {
                    $(Self::$collector => $seconds,)*
                }
            }
        }
    };
}

collectors! {
    /// Processor time, context switches, interrupts, tasks.
    Cpu "cpu" 1,
    /// Frequencies of the processors.
    Cpufreq "cpufreq" 5,
    /// Load averages and uptime.
    Loadavg "loadavg" 1,
    /// Memory and swap.
    Meminfo "meminfo" 1,
    /// Paging.
    Vmstat "vmstat" 1,
    /// The cache of ZFS.
    Zfs "zfs" 1,
    /// Pressure on processors, memory and disks.
    Pressure "pressure" 1,
    /// Mounted filesystems.
    Filesystem "filesystem" 1,
    /// Block devices.
    Diskstats "diskstats" 1,
    /// Traffic of interfaces.
    Netdev "netdev" 1,
    /// State of interfaces.
    Netclass "netclass" 15,
    /// Numbers of sockets.
    Sockstat "sockstat" 1,
    /// Counters of protocols.
    Netstat "netstat" 1,
    /// Neighbours on the same network.
    Arp "arp" 15,
    /// Connections that the firewall follows.
    Conntrack "conntrack" 1,
    /// Bytes that wait in UDP sockets.
    UdpQueues "udp_queues" 1,
    /// Packets by processor.
    Softnet "softnet" 1,
    /// TCP connections by state.
    Tcpstat "tcpstat" 30,
    /// The ports of `collect.ports`.
    Ports "ports" 15,
    /// Tasks by processor.
    Schedstat "schedstat" 1,
    /// Work put off from interrupts.
    Softirqs "softirqs" 1,
    /// Open files of the whole host.
    Filefd "filefd" 1,
    /// Random numbers.
    Entropy "entropy" 15,
    /// What the kernel is.
    Uname "uname" 60,
    /// What the operating system calls itself.
    Os "os" 60,
    /// What the kernel takes its time from.
    Clocksource "clocksource" 60,
    /// The clock.
    Time "time" 1,
    /// How right the clock is.
    Timex "timex" 15,
    /// Temperatures, fans, voltages.
    Hwmon "hwmon" 5,
    /// Batteries and power supplies.
    Powersupplyclass "powersupplyclass" 15,
    /// Processes, and those of `collect.watched_processes` added up.
    Processes "processes" 5,
    /// Watchpost's own process.
    Own "own" 1,
    /// Units of systemd.
    Systemd "systemd" 60,
    /// Containers.
    Containers "containers" 5,
    /// Who is logged in.
    Users "users" 15,
}

#[cfg(test)]
mod tests {
    use super::Collector;

    #[test]
    fn collectors_are_documented_with_their_intervals() {
        let reference = include_str!("../../../docs/configuration.md");
        let documented: Vec<(&str, &str)> = reference
            .lines()
            .skip_while(|line| !line.starts_with("| collector |"))
            .skip(2)
            .map_while(|line| {
                let mut cells = line.strip_prefix("| ")?.split(" | ");
                Some((cells.next()?, cells.next()?))
            })
            .collect();
        let seconds: Vec<String> = Collector::ALL
            .iter()
            .map(|it| it.usual_interval_seconds().to_string())
            .collect();
        let there: Vec<(&str, &str)> = Collector::ALL
            .iter()
            .zip(&seconds)
            .map(|(collector, seconds)| (collector.name(), seconds.as_str()))
            .collect();
        assert_eq!(documented, there, "docs/configuration.md, “Collectors”");
    }

    #[test]
    fn a_collector_is_named_alike_everywhere() {
        for collector in Collector::ALL {
            assert_eq!(serde_json::to_value(collector).unwrap(), collector.name());
        }
    }
}
