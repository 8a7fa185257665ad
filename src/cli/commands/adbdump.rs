//! `adbdump`: show v3 files as text.

use super::{Command, Topic};
use crate::cli::options::{OptionSpec, Rejected};
use crate::cli::{Arguments, Failure, Outcome, Session, open};
use crate::formats::bytes::Bytes;
use crate::formats::v3::AdbError;
use crate::formats::v3::container::{BlockKind, Blocks};
use crate::formats::v3::dump::{self, DumpStyle};
use crate::formats::v3::signature::SignatureBlock;
use crate::formats::v3::value::Adb;
use crate::output::printer::stdout_is_terminal;
use crate::package::checksum::hex;
use crate::trust::Keyring;
use crate::trust::adb::signature_status;
use bstr::{BString, ByteSlice, ByteVec};
use std::fs::File;

/// The bytes of id and signature that are shown.
const SIGNATURE_SHOWN: usize = 54;

/// Its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `--format json`
    pub json: bool,
}

/// The command.
pub const COMMAND: Command = Command {
    name: "adbdump",
    topic: Topic::Making,
    summary: "Show v3 files as text.",
    usage: "[OPTIONS] FILE...",
    description: "Shows what v3 packages, indexes and databases hold, whoever signed them. YAML also has a comment for every signature and every file content; adbgen reads it.",
    options: &[OptionSpec::text(
        "format",
        "FORMAT",
        "Output as yaml (default) or json.",
        |a, text| {
            a.adbdump.json = match text.as_bytes() {
                b"json" => true,
                b"yaml" => false,
                _ => return Err(Rejected::Invalid),
            };
            Ok(())
        },
    )],
    groups: &[],
    run,
};

fn run(session: &Session<'_>, arguments: &Arguments) -> Outcome {
    if arguments.words.is_empty() {
        return Ok(0);
    }
    let settings = &arguments.settings;
    // Whoever has no root has no keys: their signatures are shown all the same.
    let keyring = open::root(settings)
        .and_then(|root| open::keyring(&root, settings))
        .unwrap_or_default();
    let style = DumpStyle {
        pretty: settings.pretty_print.decide(stdout_is_terminal),
    };
    for word in &arguments.words {
        let mut out = Vec::new();
        let result = File::open(word.to_path_lossy())
            .map_err(AdbError::Io)
            .and_then(|file| dump_file(&mut out, file, &keyring, style, arguments.adbdump.json));
        session.printer.print(&out);
        if let Err(error) = result {
            let text = [word.as_slice(), format!(": {error}").as_bytes()].concat();
            return Err(Failure::new(BString::from(text)));
        }
    }
    Ok(0)
}

fn dump_file(
    out: &mut Vec<u8>,
    file: File,
    keyring: &Keyring,
    style: DumpStyle,
    json: bool,
) -> Result<(), AdbError> {
    let mut blocks = Blocks::open(file)?;
    let schema = blocks.schema();
    let mut payload = Bytes::default();
    while let Some(block) = blocks.advance()? {
        match block.kind {
            BlockKind::Adb => {
                payload = blocks.payload()?;
                let adb = Adb::new(&payload)?;
                match json {
                    true => dump::json(out, schema, adb)?,
                    false => dump::yaml(out, schema, adb, style)?,
                }
            }
            BlockKind::Signature if !json => {
                let signature = blocks.payload()?;
                let status = match signature_status(keyring, schema, &payload, &signature) {
                    Ok(()) => "OK".to_string(),
                    Err(error) => error.to_string(),
                };
                out.push_str(signature_line(&signature, &status));
            }
            BlockKind::Data if !json => {
                out.push_str(format!("# data block, size: {}\n", block.size));
            }
            BlockKind::Signature | BlockKind::Data => {}
        }
    }
    Ok(())
}

fn signature_line(payload: &[u8], status: &str) -> String {
    let Some(block) = SignatureBlock::parse(payload) else {
        return "# sig: ADB signature block error\n".into();
    };
    let (version, digest) = (block.version(), block.digest());
    let bytes = [&block.key_id().0[..], block.signature].concat();
    let shown = hex(bytes.get(..SIGNATURE_SHOWN).unwrap_or(&bytes));
    let cut = if bytes.len() > SIGNATURE_SHOWN {
        ".."
    } else {
        ""
    };
    format!("# sig v{version:02x} h{digest:02x} {shown}{cut}: {status}\n")
}
