//! Blocks of a deflate stream: Huffman codes and how they are written.

/// Literals, the end of a block, and lengths.
const LITERALS: usize = 286;
const END: usize = 256;
const DISTANCES: usize = 30;
/// Symbols that describe code lengths.
const LENGTHS: usize = 19;
const REPEAT: usize = 16;
const ZEROS_SHORT: usize = 17;
const ZEROS_LONG: usize = 18;
/// Nodes of the largest tree.
const NODES: usize = 2 * LITERALS + 1;
const MAX_BITS: usize = 15;
/// A block is full with this many symbols.
const FULL: usize = (1 << 14) - 1;

const LENGTH_EXTRA: [u8; 29] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_EXTRA: [u8; DISTANCES] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
];
/// The order in which code lengths of code lengths are written.
const ORDER: [usize; LENGTHS] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// Bits, the lowest first.
#[derive(Debug, Default)]
pub struct Bits {
    bytes: Vec<u8>,
    buffer: u64,
    used: u32,
}

impl Bits {
    fn put(&mut self, value: usize, count: u32) {
        self.buffer |= (value as u64) << self.used;
        self.used += count;
        while self.used >= 8 {
            self.bytes.push(self.buffer as u8);
            self.buffer >>= 8;
            self.used -= 8;
        }
    }

    /// Fills the last byte up.
    fn align(&mut self) {
        if self.used > 0 {
            self.put(0, 8 - self.used);
        }
    }

    /// The whole bytes so far.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// All of it.
    pub fn finish(&mut self) -> Vec<u8> {
        self.align();
        self.take()
    }
}

/// The codes of one alphabet.
#[derive(Debug)]
struct Tree {
    count: [u32; NODES],
    /// Code lengths of symbols, and while a tree is made the parent of every node.
    length: [u16; NODES + 1],
    code: [u16; LITERALS + 2],
    symbols: usize,
    extra: &'static [u8],
    extra_base: usize,
    max_bits: usize,
    /// The largest symbol in use.
    last: usize,
}

impl Tree {
    fn new(symbols: usize, extra: &'static [u8], extra_base: usize, max_bits: usize) -> Tree {
        Tree {
            count: [0; NODES],
            length: [0; NODES + 1],
            code: [0; LITERALS + 2],
            symbols,
            extra,
            extra_base,
            max_bits,
            last: 0,
        }
    }

    fn extra_bits(&self, symbol: usize) -> u8 {
        let at = symbol.checked_sub(self.extra_base);
        at.and_then(|at| self.extra.get(at)).copied().unwrap_or(0)
    }

    /// Makes the codes of all symbols in use; gives the bits the block takes with them, and
    /// with the fixed codes.
    fn build(&mut self, fixed: Option<&Tree>) -> (i64, i64) {
        let mut heap = Heap::default();
        let (mut own, mut other) = (0i64, 0i64);
        self.last = 0;
        let mut any = false;
        for symbol in 0..self.symbols {
            if self.count[symbol] != 0 {
                heap.nodes.push(symbol);
                (self.last, any) = (symbol, true);
            }
            self.length[symbol] = 0;
        }
        // A decoder wants at least two codes.
        let mut largest = if any { self.last as isize } else { -1 };
        while heap.nodes.len() < 3 {
            let symbol = if largest < 2 {
                largest += 1;
                largest as usize
            } else {
                0
            };
            heap.nodes.push(symbol);
            self.count[symbol] = 1;
            own -= 1;
            if let Some(fixed) = fixed {
                other -= i64::from(fixed.length[symbol]);
            }
        }
        self.last = largest.max(0) as usize;
        for at in (1..heap.nodes.len() / 2 + 1).rev() {
            if at < heap.nodes.len() {
                heap.sink(at, &self.count);
            }
        }
        // The nodes in the order in which they left the heap, the root last.
        let mut order = Vec::with_capacity(NODES);
        let mut node = self.symbols;
        while heap.nodes.len() > 2 {
            let first = heap.pop(&self.count);
            let second = heap.nodes[1];
            order.extend([first, second]);
            self.count[node] = self.count[first] + self.count[second];
            heap.depth[node] = heap.depth[first].max(heap.depth[second]) + 1;
            self.length[first] = node as u16;
            self.length[second] = node as u16;
            heap.nodes[1] = node;
            node += 1;
            heap.sink(1, &self.count);
        }
        order.push(heap.nodes[1]);
        order.reverse();
        let (a, b) = self.set_lengths(&order, fixed);
        self.set_codes();
        (own + a, other + b)
    }

    /// Code lengths from the tree; `order` begins with the root.
    fn set_lengths(&mut self, order: &[usize], fixed: Option<&Tree>) -> (i64, i64) {
        let mut of_length = [0usize; MAX_BITS + 1];
        let (mut own, mut other) = (0i64, 0i64);
        let mut overflow = 0usize;
        if let Some(root) = order.first() {
            self.length[*root] = 0;
        }
        for node in order.iter().skip(1).copied() {
            let parent = usize::from(self.length[node]);
            let mut bits = usize::from(self.length[parent]) + 1;
            if bits > self.max_bits {
                bits = self.max_bits;
                overflow += 1;
            }
            self.length[node] = bits as u16;
            if node >= self.symbols {
                continue;
            }
            of_length[bits] += 1;
            let extra = i64::from(self.extra_bits(node));
            let count = i64::from(self.count[node]);
            own += count * (bits as i64 + extra);
            if let Some(fixed) = fixed {
                other += count * (i64::from(fixed.length[node]) + extra);
            }
        }
        if overflow == 0 {
            return (own, other);
        }
        while overflow > 0 {
            let mut bits = self.max_bits - 1;
            while of_length[bits] == 0 {
                bits -= 1;
            }
            // A leaf moves down, with one that was too deep as its brother.
            of_length[bits] -= 1;
            of_length[bits + 1] += 2;
            of_length[self.max_bits] -= 1;
            overflow = overflow.saturating_sub(2);
        }
        let mut leaves = order.iter().rev().copied();
        for bits in (1..=self.max_bits).rev() {
            let mut left = of_length[bits];
            while left != 0 {
                let Some(node) = leaves.next() else {
                    break;
                };
                if node >= self.symbols {
                    continue;
                }
                let before = i64::from(self.length[node]);
                own += (bits as i64 - before) * i64::from(self.count[node]);
                self.length[node] = bits as u16;
                left -= 1;
            }
        }
        (own, other)
    }

    /// The codes of the code lengths, in the order of symbols.
    fn set_codes(&mut self) {
        let mut next = [0u16; MAX_BITS + 2];
        for symbol in 0..=self.last {
            next[usize::from(self.length[symbol]) + 1] += 1;
        }
        next[1] = 0;
        let mut code = 0u16;
        for next in next.iter_mut().skip(1) {
            code = code.wrapping_add(*next) << 1;
            *next = code;
        }
        for symbol in 0..=self.last {
            let length = usize::from(self.length[symbol]);
            if length != 0 {
                self.code[symbol] = next[length].reverse_bits() >> (16 - length);
                next[length] += 1;
            }
        }
    }

    /// The code lengths as symbols of their own, each with its repetition: the symbol, the
    /// value of its extra bits, and how many there are.
    fn described(&self) -> Vec<(usize, usize, u32)> {
        let mut out = Vec::new();
        let lengths = &self.length[..=self.last];
        let mut previous = usize::MAX;
        let mut count = 0;
        for (at, length) in lengths.iter().enumerate() {
            let length = usize::from(*length);
            // Runs begin with other limits when they go on with what was just repeated.
            let limit = match (length, length == previous) {
                (0, _) => 138,
                (_, true) => 6,
                (_, false) => 7,
            };
            count += 1;
            if count < limit && lengths.get(at + 1).map(|next| usize::from(*next)) == Some(length) {
                continue;
            }
            let least = if length == 0 || length == previous {
                3
            } else {
                4
            };
            if count < least {
                out.extend(std::iter::repeat_n((length, 0, 0), count));
            } else if length != 0 {
                if length != previous {
                    out.push((length, 0, 0));
                    count -= 1;
                }
                out.push((REPEAT, count - 3, 2));
            } else if count <= 10 {
                out.push((ZEROS_SHORT, count - 3, 3));
            } else {
                out.push((ZEROS_LONG, count - 11, 7));
            }
            count = 0;
            previous = length;
        }
        out
    }

    fn put(&self, bits: &mut Bits, symbol: usize) {
        bits.put(self.code[symbol].into(), self.length[symbol].into());
    }
}

/// Nodes with the least count first, of equal ones the flattest.
struct Heap {
    /// From 1 on.
    nodes: Vec<usize>,
    depth: [u8; NODES],
}

impl Default for Heap {
    fn default() -> Self {
        Heap {
            nodes: vec![0],
            depth: [0; NODES],
        }
    }
}

impl Heap {
    fn is_smaller(&self, a: usize, b: usize, count: &[u32]) -> bool {
        (count[a], self.depth[a]) <= (count[b], self.depth[b])
    }

    fn sink(&mut self, mut at: usize, count: &[u32]) {
        let node = self.nodes[at];
        loop {
            let mut child = at * 2;
            if child >= self.nodes.len() {
                break;
            }
            if child + 1 < self.nodes.len()
                && self.is_smaller(self.nodes[child + 1], self.nodes[child], count)
            {
                child += 1;
            }
            if self.is_smaller(node, self.nodes[child], count) {
                break;
            }
            self.nodes[at] = self.nodes[child];
            at = child;
        }
        self.nodes[at] = node;
    }

    /// Takes the first node away.
    fn pop(&mut self, count: &[u32]) -> usize {
        let first = self.nodes.swap_remove(1);
        self.sink(1, count);
        first
    }
}

/// The symbols of a block and their codes.
pub struct Trees {
    /// What is written.
    pub bits: Bits,
    /// Distance (zero for a literal), and literal or length minus 3.
    symbols: Vec<(u16, u8)>,
    literals: Box<Tree>,
    distances: Box<Tree>,
    lengths: Box<Tree>,
    fixed_literals: Box<Tree>,
    fixed_distances: Box<Tree>,
    /// Length minus 3 to its symbol.
    length_symbol: [u8; 256],
    length_base: [u16; 29],
    distance_base: [u16; DISTANCES],
}

impl Trees {
    pub fn new() -> Trees {
        // The fixed alphabet has two symbols more, which are never used.
        let mut fixed_literals = Tree::new(LITERALS + 2, &[], 0, MAX_BITS);
        for symbol in 0..LITERALS + 2 {
            fixed_literals.length[symbol] = match symbol {
                0..=143 | 280.. => 8,
                144..=255 => 9,
                256..=279 => 7,
            };
        }
        fixed_literals.length[280..LITERALS + 2].fill(8);
        fixed_literals.last = LITERALS + 1;
        fixed_literals.set_codes();
        let mut fixed_distances = Tree::new(DISTANCES, &[], 0, MAX_BITS);
        fixed_distances.length[..DISTANCES].fill(5);
        fixed_distances.last = DISTANCES - 1;
        fixed_distances.set_codes();
        let mut length_symbol = [0; 256];
        let mut length_base = [0; 29];
        let mut at = 0usize;
        for (symbol, extra) in LENGTH_EXTRA.iter().enumerate().take(28) {
            length_base[symbol] = at as u16;
            for _ in 0..1 << extra {
                if let Some(place) = length_symbol.get_mut(at) {
                    *place = symbol as u8;
                }
                at += 1;
            }
        }
        // The longest match has a symbol of its own.
        length_symbol[255] = 28;
        length_base[28] = 255;
        let mut distance_base = [0; DISTANCES];
        let mut at = 0u32;
        for (symbol, extra) in DISTANCE_EXTRA.iter().enumerate() {
            distance_base[symbol] = at as u16;
            at += 1 << extra;
        }
        let mut trees = Trees {
            bits: Bits::default(),
            symbols: Vec::new(),
            literals: Box::new(Tree::new(LITERALS, &LENGTH_EXTRA, END + 1, MAX_BITS)),
            distances: Box::new(Tree::new(DISTANCES, &DISTANCE_EXTRA, 0, MAX_BITS)),
            lengths: Box::new(Tree::new(LENGTHS, &[2, 3, 7], REPEAT, 7)),
            fixed_literals: Box::new(fixed_literals),
            fixed_distances: Box::new(fixed_distances),
            length_symbol,
            length_base,
            distance_base,
        };
        trees.begin();
        trees
    }

    /// An empty block.
    fn begin(&mut self) {
        self.symbols.clear();
        for tree in [&mut self.literals, &mut self.distances, &mut self.lengths] {
            tree.count.fill(0);
        }
        self.literals.count[END] = 1;
    }

    /// Adds a byte; whether the block is full.
    pub fn literal(&mut self, byte: u8) -> bool {
        self.symbols.push((0, byte));
        self.literals.count[usize::from(byte)] += 1;
        self.symbols.len() >= FULL
    }

    /// Adds a match; whether the block is full.
    pub fn matched(&mut self, distance: usize, length: usize) -> bool {
        let length = (length - 3) as u8;
        self.symbols.push((distance as u16, length));
        let symbol = usize::from(self.length_symbol[usize::from(length)]);
        self.literals.count[symbol + END + 1] += 1;
        let symbol = self.distance_symbol(distance - 1);
        self.distances.count[symbol] += 1;
        self.symbols.len() >= FULL
    }

    /// The symbol of a distance, from 0.
    fn distance_symbol(&self, distance: usize) -> usize {
        let bases = &self.distance_base;
        bases.partition_point(|base| usize::from(*base) <= distance) - 1
    }

    /// Writes the block in whatever form is shortest. `stored` is what it stands for, if that
    /// is still known, and `length` how long that is.
    pub fn end_block(&mut self, stored: Option<&[u8]>, length: usize, last: bool) {
        let last = usize::from(last);
        let (own, fixed) = self.literals.build(Some(&self.fixed_literals));
        let (more, fixed_more) = self.distances.build(Some(&self.fixed_distances));
        let (mut own, fixed) = (own + more, fixed + fixed_more);
        let descriptions = [self.literals.described(), self.distances.described()];
        for (symbol, _, _) in descriptions.iter().flatten() {
            self.lengths.count[*symbol] += 1;
        }
        own += self.lengths.build(None).0;
        let mut used = LENGTHS - 1;
        while used > 2 && self.lengths.length[ORDER[used]] == 0 {
            used -= 1;
        }
        own += 3 * (used as i64 + 1) + 5 + 5 + 4;
        let fixed_bytes = (fixed + 3 + 7) >> 3;
        let bytes = ((own + 3 + 7) >> 3).min(fixed_bytes);
        match stored {
            Some(stored) if length as i64 + 4 <= bytes && length <= 0xffff => {
                self.bits.put(last, 3);
                self.bits.align();
                self.bits.put(length, 16);
                self.bits.put(!length & 0xffff, 16);
                self.bits.bytes.extend_from_slice(stored);
            }
            _ if fixed_bytes == bytes => {
                self.bits.put(2 + last, 3);
                self.put_symbols(true);
            }
            _ => {
                self.bits.put(4 + last, 3);
                self.bits.put(self.literals.last + 1 - 257, 5);
                self.bits.put(self.distances.last, 5);
                self.bits.put(used + 1 - 4, 4);
                for symbol in &ORDER[..=used] {
                    self.bits.put(self.lengths.length[*symbol].into(), 3);
                }
                for (symbol, extra, count) in descriptions.into_iter().flatten() {
                    self.lengths.put(&mut self.bits, symbol);
                    self.bits.put(extra, count);
                }
                self.put_symbols(false);
            }
        }
        self.begin();
    }

    fn put_symbols(&mut self, fixed: bool) {
        let (literals, distances) = match fixed {
            true => (&self.fixed_literals, &self.fixed_distances),
            false => (&self.literals, &self.distances),
        };
        for (distance, byte) in &self.symbols {
            let byte = usize::from(*byte);
            if *distance == 0 {
                literals.put(&mut self.bits, byte);
                continue;
            }
            let symbol = usize::from(self.length_symbol[byte]);
            literals.put(&mut self.bits, symbol + END + 1);
            let extra = byte - usize::from(self.length_base[symbol]);
            self.bits.put(extra, LENGTH_EXTRA[symbol].into());
            let distance = usize::from(*distance) - 1;
            let symbol = self.distance_symbol(distance);
            distances.put(&mut self.bits, symbol);
            let extra = distance - usize::from(self.distance_base[symbol]);
            self.bits.put(extra, DISTANCE_EXTRA[symbol].into());
        }
        literals.put(&mut self.bits, END);
    }
}
