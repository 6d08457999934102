//! The collectors of this host by name: which one reads what, and whether it may take long; never when.

use super::beside::Beside;
use super::found::{Collect, Found};
use super::root::Root;
use super::schedule::Schedule;
use super::{
    Reading, clocksource, connection, conntrack, container, cpu, disk, filesystem, frequency,
    interface, kernel, load, memory, neighbour, netstat, network, numbered, own, percpu, power,
    pressure, process, release, sensor, socket, softirq, systemd, time, udp, user,
};
use crate::clock::Clock;
use crate::config::collector::Collector;
use std::time::Duration;

/// A collector with its schedule.
pub(super) struct Part {
    schedule: Schedule,
    place: Place,
}

/// Where a collector reads.
enum Place {
    /// In the turn: it only reads small files of the kernel.
    Here(Box<dyn Collect>),
    /// Beside the turns: a device or a program may keep it waiting.
    Beside(Beside),
}

fn here(collect: impl Collect + 'static) -> Place {
    Place::Here(Box::new(collect))
}

fn beside<C: Collect + 'static>(make: impl Fn() -> C + Send + 'static) -> Place {
    Place::Beside(Beside::new(make))
}

/// The collectors that are not switched off, in the order in which they read.
pub(super) fn parts(root: &Root, reading: &Reading, clock: &Clock) -> Vec<Part> {
    let wanted = Collector::ALL
        .iter()
        .filter(|collector| !reading.off.contains(collector));
    wanted
        .map(|collector| Part {
            schedule: Schedule::new(*collector, reading.every(*collector)),
            place: place(*collector, root, reading, clock),
        })
        .collect()
}

fn place(collector: Collector, root: &Root, reading: &Reading, clock: &Clock) -> Place {
    match collector {
        Collector::Cpu => here(cpu::Processors::new(root)),
        Collector::Cpufreq => here(frequency::Frequencies::new(root)),
        Collector::Loadavg => here(load::Averages::new(root)),
        Collector::Meminfo => here(memory::Amounts::new(root)),
        Collector::Vmstat => here(numbered::Numbered::paging(root)),
        Collector::Zfs => here(numbered::Numbered::zfs(root)),
        Collector::Pressure => here(pressure::Pressure::new(root)),
        Collector::Filesystem => here(filesystem::Filesystems::new(root)),
        Collector::Diskstats => here(disk::Disks::new(root)),
        Collector::Netdev => here(network::Networks::new(root)),
        Collector::Sockstat => here(socket::Numbers::new(root)),
        Collector::Netstat => here(netstat::Protocols::new(root)),
        Collector::Arp => here(neighbour::Neighbours::new(root)),
        Collector::Conntrack => here(conntrack::Tracked::new(root)),
        Collector::UdpQueues => here(udp::Queues::new(root)),
        Collector::Softirqs => here(softirq::SoftInterrupts::new(root)),
        Collector::Os => here(release::Release::new(root)),
        Collector::Clocksource => here(clocksource::ClockSources::new(root)),
        Collector::Softnet => here(percpu::PerProcessor::packets(root)),
        Collector::Schedstat => here(percpu::PerProcessor::tasks(root)),
        Collector::Filefd => here(kernel::OpenFiles::new(root)),
        Collector::Entropy => here(kernel::Entropy::new(root)),
        Collector::Uname => here(kernel::Uname::new(root)),
        Collector::Time => here(time::TimeOfDay::new(clock.clone())),
        Collector::Timex => here(time::Discipline),
        Collector::Processes => here(process::Processes::new(root, reading)),
        Collector::Own => here(own::Own::new(root)),
        Collector::Netclass
        | Collector::Tcpstat
        | Collector::Ports
        | Collector::Hwmon
        | Collector::Powersupplyclass
        | Collector::Systemd
        | Collector::Containers
        | Collector::Users => slow_place(collector, root, reading),
    }
}

/// Those that wait for a device, a program, or a table without a bound.
fn slow_place(collector: Collector, root: &Root, reading: &Reading) -> Place {
    let root = root.clone();
    match collector {
        Collector::Netclass => beside(move || interface::Interfaces::new(&root)),
        Collector::Tcpstat => beside(move || connection::States::new(&root)),
        Collector::Ports => {
            let ports = reading.ports.clone();
            beside(move || connection::Ports::new(&root, &ports))
        }
        Collector::Powersupplyclass => beside(move || power::Supplies::new(&root)),
        Collector::Systemd => beside(move || systemd::Units::new(&root)),
        Collector::Containers => beside(move || container::Containers::new(&root)),
        Collector::Users => beside(move || user::Sessions::new(&root)),
        _ => beside(move || sensor::Sensors::new(&root)),
    }
}

/// Which collectors read in a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// Those whose next reading needs this one for rates. Its own is not kept.
    Basis,
    /// Those that are due, and the processes.
    WithProcesses,
    /// Those that are due.
    Due,
}

/// What a turn is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn<'a> {
    /// The monotonic time at which it began.
    pub(super) now: Duration,
    /// What is read in any case.
    pub(super) reads: Reads,
    /// For how long readings take.
    pub(super) clock: &'a Clock,
}

impl Part {
    /// Reads, when it is due, and adds to `found`; beside the turns it begins to, and adds what has ended.
    pub(super) fn turn(&mut self, turn: Turn<'_>, found: &mut Found) {
        let collector = self.schedule.collector();
        let is_processes = collector == Collector::Processes;
        let due = match turn.reads {
            Reads::Basis => is_processes || self.schedule.reads_in_every_turn(),
            Reads::WithProcesses if is_processes => true,
            Reads::WithProcesses | Reads::Due => self.schedule.due(turn.now),
        };
        let schedule = &mut self.schedule;
        match &mut self.place {
            Place::Here(collect) if due => {
                schedule.begin(turn.now);
                let began = turn.clock.monotonic();
                let result = collect.read(schedule.elapsed(turn.now), found);
                let took = turn.clock.monotonic().saturating_sub(began);
                schedule.end(result, took, &mut found.details);
            }
            Place::Here(_) => {}
            Place::Beside(beside) => {
                if let Some(ended) = beside.ended() {
                    merge(collector, ended.found, found);
                    schedule.end(ended.result, ended.took, &mut found.details);
                }
                if due {
                    let elapsed = schedule.elapsed(turn.now);
                    schedule.begin(turn.now);
                    if let Err(error) = beside.begin(collector.name(), elapsed, turn.clock) {
                        schedule.end(Err(error), Duration::ZERO, &mut found.details);
                    }
                }
            }
        }
    }

    /// Waits for what it reads beside the turns.
    #[cfg(test)]
    pub(super) fn wait(&mut self, found: &mut Found) {
        if let Place::Beside(beside) = &mut self.place
            && let Some(ended) = beside.wait()
        {
            merge(self.schedule.collector(), ended.found, found);
            self.schedule
                .end(ended.result, ended.took, &mut found.details);
        }
    }
}

/// Takes over what a collector found beside the turns: of the typed parts only sensors are read there.
fn merge(collector: Collector, ended: Found, found: &mut Found) {
    if collector == Collector::Hwmon {
        found.sample.sensors = ended.sample.sensors;
    }
    found.details.append(ended.details);
}
