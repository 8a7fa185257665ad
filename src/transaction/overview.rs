//! What is shown before a transaction (install, section 9.3; solver, section 6.2).

use super::plan::{Action, Plan, Step, by_name};
use crate::output::size::human;
use crate::output::wrap::Wrapped;
use bstr::{BStr, BString};

/// How much to show, and how wide.
#[derive(Clone, Copy, Debug)]
pub struct OverviewOptions {
    /// Verbosity: 1 is the default.
    pub level: u32,
    /// Somebody will be asked.
    pub interactive: bool,
    /// Columns to wrap names at.
    pub width: usize,
}

/// The lines, and whether there is anything to ask about.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// Lines of text, without the last line feed; wrapped lists have some inside.
    pub lines: Vec<BString>,
    /// Some list was shown.
    pub asks: bool,
}

impl Plan {
    /// The overview. `in_repository` tells whether any repository has a package of that name;
    /// `download` is how many bytes have to be fetched.
    pub fn overview(
        &self,
        options: OverviewOptions,
        in_repository: &dyn Fn(&BStr) -> bool,
        download: u64,
    ) -> Overview {
        let mut overview = Overview::default();
        let gone = |step: &Step| {
            step.change.new.is_some()
                && step.package().is_some_and(|package| {
                    (options.level >= 2 || !package.name.starts_with(b"."))
                        && !in_repository(BStr::new(&package.name))
                })
        };
        let unavailable = self.select(&gone);
        if !unavailable.is_empty() {
            overview.line("NOTE: Consider running apk upgrade with --prune and/or --available.");
            overview.line("The following packages are no longer available from a repository:");
            overview.names(&unavailable, options.width);
        }
        let group = |action: &[Action]| self.select(&|step| action.contains(&step.action));
        let removed = group(&[Action::Remove]);
        let downgraded = group(&[Action::Downgrade]);
        overview.group("will be REMOVED", &removed, options);
        overview.group("will be DOWNGRADED", &downgraded, options);
        let more = !removed.is_empty() || !downgraded.is_empty();
        if more || options.interactive || options.level > 2 {
            let installed = group(&[Action::Install]);
            if !installed.is_empty() {
                overview.line("The following NEW packages will be installed:");
                overview.steps(&installed, options);
            }
            let upgraded = group(&[Action::Upgrade, Action::Replace]);
            overview.group("will be upgraded", &upgraded, options);
            overview.group("will be reinstalled", &group(&[Action::Reinstall]), options);
            if download != 0 {
                let size = human(download);
                overview.line(&format!("Need to download {size} of packages."));
            }
            let difference = self.size_difference();
            let size = u64::try_from(difference.unsigned_abs()).unwrap_or(u64::MAX);
            overview.line(&format!(
                "After this operation, {} of {}.",
                human(size),
                match difference < 0 {
                    true => "disk space will be freed",
                    false => "additional disk space will be used",
                }
            ));
        }
        overview
    }

    fn select(&self, wanted: &dyn Fn(&Step) -> bool) -> Vec<&Step> {
        let mut steps: Vec<&Step> = self.steps.iter().filter(|step| wanted(step)).collect();
        steps.sort_by(by_name);
        steps
    }
}

impl Overview {
    fn line(&mut self, text: &str) {
        self.lines.push(text.into());
    }

    fn group(&mut self, what: &str, steps: &[&Step], options: OverviewOptions) {
        if !steps.is_empty() {
            self.line(&format!("The following packages {what}:"));
            self.steps(steps, options);
        }
    }

    fn steps(&mut self, steps: &[&Step], options: OverviewOptions) {
        self.asks = true;
        if options.level < 2 {
            return self.names(steps, options.width);
        }
        for step in steps {
            let mut line = BString::from("  ");
            line.extend_from_slice(&step.subject());
            self.lines.push(line);
        }
    }

    /// Names side by side, two columns in.
    fn names(&mut self, steps: &[&Step], width: usize) {
        let mut text = Wrapped::indented(2, width);
        for package in steps.iter().filter_map(|step| step.package()) {
            text.word(&package.name);
        }
        self.lines.push(text.finish());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::{Checksum, InstalledPackage, Package};
    use crate::solver::{Change, Selected, Solution};

    /// `name old new`, `-` for none.
    fn plan(changes: &[&str]) -> Plan {
        let changes = changes
            .iter()
            .enumerate()
            .map(|(at, text)| {
                let words: Vec<&str> = text.split(' ').collect();
                let id = at as u8 * 2;
                let package = |version: &str, id| {
                    let mut package = Package::new(Checksum::Sha1([id; 20]), words[0], version);
                    package.installed_size = 1000 + u64::from(id % 2);
                    package
                };
                Change {
                    old: (words[1] != "-")
                        .then(|| InstalledPackage::new(package(words[1], id)).into()),
                    new: (words[2] != "-").then(|| Selected {
                        package: package(words[2], id + u8::from(words[1] != words[2])).into(),
                        repositories: Default::default(),
                        tag: Default::default(),
                        file: None,
                    }),
                    reinstall: false,
                    unavailable: false,
                }
            })
            .collect();
        Plan::new(&Solution {
            changes,
            world: Vec::new(),
            beyond: None,
        })
    }

    fn shown(plan: &Plan, level: u32, interactive: bool) -> Vec<String> {
        let options = OverviewOptions {
            level,
            interactive,
            width: 50,
        };
        let there = |name: &BStr| !name.contains(&b'x');
        let overview = plan.overview(options, &there, 2048);
        overview.lines.iter().map(|line| line.to_string()).collect()
    }

    #[test]
    fn groups() {
        let plan = plan(&[
            "new - 1", "old 1 -", "down 2 1", "Up 1 2", "x1 1 1", ".x 1 1",
        ]);
        let want = [
            "NOTE: Consider running apk upgrade with --prune and/or --available.",
            "The following packages are no longer available from a repository:",
            "  .x x1",
            "The following packages will be REMOVED:",
            "  old (1)",
            "The following packages will be DOWNGRADED:",
            "  down (2 -> 1)",
            "The following NEW packages will be installed:",
            "  new (1)",
            "The following packages will be upgraded:",
            "  Up (1 -> 2)",
            "Need to download 2048 B of packages.",
            "After this operation, 3 B of additional disk space will be used.",
        ];
        assert_eq!(shown(&plan, 2, false), want);
        let brief = shown(&plan, 1, true);
        assert_eq!(brief[2], "  x1");
        assert_eq!(brief[4], "  old");
    }

    #[test]
    fn additions_alone_are_not_listed() {
        let plan = plan(&["new - 1"]);
        assert!(shown(&plan, 2, false).is_empty());
        assert_eq!(shown(&plan, 3, false)[1], "  new (1)");
        assert_eq!(shown(&plan, 1, true)[1], "  new");
    }

    #[test]
    fn names_are_wrapped() {
        let names = "xalpine-baselayout 1 1,xalpine-baselayout-data 1 1,xalpine-k 1 1";
        let plan = plan(&names.split(',').collect::<Vec<_>>());
        assert_eq!(
            shown(&plan, 1, false)[2..],
            ["  xalpine-baselayout xalpine-baselayout-data\n  xalpine-k"]
        );
    }
}
