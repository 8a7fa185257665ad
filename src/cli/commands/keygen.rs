//! `keygen`: make a key pair for signing.

use super::{Command, Topic};
use crate::cli::generated::{directory_of, is_key_name};
use crate::cli::options::{OptionSpec, Rejected, number};
use crate::cli::{Arguments, Failure, Outcome, Session};
use crate::output::{Reporter, Severity};
use crate::root::reason;
use crate::trust::{Algorithm, SigningKey};
use bstr::{BStr, BString, ByteSlice};
use std::io::Write;

/// Fewer bits are no protection, more cost only time.
const BITS: std::ops::RangeInclusive<u64> = 2048..=16384;

/// Its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `--bits`: the size of the key.
    pub bits: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options { bits: 4096 }
    }
}

/// The command.
pub const COMMAND: Command = Command {
    name: "keygen",
    topic: Topic::Making,
    summary: "Make a key pair for signing.",
    usage: "[OPTIONS] NAME",
    description: "Makes an RSA key: NAME.rsa, which only you can read, and NAME.rsa.pub, which belongs into etc/apk/keys of whoever trusts you. Existing files are never replaced.",
    options: &[OptionSpec::text(
        "bits",
        "N",
        "The size of the key (default 4096, at least 2048).",
        |a, text| {
            a.keygen.bits = number(text);
            match BITS.contains(&a.keygen.bits) {
                true => Ok(()),
                false => Err(Rejected::Invalid),
            }
        },
    )],
    groups: &[],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    let [word] = &arguments.words[..] else {
        return Err(Failure::usage("keygen expects one NAME"));
    };
    let base: BString = word.strip_suffix(b".rsa").unwrap_or(word).into();
    let private = BString::from([base.as_slice(), b".rsa"].concat());
    let public = BString::from([base.as_slice(), b".rsa.pub"].concat());
    let path = private.to_path_lossy().into_owned();
    let (directory, name) = directory_of(&path)?;
    let public_name = BString::from([name.as_slice(), b".pub"].concat());
    if !is_key_name(&public_name) {
        return Err(Failure::usage(format!("{word}: not a name for a key")));
    }
    let fail =
        |file: &BString, error: std::io::Error| Failure::new(format!("{file}: {}", reason(&error)));
    let place = |name: &BString| directory.parent(name.as_bstr());
    for (file, name) in [(&private, &name), (&public, &public_name)] {
        let there = place(name).and_then(|place| place.try_stat());
        if there.map_err(|error| fail(file, error))?.is_some() {
            return Err(Failure::new(format!("{file}: File exists")));
        }
    }
    let bits = usize::try_from(arguments.keygen.bits).unwrap_or(usize::MAX);
    let key = SigningKey::generate(public_name.clone(), bits, Algorithm::Rsa256);
    let key = key.map_err(|error| Failure::new(error.to_string()))?;
    let text = |pem: Result<String, _>| {
        pem.map_err(|error: crate::trust::SigningError| Failure::new(error.to_string()))
    };
    for (file, name, mode, pem) in [
        (&private, &name, 0o600, text(key.private_pem())?),
        (&public, &public_name, 0o644, text(key.public_pem())?),
    ] {
        place(name)
            .and_then(|place| place.create_new(mode))
            .and_then(|mut file| file.write_all(pem.as_bytes()))
            .map_err(|error| fail(file, error))?;
        let line = format!("Wrote {file}");
        session.printer.message(Severity::Message, BStr::new(&line));
    }
    Ok(0)
}
