//! A deflate encoder that gives the very bytes zlib does, for files that must be the same
//! whoever makes them (v3 formats, section 1). Other encoders make other choices: their files
//! are read as well, but are not the same.
//!
//! This is the algorithm RFC 1951 describes, with the parameters zlib has at window 15 and
//! memory level 8: chains of earlier places with the same hash of three bytes, the longest
//! match among the most recent of them, and from level 4 on a look at whether the next byte
//! begins a longer one.
//!
//! Indexes are safe by construction: positions stay below twice the window, to which a margin
//! of one match is added, and hashes are masked.

mod trees;

use std::io::{self, Write};
use trees::Trees;

const WINDOW: usize = 1 << 15;
const WINDOW_MASK: usize = WINDOW - 1;
const HASH_BITS: u32 = 15;
const HASH_MASK: usize = (1 << HASH_BITS) - 1;
const HASH_SHIFT: u32 = 5;
const MIN_MATCH: usize = 3;
const MAX_MATCH: usize = 258;
/// With less ahead than this the end of a match could not be seen.
const MIN_LOOKAHEAD: usize = MAX_MATCH + MIN_MATCH + 1;
/// Matches do not reach further back.
const MAX_DISTANCE: usize = WINDOW - MIN_LOOKAHEAD;
/// A match of three bytes from further away costs more than three literals.
const TOO_FAR: usize = 4096;

/// How hard a level tries.
#[derive(Clone, Copy, Debug)]
struct Effort {
    /// Search less when the match at hand is as long.
    good: usize,
    /// Lazy levels: do not look for a better one beyond. Others: do not note the places inside
    /// of longer matches.
    lazy: usize,
    /// Stop searching at this length.
    nice: usize,
    /// Places looked at.
    chain: usize,
    /// Whether the next byte is tried before a match is taken.
    is_lazy: bool,
}

impl Effort {
    /// Of a level from 1 to 9; others count as the nearest of these.
    fn of_level(level: u8) -> Effort {
        let (good, lazy, nice, chain) = match level {
            0 | 1 => (4, 4, 8, 4),
            2 => (4, 5, 16, 8),
            3 => (4, 6, 32, 32),
            4 => (4, 4, 16, 16),
            5 => (8, 16, 32, 32),
            6 => (8, 16, 128, 128),
            7 => (8, 32, 128, 256),
            8 => (32, 128, 258, 1024),
            _ => (32, 258, 258, 4096),
        };
        Effort {
            good,
            lazy,
            nice,
            chain,
            is_lazy: level > 3,
        }
    }
}

/// Compresses what is written to it into a raw deflate stream.
pub struct Encoder<W> {
    out: W,
    effort: Effort,
    trees: Trees,
    /// Twice the window, and a margin for comparing.
    window: Vec<u8>,
    /// The last place of every hash; zero is none.
    head: Vec<u16>,
    /// The place before with the same hash, for every place of the window.
    previous: Vec<u16>,
    hash: usize,
    /// Where the next byte to be encoded is, and how many are known from there on.
    at: usize,
    ahead: usize,
    /// Where the block being made begins; below zero when that has left the window.
    block: isize,
    match_at: usize,
    match_length: usize,
    previous_length: usize,
    /// Lazy levels: the byte before is not encoded yet.
    pending: bool,
}

impl<W: Write> Encoder<W> {
    /// Begins a stream at a level from 1 to 9.
    pub fn new(out: W, level: u8) -> Encoder<W> {
        Encoder {
            out,
            effort: Effort::of_level(level),
            trees: Trees::new(),
            window: vec![0; 2 * WINDOW + MAX_MATCH + MIN_MATCH],
            head: vec![0; HASH_MASK + 1],
            previous: vec![0; WINDOW],
            hash: 0,
            at: 0,
            ahead: 0,
            block: 0,
            match_at: 0,
            match_length: MIN_MATCH - 1,
            previous_length: MIN_MATCH - 1,
            pending: false,
        }
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.encode(true)?;
        if self.pending {
            self.trees.literal(self.window[self.at - 1]);
        }
        self.end_block(true)?;
        self.out.write_all(&self.trees.bits.finish())?;
        Ok(self.out)
    }

    /// Takes what fits into the window; gives how much that was.
    fn fill(&mut self, data: &[u8]) -> usize {
        if self.at >= WINDOW + MAX_DISTANCE {
            self.slide();
        }
        if data.is_empty() {
            return 0;
        }
        let start = self.at + self.ahead;
        let count = data.len().min(2 * WINDOW - start);
        self.window[start..start + count].copy_from_slice(&data[..count]);
        self.ahead += count;
        if self.ahead >= MIN_MATCH {
            self.hash = self.window[self.at].into();
            self.update_hash(self.window[self.at + 1]);
        }
        count
    }

    /// Forgets the older half of the window.
    fn slide(&mut self) {
        self.window.copy_within(WINDOW..2 * WINDOW, 0);
        self.at -= WINDOW;
        self.match_at = self.match_at.wrapping_sub(WINDOW);
        self.block -= WINDOW as isize;
        for place in self.head.iter_mut().chain(&mut self.previous) {
            *place = place.saturating_sub(WINDOW as u16);
        }
    }

    fn update_hash(&mut self, byte: u8) {
        self.hash = (self.hash << HASH_SHIFT ^ usize::from(byte)) & HASH_MASK;
    }

    /// Notes the three bytes at a place; gives the last place that had the same hash.
    fn insert(&mut self, at: usize) -> usize {
        self.update_hash(self.window[at + 2]);
        let before = self.head[self.hash];
        self.previous[at & WINDOW_MASK] = before;
        // Below twice the window, so it fits.
        self.head[self.hash] = at as u16;
        before.into()
    }

    /// Encodes as long as enough is known of what comes; at the end everything.
    fn encode(&mut self, last: bool) -> io::Result<()> {
        while self.ahead >= MIN_LOOKAHEAD || last && self.ahead != 0 {
            match self.effort.is_lazy {
                true => self.lazy_step()?,
                false => self.step()?,
            }
            if last && self.ahead < MIN_LOOKAHEAD {
                self.fill(&[]);
            }
        }
        Ok(())
    }

    /// Whether an earlier place is near enough for a match.
    fn is_near(&self, place: usize) -> bool {
        place != 0 && self.at - place <= MAX_DISTANCE
    }

    /// Encodes a literal or a match.
    fn step(&mut self) -> io::Result<()> {
        let mut place = 0;
        if self.ahead >= MIN_MATCH {
            place = self.insert(self.at);
        }
        let mut length = 0;
        if self.is_near(place) {
            length = self.longest_match(place);
        }
        if length < MIN_MATCH {
            let full = self.trees.literal(self.window[self.at]);
            self.advance(1);
            return self.end_if(full);
        }
        let full = self.trees.matched(self.at - self.match_at, length);
        self.ahead -= length;
        if length <= self.effort.lazy && self.ahead >= MIN_MATCH {
            for at in self.at + 1..self.at + length {
                self.insert(at);
            }
            self.at += length;
        } else {
            self.at += length;
            self.hash = self.window[self.at].into();
            self.update_hash(self.window[self.at + 1]);
        }
        self.end_if(full)
    }

    fn end_if(&mut self, full: bool) -> io::Result<()> {
        match full {
            true => self.end_block(false),
            false => Ok(()),
        }
    }

    fn advance(&mut self, count: usize) {
        self.at += count;
        self.ahead -= count;
    }

    /// As [`Encoder::step`], where a match is only taken if the next byte begins none that is
    /// longer.
    fn lazy_step(&mut self) -> io::Result<()> {
        let mut place = 0;
        if self.ahead >= MIN_MATCH {
            place = self.insert(self.at);
        }
        self.previous_length = self.match_length;
        let previous_match = self.match_at;
        self.match_length = MIN_MATCH - 1;
        if self.previous_length < self.effort.lazy && self.is_near(place) {
            self.match_length = self.longest_match(place);
            let short = self.match_length == MIN_MATCH;
            if short && self.at.wrapping_sub(self.match_at) > TOO_FAR {
                self.match_length = MIN_MATCH - 1;
            }
        }
        if self.previous_length >= MIN_MATCH && self.match_length <= self.previous_length {
            // The match of the byte before.
            let length = self.previous_length;
            let last = (self.at + self.ahead).saturating_sub(MIN_MATCH);
            let distance = (self.at - 1).wrapping_sub(previous_match);
            let full = self.trees.matched(distance, length);
            for at in self.at + 1..self.at + length - 1 {
                if at <= last {
                    self.insert(at);
                }
            }
            self.advance(length - 1);
            self.pending = false;
            self.match_length = MIN_MATCH - 1;
            return self.end_if(full);
        }
        if self.pending {
            let full = self.trees.literal(self.window[self.at - 1]);
            // The byte at hand belongs to the next block.
            self.end_if(full)?;
        }
        self.pending = true;
        self.advance(1);
        Ok(())
    }

    /// The longest match among the places before with the same hash.
    fn longest_match(&mut self, mut place: usize) -> usize {
        let mut chain = self.effort.chain;
        let mut best = self.previous_length;
        if best >= self.effort.good {
            chain >>= 2;
        }
        let nice = self.effort.nice.min(self.ahead);
        let limit = self.at.saturating_sub(MAX_DISTANCE);
        let scan = &self.window[self.at..self.at + MAX_MATCH];
        loop {
            let found = &self.window[place..place + MAX_MATCH];
            // The ends first: they differ most often.
            if found.get(best) == scan.get(best)
                && found[best - 1] == scan[best - 1]
                && found[..2] == scan[..2]
            {
                let same = found.iter().zip(scan).take_while(|(a, b)| a == b);
                let length = same.count();
                if length > best {
                    self.match_at = place;
                    best = length;
                    if length >= nice {
                        break;
                    }
                }
            }
            place = self.previous[place & WINDOW_MASK].into();
            chain -= 1;
            if place <= limit || chain == 0 {
                break;
            }
        }
        best.min(self.ahead)
    }

    /// Writes the block of what was encoded so far.
    fn end_block(&mut self, last: bool) -> io::Result<()> {
        let length = (self.at as isize - self.block) as usize;
        let start = usize::try_from(self.block).ok();
        let stored = start.and_then(|start| self.window.get(start..start + length));
        self.trees.end_block(stored, length, last);
        self.block = self.at as isize;
        self.out.write_all(&self.trees.bits.take())
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let mut rest = data;
        while !rest.is_empty() {
            let count = self.fill(rest);
            rest = &rest[count..];
            self.encode(false)?;
        }
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Read;

    fn encode(data: &[u8], level: u8, part: usize) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new(), level);
        for part in data.chunks(part) {
            encoder.write_all(part).unwrap();
        }
        encoder.finish().unwrap()
    }

    fn decode(data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut decoder = flate2::read::DeflateDecoder::new(data);
        decoder.read_to_end(&mut out).unwrap();
        out
    }

    /// Text with repetitions near and far.
    fn text(seed: u32, length: usize) -> Vec<u8> {
        let mut state = seed | 1;
        let mut random = move |below: u32| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state % below
        };
        let mut text = Vec::new();
        while text.len() < length {
            if random(3) == 0 && text.len() > 8 {
                let from = random(text.len() as u32) as usize;
                let to = (from + random(300) as usize).min(text.len());
                text.extend_from_within(from..to);
            } else {
                let base = if random(8) == 0 { 256 } else { 6 };
                text.extend((0..random(20)).map(|_| random(base) as u8));
            }
        }
        text.truncate(length);
        text
    }

    #[test]
    fn everything_comes_back() {
        for length in [0, 1, 2, 3, 4, 300, 32_768, 70_000, 300_000] {
            for level in 1..=9 {
                let data = text(length as u32, length);
                let coded = encode(&data, level, 10_000);
                assert_eq!(encode(&data, level, usize::MAX), coded, "{length} {level}");
                assert!(decode(&coded) == data, "{length} {level}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_data_comes_back(data: Vec<u8>, level in 1u8..10, part in 1usize..50) {
            prop_assert_eq!(decode(&encode(&data, level, part)), data);
        }
    }

    #[test]
    fn the_bytes_are_those_of_zlib() {
        // Lengths and CRC-32 of what zlib 1.2.13 gives for the same texts.
        for (level, length, crc) in ZLIB {
            let coded = encode(&text(7, 200_000), *level, 4096);
            let mut found = flate2::Crc::new();
            found.update(&coded);
            assert_eq!((coded.len(), found.sum()), (*length, *crc), "{level}");
        }
    }

    const ZLIB: &[(u8, usize, u32)] = &[
        (1, 48262, 0xd8ef46cf),
        (2, 42662, 0xfa0f7d6f),
        (3, 33944, 0xb2612cd3),
        (4, 35950, 0x192a9482),
        (5, 30695, 0xabf392a0),
        (6, 25780, 0x2d04f0eb),
        (7, 25220, 0xcd41d2d1),
        (8, 24965, 0x675d9810),
        (9, 24962, 0xf7608dc7),
    ];
}
