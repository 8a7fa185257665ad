//! The three queues names wait in for their decision (solver, section 3.5).

use super::problem::NameId;
use std::collections::{BinaryHeap, VecDeque};

/// The queue a name is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placement {
    None,
    Immediate,
    Ready,
    Held,
}

/// Heaps instead of sorted lists; ranks are unique, so the order is the same. A name leaves a
/// queue by its placement alone, and what is left of it there is skipped later.
pub(super) struct Queues {
    ranks: Vec<u64>,
    placements: Vec<Placement>,
    immediate: VecDeque<NameId>,
    ready: BinaryHeap<(u64, NameId)>,
    held: BinaryHeap<(u64, NameId)>,
}

impl Queues {
    /// Empty queues for names of these ranks.
    pub fn new(ranks: Vec<u64>) -> Queues {
        Queues {
            placements: vec![Placement::None; ranks.len()],
            ranks,
            immediate: VecDeque::new(),
            ready: BinaryHeap::new(),
            held: BinaryHeap::new(),
        }
    }

    /// Where a name waits.
    pub fn placement(&self, name: NameId) -> Placement {
        self.placements[name.0 as usize]
    }

    /// Moves a name.
    pub fn put(&mut self, name: NameId, placement: Placement) {
        let at = name.0 as usize;
        if self.placements[at] == placement {
            return;
        }
        self.placements[at] = placement;
        match placement {
            Placement::None => {}
            Placement::Immediate => self.immediate.push_back(name),
            Placement::Ready => self.ready.push((self.ranks[at], name)),
            Placement::Held => self.held.push((self.ranks[at], name)),
        }
    }

    /// Takes a name out.
    pub fn remove(&mut self, name: NameId) {
        self.put(name, Placement::None);
    }

    /// The next name to decide, taken out.
    pub fn take(&mut self) -> Option<NameId> {
        loop {
            let (name, from) = if let Some(name) = self.immediate.pop_front() {
                (name, Placement::Immediate)
            } else if let Some((_, name)) = self.ready.pop() {
                (name, Placement::Ready)
            } else {
                (self.held.pop()?.1, Placement::Held)
            };
            if self.placement(name) == from {
                self.remove(name);
                return Some(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_the_queues() {
        let [a, b, c, d] = [0, 1, 2, 3].map(NameId);
        let mut queues = Queues::new(vec![1, 2, 3, 4]);
        queues.put(a, Placement::Ready);
        queues.put(b, Placement::Held);
        queues.put(c, Placement::Ready);
        queues.put(d, Placement::Held);
        queues.put(a, Placement::Held);
        queues.put(a, Placement::Ready);
        queues.put(b, Placement::Immediate);
        queues.remove(d);
        let order: Vec<_> = std::iter::from_fn(|| queues.take()).collect();
        assert_eq!(order, [b, c, a]);
    }
}
