//! The fields of a query result, in the order they are always printed (cli, section 10.2).

/// One field of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The term as it was asked for.
    Query,
    /// Why there is no result for it.
    Error,
    /// What the path asked for points to.
    PathTarget,
    /// The installed package it is an upgrade of.
    UpgradableFrom,
    /// The names it was found by.
    Provided,
    /// `NAME-VERSION`.
    Package,
    /// Name.
    Name,
    /// Version.
    Version,
    /// One-line description.
    Description,
    /// Architecture.
    Arch,
    /// License expression.
    License,
    /// Source package.
    Origin,
    /// Maintainer.
    Maintainer,
    /// Home page.
    Url,
    /// Commit of the recipe.
    Commit,
    /// Build time in Unix seconds.
    BuildTime,
    /// Installed size in bytes.
    InstalledSize,
    /// Size of the package file in bytes.
    FileSize,
    /// Rank among providers of a name.
    ProviderPriority,
    /// What it needs.
    Depends,
    /// Further names it answers to.
    Provides,
    /// When it installs itself.
    InstallIf,
    /// What it recommends (v3 packages).
    Recommends,
    /// Layer (v3 packages).
    Layer,
    /// Free tags.
    Tags,
    /// Where it is to be had.
    Repositories,
    /// Where its file is.
    DownloadUrl,
    /// What needs it.
    ReverseDepends,
    /// What it helps to install automatically.
    ReverseInstallIf,
    /// Its files. This and what follows is known of installed packages only.
    Contents,
    /// Directories its trigger watches.
    Triggers,
    /// Kinds of scripts it has.
    Scripts,
    /// Rank among packages replacing each other's files.
    ReplacesPriority,
    /// Packages whose files it may take over.
    Replaces,
    /// What is known to be wrong with it.
    Status,
    /// Identity; accepted but never printed.
    Hash,
}

impl Field {
    /// All of them in output order.
    pub const ALL: [Field; 36] = [
        Field::Query,
        Field::Error,
        Field::PathTarget,
        Field::UpgradableFrom,
        Field::Provided,
        Field::Package,
        Field::Name,
        Field::Version,
        Field::Description,
        Field::Arch,
        Field::License,
        Field::Origin,
        Field::Maintainer,
        Field::Url,
        Field::Commit,
        Field::BuildTime,
        Field::InstalledSize,
        Field::FileSize,
        Field::ProviderPriority,
        Field::Depends,
        Field::Provides,
        Field::InstallIf,
        Field::Recommends,
        Field::Layer,
        Field::Tags,
        Field::Repositories,
        Field::DownloadUrl,
        Field::ReverseDepends,
        Field::ReverseInstallIf,
        Field::Contents,
        Field::Triggers,
        Field::Scripts,
        Field::ReplacesPriority,
        Field::Replaces,
        Field::Status,
        Field::Hash,
    ];

    /// The name options and `json` and `yaml` output use.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// The label of the default output form.
    pub fn label(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Field::Query => ("query", "Query"),
            Field::Error => ("error", "Error"),
            Field::PathTarget => ("path-target", "Path-Target"),
            Field::UpgradableFrom => ("upgradable-from", "Upgradable-From"),
            Field::Provided => ("provided", "Provided"),
            Field::Package => ("package", "Package"),
            Field::Name => ("name", "Name"),
            Field::Version => ("version", "Version"),
            Field::Description => ("description", "Description"),
            Field::Arch => ("arch", "Arch"),
            Field::License => ("license", "License"),
            Field::Origin => ("origin", "Origin"),
            Field::Maintainer => ("maintainer", "Maintainer"),
            Field::Url => ("url", "URL"),
            Field::Commit => ("commit", "Commit"),
            Field::BuildTime => ("build-time", "Build-Time"),
            Field::InstalledSize => ("installed-size", "Installed-Size"),
            Field::FileSize => ("file-size", "File-Size"),
            Field::ProviderPriority => ("provider-priority", "Provider-Priority"),
            Field::Depends => ("depends", "Depends"),
            Field::Provides => ("provides", "Provides"),
            Field::InstallIf => ("install-if", "Install-If"),
            Field::Recommends => ("recommends", "Recommends"),
            Field::Layer => ("layer", "Layer"),
            Field::Tags => ("tags", "Tags"),
            Field::Repositories => ("repositories", "Repositories"),
            Field::DownloadUrl => ("download-url", "Download-URL"),
            Field::ReverseDepends => ("reverse-depends", "Reverse-Depends"),
            Field::ReverseInstallIf => ("reverse-install-if", "Reverse-Install-If"),
            Field::Contents => ("contents", "Contents"),
            Field::Triggers => ("triggers", "Triggers"),
            Field::Scripts => ("scripts", "Scripts"),
            Field::ReplacesPriority => ("replaces-priority", "Replaces-Priority"),
            Field::Replaces => ("replaces", "Replaces"),
            Field::Status => ("status", "Status"),
            Field::Hash => ("hash", "Hash"),
        }
    }

    /// Whether only installed packages have it.
    pub fn installed_only(self) -> bool {
        Field::Contents <= self && self <= Field::Status
    }

    /// The field of that name which describes a package.
    pub fn parse(name: &[u8]) -> Option<Field> {
        Field::ALL
            .into_iter()
            .filter(|f| *f >= Field::Package)
            .find(|f| f.name().as_bytes() == name)
    }
}
