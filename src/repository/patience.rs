//! Waiting for servers no longer than somebody wants to: long waits are cut into short ones,
//! between which it is asked whether to go on.

use crate::root::signal::Interrupt;
use std::io;
use std::time::{Duration, Instant};
use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// The longest wait without asking.
const SLICE: Duration = Duration::from_millis(200);

/// Goes behind the connector that makes connections.
#[derive(Debug)]
pub(super) struct Patience(pub Interrupt);

impl<In: Transport> Connector<In> for Patience {
    type Out = Patient<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|inner| Patient {
            interrupt: self.0.clone(),
            inner,
        }))
    }
}

/// A connection whose waits can be called off.
#[derive(Debug)]
pub(super) struct Patient<In> {
    interrupt: Interrupt,
    inner: In,
}

impl<In: Transport> Transport for Patient<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let whole = timeout.for_read();
        let begin = Instant::now();
        loop {
            if self.interrupt.requested() {
                return Err(Error::Io(io::ErrorKind::ConnectionAborted.into()));
            }
            let left = whole.after.saturating_sub(begin.elapsed());
            let last = left <= SLICE;
            let slice = NextTimeout {
                after: left.min(SLICE).into(),
                reason: whole.reason,
                per_read: None,
                per_write: timeout.per_write,
            };
            match self.inner.await_input(slice) {
                Err(Error::Timeout(_)) if !last => {}
                result => return result,
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }
}
