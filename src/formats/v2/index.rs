//! The text of an `APKINDEX`, kept as one buffer and read once at memory speed (formats,
//! section 5.2).
//!
//! Loading finds where records begin, checks everything that could make the index unreadable
//! or a package defective, and files every provided name and every install_if name under its
//! hash. No dependency is interned and no field copied: what a request reaches is parsed when
//! it is reached.

use super::record::{
    FieldKind, MAX_LINE, RecordError, parse_index_record, parse_item, split_line, words,
};
use crate::formats::postings::{Mentions, Posting, Postings, name_hash};
use crate::package::{Checksum, Defects, Identity, Package, version};
use bstr::{BStr, ByteSlice};
use memchr::{memchr, memmem};

/// The longest index text: positions are kept in 32 bits.
pub const MAX_TEXT: usize = u32::MAX as usize;

/// Why an index text cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// A line is no `letter:value`, is too long, or a record lacks `P`, `V` or a valid `C`.
    #[error("v2 database format error")]
    Format {
        /// Byte position of the offending line or of the end of the record.
        at: usize,
    },
    /// More than [`MAX_TEXT`] bytes.
    #[error("v2 database format error")]
    TooLarge,
}

/// Where a record stands and who it is.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    end: u32,
    identity: Identity,
}

/// A loaded index.
#[derive(Debug, Default)]
pub struct IndexText {
    text: Vec<u8>,
    mentions: Mentions,
    entries: Vec<Entry>,
    providers: Postings,
    triggers: Postings,
    defects: Defects,
}

impl IndexText {
    /// Reads an index text. Works on several parts at once when it is large.
    pub fn parse(text: Vec<u8>) -> Result<IndexText, IndexError> {
        const PART: usize = 1 << 20;
        if text.len() > MAX_TEXT {
            return Err(IndexError::TooLarge);
        }
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
        let parts = split(&text, threads.min(text.len() / PART + 1));
        let chunks: Vec<Chunk> = if parts.len() == 1 {
            vec![scan(&text, 0, text.len())?]
        } else {
            std::thread::scope(|scope| {
                let text = &text;
                let workers: Vec<_> = parts
                    .iter()
                    .map(|(from, to)| (scope.spawn(move || scan(text, *from, *to)), *from, *to))
                    .collect();
                workers
                    .into_iter()
                    // A panicking worker cannot be; its part is then simply read here.
                    .map(|(worker, from, to)| {
                        worker.join().unwrap_or_else(|_| scan(text, from, to))
                    })
                    .collect::<Result<_, _>>()
            })?
        };
        Ok(IndexText::merge(text, chunks))
    }

    fn merge(text: Vec<u8>, mut chunks: Vec<Chunk>) -> IndexText {
        let mut defects = Defects::default();
        let mut base = 0;
        let mut chunks_of_mentions = chunks.iter_mut().map(|c| std::mem::take(&mut c.mentions));
        let mut mentions = chunks_of_mentions.next().unwrap_or_default();
        for later in chunks_of_mentions {
            for (hash, position) in later.slots {
                if let Some(position) = position.checked_sub(1) {
                    mentions.note(hash, position);
                }
            }
        }
        for chunk in &mut chunks {
            for posting in chunk.providers.iter_mut().chain(&mut chunk.triggers) {
                posting.record += base;
            }
            // Fits: there are fewer records than bytes.
            base += chunk.entries.len() as u32;
            defects.uninstallable |= chunk.defects.uninstallable;
            defects.broken_dependency |= chunk.defects.broken_dependency;
            defects.unknown_field |= chunk.defects.unknown_field;
        }
        let providers: Vec<&[Posting]> = chunks.iter().map(|c| &c.providers[..]).collect();
        let triggers: Vec<&[Posting]> = chunks.iter().map(|c| &c.triggers[..]).collect();
        IndexText {
            providers: Postings::build(&providers),
            triggers: Postings::build(&triggers),
            entries: chunks
                .iter()
                .flat_map(|c| c.entries.iter().copied())
                .collect(),
            defects,
            text,
            mentions,
        }
    }

    /// Where in the text a name is mentioned first, by any field.
    pub fn first_mention(&self, name: &[u8]) -> Option<usize> {
        let hash = name_hash(name);
        let is_here = |at: usize| is_word(&self.text, at, name);
        let listed = self.mentions.get(hash);
        if listed.is_some_and(|at| !is_here(at)) {
            // Another name of the same hash was first.
            return occurrences(&self.text, name).find(|at| is_here(*at));
        }
        let provided = self.providers.get(hash).find_map(|record| {
            let start = self.entries.get(record)?.start as usize;
            occurrences(self.record(record), name)
                .map(|at| start + at)
                .find(|at| is_here(*at))
        });
        match (listed, provided) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The whole text.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The defects of all records taken together, for the warnings of formats, section 2.4.
    pub fn defects(&self) -> Defects {
        self.defects
    }

    /// The text of a record; empty when there is none of that number.
    pub fn record(&self, record: usize) -> &[u8] {
        self.entries
            .get(record)
            .map_or(&[], |e| &self.text[e.start as usize..e.end as usize])
    }

    /// The identity of a record.
    pub fn identity(&self, record: usize) -> Option<Identity> {
        self.entries.get(record).map(|e| e.identity)
    }

    /// The record with all its fields.
    pub fn package(&self, record: usize) -> Result<Package, RecordError> {
        parse_index_record(self.record(record))
    }

    /// The name in a record (its last `P` line).
    pub fn name(&self, record: usize) -> &BStr {
        fields(self.record(record))
            .filter(|(letter, _)| *letter == b'P')
            .last()
            .map_or(BStr::new(""), |(_, value)| value.as_bstr())
    }

    /// Records filed under their own name and the names they provide.
    pub fn providers(&self) -> &Postings {
        &self.providers
    }

    /// Records filed under the names of their install_if terms.
    pub fn triggers(&self) -> &Postings {
        &self.triggers
    }
}

/// The `letter:value` lines of a record that was scanned before.
pub fn fields(record: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = record;
    std::iter::from_fn(move || {
        let end = memchr(b'\n', rest)?;
        let line = &rest[..end];
        rest = &rest[end + 1..];
        match line {
            [letter, b':', value @ ..] => Some((*letter, value)),
            _ => None,
        }
    })
}

/// Where `name` stands in a text, also where two overlap.
fn occurrences<'t>(text: &'t [u8], name: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    let finder = memmem::Finder::new(name);
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + finder.find(text.get(from..)?)?;
        from = at + 1;
        Some(at)
    })
}

/// Whether the name of a list item or a `P` line begins at a position and is `name`.
fn is_word(text: &[u8], at: usize, name: &[u8]) -> bool {
    let after = text.get(at + name.len()).copied();
    let ends = matches!(
        after,
        None | Some(b' ' | b'\n' | b'<' | b'=' | b'>' | b'~' | b'@')
    );
    if !ends || !text[at..].starts_with(name) {
        return false;
    }
    let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
    let Some((letter, before)) = split_line(&text[line..at]) else {
        return false;
    };
    match letter {
        b'P' => before.is_empty(),
        b'D' | b'p' | b'i' => {
            let before = before.strip_suffix(b"!").unwrap_or(before);
            before.is_empty() || before.ends_with(b" ")
        }
        _ => false,
    }
}

/// Cuts a text into at most `parts` ranges that end behind a blank line.
fn split(text: &[u8], parts: usize) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut from = 0;
    for part in 1..parts {
        let near = (text.len() / parts * part).max(from);
        match memmem::find(&text[near..], b"\n\n") {
            Some(at) => {
                let to = near + at + 2;
                ranges.push((from, to));
                from = to;
            }
            None => break,
        }
    }
    ranges.push((from, text.len()));
    ranges
}

#[derive(Default)]
struct Chunk {
    mentions: Mentions,
    entries: Vec<Entry>,
    providers: Vec<Posting>,
    triggers: Vec<Posting>,
    defects: Defects,
}

/// The record being scanned.
#[derive(Default)]
struct Current<'t> {
    start: usize,
    any: bool,
    identity: Option<Identity>,
    name: Option<&'t [u8]>,
    version: Option<&'t [u8]>,
    broken_install_if: bool,
}

fn scan(text: &[u8], from: usize, to: usize) -> Result<Chunk, IndexError> {
    let mut chunk = Chunk::default();
    // About 400 bytes make a record.
    chunk.entries.reserve((to - from) / 400);
    let mut current = Current {
        start: from,
        ..Current::default()
    };
    // Where this record's provides and triggers begin in the chunk, so that its own name can
    // be put before them and a broken install_if list taken back.
    let mut provides = 0;
    let mut triggers = 0;
    let mut last_version: &[u8] = b"";
    let mut at = from;
    let mut finish = |chunk: &mut Chunk, current: &mut Current, at: usize, next: usize| {
        if current.any {
            let (Some(identity), Some(name), Some(_)) =
                (current.identity, current.name, current.version)
            else {
                return Err(IndexError::Format { at });
            };
            let own = Posting {
                hash: name_hash(name),
                record: chunk.entries.len() as u32,
            };
            chunk.providers[provides] = own;
            if current.broken_install_if {
                chunk.triggers.truncate(triggers);
            }
            chunk.entries.push(Entry {
                start: current.start as u32,
                end: at as u32,
                identity,
            });
        }
        *current = Current {
            start: next,
            ..Current::default()
        };
        provides = chunk.providers.len();
        triggers = chunk.triggers.len();
        Ok(())
    };
    while let Some(len) = memchr(b'\n', &text[at..to]) {
        let line = &text[at..at + len];
        let next = at + len + 1;
        let (letter, value) = match line {
            [] | [_] => {
                finish(&mut chunk, &mut current, at, next)?;
                at = next;
                continue;
            }
            [letter, b':', value @ ..] if len < MAX_LINE => (*letter, value),
            _ => return Err(IndexError::Format { at }),
        };
        if !current.any {
            current.any = true;
            // Room for the own name, which goes first.
            chunk.providers.push(Posting::default());
        }
        let record = chunk.entries.len() as u32;
        match letter {
            b'P' => current.name = Some(value),
            b'V' => current.version = Some(value),
            b'C' => {
                let checksum = Checksum::parse(value).ok_or(IndexError::Format { at })?;
                current.identity = Some(checksum.identity());
            }
            b'D' => {
                let mentions = &mut chunk.mentions;
                let note = |name: &[u8]| mentions.note(name_hash(name), position(text, name));
                if !check_list(value, &mut last_version, note) {
                    chunk.defects.broken_dependency = true;
                    chunk.defects.uninstallable = true;
                }
            }
            b'p' => {
                let providers = &mut chunk.providers;
                let sound = check_list(value, &mut last_version, |name| {
                    providers.push(Posting {
                        hash: name_hash(name),
                        record,
                    });
                });
                chunk.defects.broken_dependency |= !sound;
            }
            b'i' => {
                let (triggers, mentions) = (&mut chunk.triggers, &mut chunk.mentions);
                let sound = check_list(value, &mut last_version, |name| {
                    let hash = name_hash(name);
                    mentions.note(hash, position(text, name));
                    triggers.push(Posting { hash, record });
                });
                if !sound {
                    chunk.defects.broken_dependency = true;
                    current.broken_install_if = true;
                }
            }
            _ => {
                if FieldKind::of(letter) == FieldKind::Unknown {
                    chunk.defects.unknown_field = true;
                    chunk.defects.uninstallable |= !letter.is_ascii_lowercase();
                }
            }
        }
        at = next;
    }
    // A last line without line feed: the record was cut off, and is lost.
    if at == to {
        finish(&mut chunk, &mut current, to, to)?;
    } else {
        chunk.providers.truncate(provides);
        chunk.triggers.truncate(triggers);
    }
    Ok(chunk)
}

/// Where in `text` a slice of it begins.
fn position(text: &[u8], part: &[u8]) -> u32 {
    // Both are addresses in one buffer of less than 4 GiB.
    (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize) as u32
}

/// Checks the items of a list and names the readable ones; false when one is unreadable or has
/// an invalid version. `last` remembers the latest valid version, because a package's
/// provides tend to share one.
fn check_list<'t>(value: &'t [u8], last: &mut &'t [u8], mut each: impl FnMut(&'t [u8])) -> bool {
    let mut sound = true;
    for word in words(value) {
        match parse_item(word) {
            Some(item) => {
                let version: &'t [u8] = item.version;
                if !version.is_empty() && version != *last {
                    if item.is_broken() {
                        sound = false;
                    } else if version::is_valid(version) {
                        *last = version;
                    }
                }
                each(item.name);
            }
            None => sound = false,
        }
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &str, rest: &str) -> String {
        format!("C:Q1j9huCmxqWKDR+abKskcY8e/aZMo=\nP:{name}\nV:1\n{rest}")
    }

    fn parse(text: &str) -> Result<IndexText, IndexError> {
        IndexText::parse(text.as_bytes().to_vec())
    }

    fn providers(index: &IndexText, name: &str) -> Vec<usize> {
        index.providers().get(name_hash(name.as_bytes())).collect()
    }

    #[test]
    fn names_are_filed_in_record_order() {
        let a = record("a", "p:v=1 w v\n");
        let b = record("b", "i:a c\np:v\n");
        let index = parse(&format!("{a}\n{b}")).unwrap();
        assert_eq!(index.len(), 2);
        assert_eq!(providers(&index, "v"), [0, 0, 1]);
        assert_eq!(providers(&index, "b"), [1]);
        assert!(providers(&index, "c").is_empty());
        let triggers = index.triggers().get(name_hash(b"c"));
        assert_eq!(triggers.collect::<Vec<_>>(), [1]);
        assert_eq!(index.name(1), "b");
        assert_eq!(index.package(1).unwrap().provides.len(), 1);
        assert_eq!(index.defects(), Defects::default());
    }

    #[test]
    fn parts_are_merged_in_order() {
        let mut text = String::new();
        for n in 0..100 {
            text += &record(&format!("n{n}"), "p:all\n\n");
        }
        let whole = parse(&text).unwrap();
        for parts in [2, 3, 7, 200] {
            let chunks = split(text.as_bytes(), parts)
                .into_iter()
                .map(|(from, to)| scan(text.as_bytes(), from, to).unwrap())
                .collect();
            let index = IndexText::merge(text.clone().into_bytes(), chunks);
            assert_eq!(index.len(), 100, "{parts}");
            assert_eq!(providers(&index, "all"), providers(&whole, "all"));
            assert_eq!(index.name(57), "n57");
        }
    }

    #[test]
    fn first_mentions() {
        let a = record("a", "T:x yy a z\nD:b !c>1 dd\np:v=1 w\n");
        let b = record("dd", "i:a e\nD:w yy\np:::\nP:dd\n");
        let text = format!("{a}\n{b}\n");
        let index = parse(&text).unwrap();
        for (name, want) in [
            ("a", "a\nV"),
            ("b", "b !c"),
            ("c", "c>1"),
            ("dd", "dd\np:"),
            ("v", "v=1"),
            ("w", "w\n\n"),
            ("e", "e\nD"),
            ("::", "::\nP"),
            ("yy", "yy\n"),
        ] {
            assert_eq!(
                index.first_mention(name.as_bytes()),
                text.find(want),
                "{name}"
            );
        }
        for name in ["x", "z", "d", "yyy", ""] {
            assert_eq!(index.first_mention(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn defects_are_found_without_parsing() {
        for (line, uninstallable, broken, unknown) in [
            ("D:b>=abc\n", true, true, false),
            ("D:b=\n", true, true, false),
            ("D:b@x\n", true, true, false),
            ("D:b><Q1x\n", false, false, false),
            ("p:b=abc\n", false, true, false),
            ("i:b=abc\n", false, true, false),
            ("z:b\n", false, false, true),
            ("X:b\n", true, false, true),
            ("F:b\nq:1\n", false, false, false),
        ] {
            let index = parse(&record("a", line)).unwrap();
            let want = Defects {
                uninstallable,
                broken_dependency: broken,
                unknown_field: unknown,
            };
            assert_eq!(index.defects(), want, "{line}");
            assert_eq!(index.package(0).unwrap().defects, want, "{line}");
        }
    }

    #[test]
    fn a_broken_install_if_triggers_nothing() {
        let index = parse(&record("a", "i:x\ni:y=abc\n")).unwrap();
        assert_eq!(index.triggers().get(name_hash(b"x")).count(), 0);
    }

    #[test]
    fn unreadable_texts() {
        for text in [
            "P:a\nV:1\n\n",
            "C:Q1xx\nP:a\nV:1\n\n",
            "C:Q1j9huCmxqWKDR+abKskcY8e/aZMo=\nV:1\n\n",
            "what\n",
        ] {
            assert!(
                matches!(parse(text), Err(IndexError::Format { .. })),
                "{text}"
            );
        }
        let long = record("a", &format!("T:{}\n", "x".repeat(MAX_LINE)));
        assert!(parse(&long).is_err());
    }

    #[test]
    fn a_record_cut_off_is_lost() {
        let a = record("a", "\n");
        assert_eq!(parse(&format!("{a}P:b")).unwrap().len(), 1);
        assert_eq!(parse(&a).unwrap().len(), 1);
        assert_eq!(parse("").unwrap().len(), 0);
        assert_eq!(parse("\n\n\n").unwrap().len(), 0);
    }
}
