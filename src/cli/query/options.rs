//! The query group of options (cli, section 3.2).

use super::field::Field;
use crate::cli::Arguments;
use crate::cli::options::Rejected;
use bstr::{BStr, ByteSlice};

/// The form of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `Label: value` lines.
    #[default]
    Default,
    /// A JSON array of objects.
    Json,
    /// A YAML list of mappings.
    Yaml,
}

/// Where packages are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The installed database and all repositories.
    System,
    /// Repositories only.
    Repositories,
    /// The installed database only.
    Installed,
    /// Repositories of the command line only.
    None,
}

/// How a dependent is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reverse {
    /// By name.
    Name,
    /// As `NAME-VERSION`.
    Package,
    /// By source package.
    Origin,
}

/// The fields asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// In output order, each once.
    pub list: Vec<Field>,
    /// `all` was written: fields a package cannot have are not missed.
    pub all: bool,
    /// How dependents are printed.
    pub reverse: Option<Reverse>,
}

/// What terms are compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// Fields of the package.
    pub fields: Vec<Field>,
    /// `owner`: the term is an absolute path that an installed package owns.
    pub owner: bool,
}

/// The query group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuerySettings {
    /// `--all-matches`
    pub all_matches: bool,
    /// `--available`
    pub available: bool,
    /// `--fields`
    pub fields: Option<Fields>,
    /// `--format`
    pub format: Format,
    /// `--from`
    pub from: Option<From>,
    /// `--installed`
    pub installed: bool,
    /// `--match`
    pub matching: Option<Matching>,
    /// `--recursive`
    pub recursive: bool,
    /// `--search`
    pub search: bool,
    /// `--summarize`
    pub summarize: Option<(Field, Option<Reverse>)>,
    /// `--upgradable`
    pub upgradable: bool,
    /// `--world`
    pub world: bool,
    /// `--orphaned`
    pub orphaned: bool,
}

/// Splits `LIST:REV`.
fn split_reverse(text: &BStr) -> Result<(&[u8], Option<Reverse>), Rejected> {
    let Some(at) = text.find_byte(b':') else {
        return Ok((text, None));
    };
    let reverse = match text[at + 1..].as_bytes() {
        b"name" => Reverse::Name,
        b"package" => Reverse::Package,
        b"origin" => Reverse::Origin,
        _ => return Err(Rejected::Invalid),
    };
    Ok((&text[..at], Some(reverse)))
}

fn parse_list(text: &[u8]) -> Result<Vec<Field>, Rejected> {
    let mut list = text
        .split(|b| *b == b',')
        .map(|name| Field::parse(name).ok_or(Rejected::Invalid))
        .collect::<Result<Vec<_>, _>>()?;
    list.sort_unstable();
    list.dedup();
    Ok(list)
}

/// Reads `--fields`.
pub fn take_fields(a: &mut Arguments, text: &BStr) -> Result<(), Rejected> {
    let (list, reverse) = split_reverse(text)?;
    let all = list == b"all";
    let list = if all {
        let fields = Field::ALL.into_iter();
        fields.filter(|f| *f >= Field::Package).collect()
    } else {
        parse_list(list)?
    };
    a.query.fields = Some(Fields { list, all, reverse });
    Ok(())
}

/// Reads `--format`.
pub fn take_format(a: &mut Arguments, text: &BStr) -> Result<(), Rejected> {
    a.query.format = match text.as_bytes() {
        b"default" => Format::Default,
        b"json" => Format::Json,
        b"yaml" => Format::Yaml,
        _ => return Err(Rejected::Invalid),
    };
    Ok(())
}

/// Reads `--from`.
pub fn take_from(a: &mut Arguments, text: &BStr) -> Result<(), Rejected> {
    a.query.from = Some(match text.as_bytes() {
        b"system" => From::System,
        b"repositories" => From::Repositories,
        b"installed" => From::Installed,
        b"none" => From::None,
        _ => return Err(Rejected::Invalid),
    });
    Ok(())
}

/// The fields terms may be compared with.
const MATCHABLE: [Field; 16] = [
    Field::Package,
    Field::Name,
    Field::Version,
    Field::Description,
    Field::Arch,
    Field::License,
    Field::Origin,
    Field::Maintainer,
    Field::Url,
    Field::Provides,
    Field::Depends,
    Field::InstallIf,
    Field::Recommends,
    Field::Replaces,
    Field::Tags,
    Field::Contents,
];

/// Reads `--match`.
pub fn take_match(a: &mut Arguments, text: &BStr) -> Result<(), Rejected> {
    let mut matching = Matching::default();
    for name in text.split(|b| *b == b',') {
        match Field::parse(name) {
            _ if name == b"owner" => matching.owner = true,
            Some(field) if MATCHABLE.contains(&field) => matching.fields.push(field),
            _ => return Err(Rejected::Invalid),
        }
    }
    a.query.matching = Some(matching);
    Ok(())
}

/// Reads `--summarize`.
pub fn take_summarize(a: &mut Arguments, text: &BStr) -> Result<(), Rejected> {
    let (name, reverse) = split_reverse(text)?;
    match Field::parse(name) {
        Some(
            field @ (Field::Package
            | Field::Name
            | Field::Origin
            | Field::Depends
            | Field::Provides
            | Field::Replaces
            | Field::InstallIf
            | Field::Recommends
            | Field::ReverseDepends
            | Field::ReverseInstallIf),
        ) => {
            a.query.summarize = Some((field, reverse));
            Ok(())
        }
        _ => Err(Rejected::Invalid),
    }
}
