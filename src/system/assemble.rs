//! Carrying out a plan in memory (rootfs, sections 1 and 2).

use super::System;
use super::commit::Provider;
use crate::output::Reporter;
use crate::repository::PackageSources;
use crate::root::MemoryTree;
use crate::transaction::{CommitOptions, Context, Plan, Report, TransactionError, assemble};
use crate::trigger::{NativeTriggers, Runner, ScriptOptions};
use bstr::ByteSlice;

/// How a plan is carried out in memory.
pub struct AssembleRequest {
    /// What is there before the first package.
    pub tree: MemoryTree,
    /// What may be overwritten.
    pub options: CommitOptions,
    /// Whether what known scripts, triggers and hooks do is done to the tree.
    pub native: NativeTriggers,
}

impl Default for AssembleRequest {
    fn default() -> Self {
        AssembleRequest {
            tree: MemoryTree::new(),
            options: CommitOptions::default(),
            native: NativeTriggers::Auto,
        }
    }
}

impl System {
    /// Carries out a plan that only installs, into a tree in memory, with the files of the
    /// database. The root of this system must be nobody else's and have nothing in it but what
    /// the tree of the request has: it keeps the contents of the files, and must stay while the
    /// tree is used. No scripts run; what known ones do is done in-process, and the rest is owed.
    ///
    /// # Errors
    ///
    /// See [`TransactionError`].
    pub fn assemble(
        &mut self,
        plan: &Plan,
        request: AssembleRequest,
        reporter: &dyn Reporter,
    ) -> Result<(MemoryTree, Report), TransactionError> {
        let tree = request.tree;
        let interrupt = self.options.interrupt.clone();
        let repositories = self.configured();
        let arch = self.database.architectures.primary().to_owned();
        let sources = PackageSources::new(
            &repositories,
            arch.as_bstr(),
            &self.fetcher,
            self.cache.as_ref(),
            self.options.network.enabled,
            reporter,
        );
        let provider = Provider::new(sources, &self.keyring, self.options.allow_untrusted);
        let scripts = ScriptOptions {
            scripts: false,
            hooks: false,
            native: request.native,
            ..ScriptOptions::default()
        };
        let context = Context {
            root: &self.root,
            provider: &provider,
            runner: &Runner::new(&self.root, &scripts, reporter),
            reporter,
            interrupted: &|| interrupt.requested(),
        };
        self.outdated = true;
        let database = &mut self.database;
        let report = assemble(database, plan, &context, &request.options, &tree)?;
        database.save(&tree).map_err(TransactionError::Database)?;
        Ok((tree, report))
    }
}
