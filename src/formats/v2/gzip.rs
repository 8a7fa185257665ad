//! Gzip members, one by one. The boundary between two members is the boundary between the
//! sections of a package or index, and signatures and hashes cover the compressed bytes of
//! one member, so both have to be exact (formats, sections 4.1 and 4.5).

use flate2::{Decompress, FlushDecompress, Status};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::io::{self, Read};

/// Compressed bytes are read in pieces of this size.
const BUFFER: usize = 128 * 1024;

/// The window of every gzip stream there is.
const WINDOW_BITS: u8 = 15;

/// Which digests of a member's compressed bytes are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// SHA-1: identities, and signatures of Alpine.
    pub sha1: bool,
    /// SHA-256: data hashes, and signatures of Wolfi.
    pub sha256: bool,
    /// SHA-512: signatures.
    pub sha512: bool,
}

/// The digests of one member's compressed bytes, as far as they were wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digests {
    /// SHA-1.
    pub sha1: Option<[u8; 20]>,
    /// SHA-256.
    pub sha256: Option<[u8; 32]>,
    /// SHA-512.
    pub sha512: Option<[u8; 64]>,
}

#[derive(Default)]
struct Hashers {
    sha1: Option<Sha1>,
    sha256: Option<Sha256>,
    sha512: Option<Sha512>,
}

impl Hashers {
    fn start(wanted: Wanted) -> Hashers {
        Hashers {
            sha1: wanted.sha1.then(Sha1::new),
            sha256: wanted.sha256.then(Sha256::new),
            sha512: wanted.sha512.then(Sha512::new),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        if let Some(h) = &mut self.sha1 {
            h.update(bytes);
        }
        if let Some(h) = &mut self.sha256 {
            h.update(bytes);
        }
        if let Some(h) = &mut self.sha512 {
            h.update(bytes);
        }
    }

    fn finish(self) -> Digests {
        Digests {
            sha1: self.sha1.map(|h| h.finalize().into()),
            sha256: self.sha256.map(|h| h.finalize().into()),
            sha512: self.sha512.map(|h| h.finalize().into()),
        }
    }
}

#[derive(Clone, PartialEq, Eq)]
enum State {
    /// Before the first member or after a finished one.
    Between,
    /// Inside a member.
    Inside,
    /// Something failed; every further call fails in the same way.
    Failed(Failure),
}

/// An error to be reported more than once.
#[derive(Clone, PartialEq, Eq)]
struct Failure {
    kind: io::ErrorKind,
    number: Option<i32>,
    text: String,
}

impl Failure {
    fn of(error: &io::Error) -> Failure {
        Failure {
            kind: error.kind(),
            number: error.raw_os_error(),
            text: error.to_string(),
        }
    }

    fn error(&self) -> io::Error {
        match self.number {
            Some(number) => io::Error::from_raw_os_error(number),
            None => io::Error::new(self.kind, self.text.clone()),
        }
    }
}

/// Reads a file of concatenated gzip members. As a [`Read`] it gives the inflated bytes of the
/// current member and then end of file; [`Members::advance`] goes on to the next one.
///
/// A failure is final: once reading failed, every further call fails in the same way, so a
/// consumer that ignores an error cannot mistake the rest for good data.
pub struct Members<R> {
    source: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    inflate: Decompress,
    hashers: Hashers,
    state: State,
    consumed: u64,
    /// The most inflated bytes of a member, and what is left of it for the current one.
    limit: u64,
    allowance: u64,
}

impl<R: Read> Members<R> {
    /// Nothing is read before the first [`Members::advance`].
    pub fn new(source: R) -> Members<R> {
        Members {
            source,
            buffer: vec![0; BUFFER].into_boxed_slice(),
            start: 0,
            end: 0,
            inflate: Decompress::new_gzip(WINDOW_BITS),
            hashers: Hashers::default(),
            state: State::Between,
            consumed: 0,
            limit: u64::MAX,
            allowance: 0,
        }
    }

    /// Sets how many inflated bytes the members after this one may have; more are
    /// `InvalidData`. There is no limit at first.
    pub fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    /// Starts the next member, whose compressed bytes are hashed as `wanted`; `false` at the
    /// end of the file. The rest of an unfinished member is inflated and dropped first.
    ///
    /// # Errors
    /// Those of the source; `InvalidData` when what follows is not a gzip member;
    /// `UnexpectedEof` when the file ends inside a member.
    pub fn advance(&mut self, wanted: Wanted) -> io::Result<bool> {
        if self.state == State::Inside {
            io::copy(self, &mut io::sink())?;
        }
        self.check()?;
        if self.fill()? == 0 {
            return Ok(false);
        }
        self.hashers = Hashers::start(wanted);
        self.inflate = Decompress::new_gzip(WINDOW_BITS);
        self.allowance = self.limit;
        self.state = State::Inside;
        Ok(true)
    }

    /// The digests of the member just read to its end. Each is given once.
    pub fn digests(&mut self) -> Digests {
        std::mem::take(&mut self.hashers).finish()
    }

    /// Compressed bytes read so far.
    pub fn consumed(&self) -> u64 {
        self.consumed
    }

    /// The failure that ended reading, if there was one.
    pub fn failure(&self) -> Option<io::Error> {
        match &self.state {
            State::Failed(failure) => Some(failure.error()),
            _ => None,
        }
    }

    fn check(&self) -> io::Result<()> {
        self.failure().map_or(Ok(()), Err)
    }

    fn fail(&mut self, error: io::Error) -> io::Error {
        self.state = State::Failed(Failure::of(&error));
        error
    }

    /// Makes sure that there are unread bytes in the buffer, unless the source is at its end;
    /// gives their number.
    fn fill(&mut self) -> io::Result<usize> {
        while self.start == self.end {
            match self.source.read(&mut self.buffer) {
                Ok(len) => {
                    self.start = 0;
                    self.end = len.min(self.buffer.len());
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.fail(error)),
            }
        }
        Ok(self.end - self.start)
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        if out.is_empty() {
            return Ok(0);
        }
        while self.state == State::Inside {
            let available = self.fill()?;
            let input = self.buffer.get(self.start..self.end).unwrap_or_default();
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(input, out, FlushDecompress::None);
            let used = usize::try_from(self.inflate.total_in() - before_in)
                .unwrap_or(available)
                .min(available);
            let made = usize::try_from(self.inflate.total_out() - before_out)
                .unwrap_or(out.len())
                .min(out.len());
            self.hashers.update(input.get(..used).unwrap_or_default());
            self.start += used;
            self.consumed += used as u64;
            match status {
                Ok(Status::StreamEnd) => self.state = State::Between,
                Ok(_) if made > 0 || used > 0 => {}
                Ok(_) if available == 0 => {
                    return Err(self.fail(io::ErrorKind::UnexpectedEof.into()));
                }
                Ok(_) => {
                    let error = io::Error::new(io::ErrorKind::InvalidData, "gzip stream stalls");
                    return Err(self.fail(error));
                }
                Err(error) => {
                    return Err(self.fail(io::Error::new(io::ErrorKind::InvalidData, error)));
                }
            }
            if made > 0 {
                self.allowance = match self.allowance.checked_sub(made as u64) {
                    Some(left) => left,
                    None => {
                        let error = io::Error::new(io::ErrorKind::InvalidData, "too much data");
                        return Err(self.fail(error));
                    }
                };
                return Ok(made);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    /// Gives at most one byte at a time.
    struct Slow<'a>(&'a [u8]);
    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let len = out.len().min(1);
            self.0.read(&mut out[..len])
        }
    }

    #[test]
    fn boundaries_and_digests_are_exact() {
        let big: Vec<u8> = (0..600_000u32)
            .flat_map(|i| i.wrapping_mul(i).to_le_bytes())
            .collect();
        let (a, b, c) = (gzip(b"one"), gzip(&big), gzip(b""));
        let file = [&a[..], &b, &c].concat();
        let all = Wanted {
            sha1: true,
            sha256: true,
            sha512: true,
        };
        fn run(members: &mut Members<impl Read>, all: Wanted) -> Vec<(Vec<u8>, Digests)> {
            let mut found = Vec::new();
            while members.advance(all).unwrap() {
                let mut data = Vec::new();
                members.read_to_end(&mut data).unwrap();
                found.push((data, members.digests()));
            }
            found
        }
        let mut fast = Members::new(&file[..]);
        let found = run(&mut fast, all);
        assert_eq!(fast.consumed(), file.len() as u64);
        assert_eq!(found, run(&mut Members::new(Slow(&file)), all));
        assert_eq!(found.len(), 3);
        for ((data, digests), (want, packed)) in
            found.iter().zip([(&b"one"[..], &a), (&big, &b), (b"", &c)])
        {
            assert!(data == want);
            assert_eq!(digests.sha1, Some(Sha1::digest(packed).into()));
            assert_eq!(digests.sha256, Some(Sha256::digest(packed).into()));
            assert_eq!(digests.sha512, Some(Sha512::digest(packed).into()));
        }
    }

    #[test]
    fn skipping_a_member_leaves_the_next_one_intact() {
        let file = [gzip(b"one"), gzip(b"two")].concat();
        let mut members = Members::new(&file[..]);
        assert!(members.advance(Wanted::default()).unwrap());
        assert!(members.advance(Wanted::default()).unwrap());
        let mut data = Vec::new();
        members.read_to_end(&mut data).unwrap();
        assert_eq!(data, b"two");
        assert!(!members.advance(Wanted::default()).unwrap());
    }

    #[test]
    fn every_truncation_and_every_flip_is_an_error() {
        let good = gzip(b"some text that is long enough to be worth packing, worth packing");
        let read = |bytes: &[u8]| -> io::Result<Vec<u8>> {
            let mut members = Members::new(bytes);
            members.advance(Wanted::default())?;
            let mut data = Vec::new();
            members.read_to_end(&mut data)?;
            Ok(data)
        };
        let want = read(&good).unwrap();
        for len in 1..good.len() {
            let error = read(&good[..len]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{len}");
        }
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x10;
            // Header fields like the time and unused bits do not matter; wrong data must not
            // pass, nor a wrong check value.
            if let Ok(data) = read(&bad) {
                assert!(data == want && at < good.len() - 8, "{at}");
            }
        }
    }

    #[test]
    fn a_member_larger_than_allowed_is_refused() {
        let file = [gzip(&[0; 1000]), gzip(&[0; 2_000_000])].concat();
        let mut members = Members::new(&file[..]);
        members.set_limit(1000);
        assert!(members.advance(Wanted::default()).unwrap());
        let mut data = Vec::new();
        assert_eq!(members.read_to_end(&mut data).unwrap(), 1000);
        assert!(members.advance(Wanted::default()).unwrap());
        let error = members.read_to_end(&mut data).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_failure_is_final() {
        let good = gzip(b"some text");
        let mut members = Members::new(&good[..good.len() - 1]);
        members.advance(Wanted::default()).unwrap();
        let mut data = Vec::new();
        members.read_to_end(&mut data).unwrap_err();
        assert!(members.failure().is_some());
        members.read(&mut [0; 8]).unwrap_err();
        members.advance(Wanted::default()).unwrap_err();
    }
}
