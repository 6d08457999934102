//! A collector that may take long reads on a thread of its own; the turn never waits for it.

use super::error::ReadError;
use super::found::{Collect, Found};
use crate::clock::Clock;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::time::Duration;

/// A reading that has ended.
pub(super) struct Ended {
    /// What it found.
    pub(super) found: Found,
    /// How it went.
    pub(super) result: Result<(), ReadError>,
    /// How long it took.
    pub(super) took: Duration,
}

/// Makes a collector; again when one was lost with its thread.
type Make = Box<dyn Fn() -> Box<dyn Collect> + Send>;

/// A collector that reads beside the turns.
pub(super) struct Beside {
    make: Make,
    idle: Option<Box<dyn Collect>>,
    running: Option<Receiver<(Box<dyn Collect>, Ended)>>,
}

impl Beside {
    /// A collector that has not read yet.
    pub(super) fn new<C: Collect + 'static>(make: impl Fn() -> C + Send + 'static) -> Self {
        Self {
            make: Box::new(move || Box::new(make())),
            idle: None,
            running: None,
        }
    }

    /// The reading that was begun, when it has ended by now.
    pub(super) fn ended(&mut self) -> Option<Ended> {
        match self.running.as_ref()?.try_recv() {
            Ok((collector, ended)) => {
                self.idle = Some(collector);
                self.running = None;
                Some(ended)
            }
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.running = None;
                Some(Ended {
                    found: Found::default(),
                    result: Err(ReadError::Ended),
                    took: Duration::ZERO,
                })
            }
        }
    }

    /// Begins a reading. One that still runs is an error, and is left alone.
    pub(super) fn begin(
        &mut self,
        name: &str,
        elapsed: Option<f64>,
        clock: &Clock,
    ) -> Result<(), ReadError> {
        if self.running.is_some() {
            return Err(ReadError::Stuck);
        }
        let mut collector = self.idle.take().unwrap_or_else(|| (self.make)());
        let (answer, running) = sync_channel(1);
        let clock = clock.clone();
        let read = move || {
            let began = clock.monotonic();
            let mut found = Found::default();
            let result = collector.read(elapsed, &mut found);
            let took = clock.monotonic().saturating_sub(began);
            let ended = Ended {
                found,
                result,
                took,
            };
            // Nobody waits any more when Watchpost stops.
            drop(answer.send((collector, ended)));
        };
        std::thread::Builder::new()
            .name(format!("collect-{name}"))
            .spawn(read)
            .map_err(ReadError::Thread)?;
        self.running = Some(running);
        Ok(())
    }

    /// Waits for the reading that was begun; a test has no next turn.
    #[cfg(test)]
    pub(super) fn wait(&mut self) -> Option<Ended> {
        while self.running.is_some() {
            if let Some(ended) = self.ended() {
                return Some(ended);
            }
            std::thread::yield_now();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Beside, Ended};
    use crate::clock::Clock;
    use crate::collect::local::error::ReadError;
    use crate::collect::local::found::{Collect, Found};
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, sync_channel};

    /// Reads when it is told to; without an order it panics.
    struct Slow(Receiver<()>);

    impl Collect for Slow {
        fn read(&mut self, _: Option<f64>, found: &mut Found) -> Result<(), ReadError> {
            self.0.recv().expect("no order");
            found.details.plain("node_load1", 1.0);
            Ok(())
        }
    }

    #[test]
    fn a_slow_collector_holds_nobody_up() {
        let (order, orders) = sync_channel(1);
        let orders = Mutex::new(Some(orders));
        let mut beside = Beside::new(move || {
            let never = || sync_channel(0).1;
            Slow(orders.lock().unwrap().take().unwrap_or_else(never))
        });
        let clock = Clock::system();
        let begin = |beside: &mut Beside| beside.begin("slow", None, &clock);
        assert!(begin(&mut beside).is_ok());
        assert!(beside.ended().is_none());
        assert!(matches!(begin(&mut beside), Err(ReadError::Stuck)));
        order.send(()).unwrap();
        let Ended { found, result, .. } = beside.wait().unwrap();
        assert!(result.is_ok());
        assert_eq!(found.details.into_values().len(), 1);

        drop(order);
        assert!(begin(&mut beside).is_ok());
        let lost = beside.wait().unwrap();
        assert!(matches!(lost.result, Err(ReadError::Ended)));
        assert!(begin(&mut beside).is_ok());
    }
}
