//! A sample in the words of the infrastructure routes; pure.

use common::api::infrastructure::{
    Platform, ProcessNow, SystemCpu, SystemDisk, SystemMemory, SystemNetwork, SystemNow,
};
use common::host::{HostFacts, HostSample};
use common::units::{GIB, MIB, bytes_f64};

fn gib(count: u64) -> f64 {
    bytes_f64(count) / GIB
}

pub(super) fn system(sample: &HostSample) -> SystemNow {
    let (cpu, memory) = (sample.cpu.as_ref(), sample.memory.as_ref());
    let disk = sample.root_filesystem();
    let counted = || sample.networks.iter().filter(|network| network.physical);
    let has_network = counted().next().is_some();
    let sockets = sample.sockets;
    SystemNow {
        cpu: SystemCpu {
            percent: sample.cpu_percent(),
            count: cpu.map(|cpu| cpu.count),
            freq_mhz: cpu.and_then(|cpu| cpu.frequency_mhz),
        },
        memory: SystemMemory {
            total_gb: memory.map(|memory| gib(memory.total_bytes)),
            used_gb: memory.map(|memory| gib(memory.used_bytes)),
            available_gb: memory.map(|memory| gib(memory.available_bytes)),
            percent: sample.memory_percent(),
        },
        disk: SystemDisk {
            total_gb: disk.map(|disk| gib(disk.total_bytes)),
            used_gb: disk.map(|disk| gib(disk.used_bytes)),
            free_gb: disk.map(|disk| gib(disk.available_bytes)),
            percent: disk.and_then(|disk| disk.percent),
        },
        network: SystemNetwork {
            bytes_sent: has_network.then(|| counted().map(|network| network.sent_bytes).sum()),
            bytes_received: has_network
                .then(|| counted().map(|network| network.received_bytes).sum()),
            connections: sockets.map(|sockets| sockets.tcp_in_use + sockets.tcp6_in_use),
        },
        uptime_seconds: sample.uptime_seconds,
    }
}

pub(super) fn process(sample: &HostSample) -> ProcessNow {
    let Some(own) = sample.own_process.clone() else {
        return ProcessNow::default();
    };
    ProcessNow {
        pid: Some(own.pid),
        name: Some(own.name),
        cpu_percent: own.cpu_percent,
        memory_mb: Some(bytes_f64(own.resident_bytes) / MIB),
        threads: Some(own.threads),
        file_descriptors: own.open_files,
    }
}

pub(super) fn platform(host: HostFacts) -> Platform {
    Platform {
        system: Some(host.system).filter(|name| !name.is_empty()),
        hostname: host.hostname,
        kernel: host.kernel,
        arch: Some(host.arch).filter(|name| !name.is_empty()),
        version: host.os.or(host.os_version),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_stays_absent() {
        let now = system(&HostSample::default());
        assert_eq!(now, SystemNow::default());
        assert_eq!(process(&HostSample::default()), ProcessNow::default());
        assert_eq!(platform(HostFacts::default()), Platform::default());
    }
}
