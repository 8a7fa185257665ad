//! Any bytes as a v3 file: errors are fine, panics are bugs. What can be read is read the same
//! way again after it was written.
#![no_main]

use apk_rs::formats::v3::AdbError;
use apk_rs::formats::v3::container::{Block, BlockWriter, Blocks, Compression, SchemaId};
use apk_rs::trust::{Keyring, verify_file};
use libfuzzer_sys::fuzz_target;

/// Small files may inflate to large ones.
const LIMIT: u64 = 1 << 20;

type All = Vec<(Block, Vec<u8>)>;

fn read(file: &[u8]) -> Result<(SchemaId, All), AdbError> {
    let mut blocks = Blocks::open(file)?;
    let mut all = Vec::new();
    let mut left = LIMIT;
    while let Some(block) = blocks.advance()? {
        left = left.checked_sub(block.size).ok_or(AdbError::Limit)?;
        all.push((block, blocks.payload()?.to_vec()));
    }
    Ok((blocks.schema(), all))
}

fuzz_target!(|data: &[u8]| {
    let _ = verify_file(data, &Keyring::new(), true);
    let Ok((schema, blocks)) = read(data) else {
        return;
    };
    let mut writer = BlockWriter::new(Vec::new(), schema, Compression::Deflate).unwrap();
    for (block, payload) in &blocks {
        writer.block(block.kind, payload).unwrap();
    }
    let (again, others) = read(&writer.finish().unwrap()).unwrap();
    assert_eq!(again, schema);
    let payloads = |all: &[(Block, Vec<u8>)]| -> Vec<Vec<u8>> {
        all.iter().map(|(_, payload)| payload.clone()).collect()
    };
    assert_eq!(payloads(&others), payloads(&blocks));
});
