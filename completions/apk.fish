# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_apk_global_optspecs
    string join \n allow-untrusted arch= cache= no-cache cache-dir= cache-max-age= cache-packages= no-cache-packages cache-predownload= no-cache-predownload check-certificate= no-check-certificate explain= no-explain f/force force-binary-stdout force-broken-world force-missing-repositories force-no-chroot force-non-repository force-old-apk force-overwrite force-refresh h/help i/interactive= no-interactive keys-dir= legacy-info= no-legacy-info logfile= no-logfile network= no-network preserve-env= no-preserve-env pretty-print= no-pretty-print preupgrade-depends= print-arch progress= no-progress progress-fd= purge= no-purge q/quiet repositories-file= X/repository= repository-config= p/root= root-tmpfs= no-root-tmpfs solver= sync= no-sync timeout= U/update-cache uvol-manager= v/verbose V/version wait=
end

function __fish_apk_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_apk_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_apk_using_subcommand
    set -l cmd (__fish_apk_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c apk -n "__fish_apk_needs_command" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_needs_command" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_needs_command" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_needs_command" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_needs_command" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_needs_command" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_needs_command" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_needs_command" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_needs_command" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_needs_command" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_needs_command" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_needs_command" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_needs_command" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_needs_command" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_needs_command" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_needs_command" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_needs_command" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_needs_command" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_needs_command" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_needs_command" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_needs_command" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_needs_command" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_needs_command" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_needs_command" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_needs_command" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_needs_command" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_needs_command" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_needs_command" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_needs_command" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_needs_command" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_needs_command" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_needs_command" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_needs_command" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_needs_command" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_needs_command" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_needs_command" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_needs_command" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_needs_command" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_needs_command" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_needs_command" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_needs_command" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_needs_command" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_needs_command" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_needs_command" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_needs_command" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_needs_command" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_needs_command" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_needs_command" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_needs_command" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_needs_command" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_needs_command" -f -a "add" -d 'Add packages to world and install them.'
complete -c apk -n "__fish_apk_needs_command" -f -a "del" -d 'Remove packages from world and uninstall them.'
complete -c apk -n "__fish_apk_needs_command" -f -a "fix" -d 'Repair packages without changing world.'
complete -c apk -n "__fish_apk_needs_command" -f -a "upgrade" -d 'Upgrade installed packages.'
complete -c apk -n "__fish_apk_needs_command" -f -a "update" -d 'Refresh the indexes of repositories.'
complete -c apk -n "__fish_apk_needs_command" -f -a "info" -d 'Show what is known about packages.'
complete -c apk -n "__fish_apk_needs_command" -f -a "explain" -d 'Say why packages are installed, not upgraded, or not installable.'
complete -c apk -n "__fish_apk_needs_command" -f -a "list" -d 'List packages.'
complete -c apk -n "__fish_apk_needs_command" -f -a "search" -d 'Search packages.'
complete -c apk -n "__fish_apk_needs_command" -f -a "query" -d 'Query package records.'
complete -c apk -n "__fish_apk_needs_command" -f -a "policy" -d 'Show where versions come from.'
complete -c apk -n "__fish_apk_needs_command" -f -a "dot" -d 'Draw dependencies as a graph.'
complete -c apk -n "__fish_apk_needs_command" -f -a "stats" -d 'Show statistics.'
complete -c apk -n "__fish_apk_needs_command" -f -a "fetch" -d 'Download packages.'
complete -c apk -n "__fish_apk_needs_command" -f -a "cache" -d 'Maintain the package cache.'
complete -c apk -n "__fish_apk_needs_command" -f -a "version" -d 'Compare installed with available versions.'
complete -c apk -n "__fish_apk_needs_command" -f -a "audit" -d 'Compare a root with its database.'
complete -c apk -n "__fish_apk_needs_command" -f -a "verify" -d 'Check package files.'
complete -c apk -n "__fish_apk_needs_command" -f -a "manifest" -d 'List digests of packaged files.'
complete -c apk -n "__fish_apk_needs_command" -f -a "extract" -d 'Unpack package files.'
complete -c apk -n "__fish_apk_needs_command" -f -a "build" -d 'Make a v2 package from a directory.'
complete -c apk -n "__fish_apk_needs_command" -f -a "index" -d 'Make the index of a v2 repository.'
complete -c apk -n "__fish_apk_needs_command" -f -a "sign" -d 'Sign packages and indexes.'
complete -c apk -n "__fish_apk_needs_command" -f -a "keygen" -d 'Make a key pair for signing.'
complete -c apk -n "__fish_apk_using_subcommand add" -s t -l virtual -d 'Create a package that depends on the arguments, so that deleting it deletes them.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l clean-protected -d 'Never create .apk-new files.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l commit-hooks -d 'Run commit hooks (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l format -d 'With --simulate, and when packages cannot be selected: output as default or json.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l scripts -d 'Run scripts, triggers and hooks (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -s s -l simulate -d 'Show what would be done and change nothing.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand add" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand add" -l initdb -d 'Create the database of a new root.'
complete -c apk -n "__fish_apk_using_subcommand add" -s l -l latest -d 'Choose the newest version, and fail if it cannot be installed.'
complete -c apk -n "__fish_apk_using_subcommand add" -s u -l upgrade -d 'Upgrade the packages and their dependencies if they are installed already.'
complete -c apk -n "__fish_apk_using_subcommand add" -l usermode -l no-chown -d 'With --initdb: a database for a user without root privileges. Also spelled --no-chown.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-clean-protected -d 'Same as --clean-protected=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-commit-hooks -d 'Same as --commit-hooks=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l initramfs-diskless-boot -d 'For initial ramdisks: create the database if it is missing, run no hooks, and force what booting must not stop at.'
complete -c apk -n "__fish_apk_using_subcommand add" -l overlay-from-stdin -d 'Read the names of overlay files from standard input.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-scripts -d 'Same as --scripts=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-simulate -d 'Same as --simulate=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand add" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand add" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand add" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand add" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand add" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand add" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand add" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand add" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand add" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand add" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand add" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand add" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand del" -l clean-protected -d 'Never create .apk-new files.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l commit-hooks -d 'Run commit hooks (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l format -d 'With --simulate, and when packages cannot be selected: output as default or json.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l scripts -d 'Run scripts, triggers and hooks (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -s s -l simulate -d 'Show what would be done and change nothing.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand del" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand del" -s r -l rdepends -d 'Also remove the entries of world that depend on the names.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-clean-protected -d 'Same as --clean-protected=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-commit-hooks -d 'Same as --commit-hooks=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l initramfs-diskless-boot -d 'For initial ramdisks: create the database if it is missing, run no hooks, and force what booting must not stop at.'
complete -c apk -n "__fish_apk_using_subcommand del" -l overlay-from-stdin -d 'Read the names of overlay files from standard input.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-scripts -d 'Same as --scripts=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-simulate -d 'Same as --simulate=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand del" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand del" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand del" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand del" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand del" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand del" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand del" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand del" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand del" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand del" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand del" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand del" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l clean-protected -d 'Never create .apk-new files.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l commit-hooks -d 'Run commit hooks (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l format -d 'With --simulate, and when packages cannot be selected: output as default or json.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l scripts -d 'Run scripts, triggers and hooks (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -s s -l simulate -d 'Show what would be done and change nothing.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fix" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand fix" -s d -l depends -d 'Fix the dependencies of the packages too.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l directory-permissions -d 'Reset modes and owners of all directories.'
complete -c apk -n "__fish_apk_using_subcommand fix" -s r -l reinstall -d 'Reinstall the packages (default).'
complete -c apk -n "__fish_apk_using_subcommand fix" -s u -l upgrade -d 'Upgrade the packages if possible.'
complete -c apk -n "__fish_apk_using_subcommand fix" -s x -l xattr -d 'Also fix packages with broken extended attributes.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-clean-protected -d 'Same as --clean-protected=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-commit-hooks -d 'Same as --commit-hooks=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l initramfs-diskless-boot -d 'For initial ramdisks: create the database if it is missing, run no hooks, and force what booting must not stop at.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l overlay-from-stdin -d 'Read the names of overlay files from standard input.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-scripts -d 'Same as --scripts=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-simulate -d 'Same as --simulate=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand fix" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand fix" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand fix" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand fix" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l preupgrade -l self-upgrade -d 'Upgrade the package manager first (default yes). Also spelled --self-upgrade.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l clean-protected -d 'Never create .apk-new files.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l commit-hooks -d 'Run commit hooks (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l format -d 'With --simulate, and when packages cannot be selected: output as default or json.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l scripts -d 'Run scripts, triggers and hooks (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s s -l simulate -d 'Show what would be done and change nothing.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s a -l available -d 'Prefer versions of the repositories even when they are lower.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l ignore -d 'Upgrade everything but the named packages.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s l -l latest -d 'Choose the newest versions, and fail if they cannot be installed.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-preupgrade -d 'Same as --preupgrade=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l preupgrade-only -l self-upgrade-only -d 'Upgrade the package manager and nothing else. Also spelled --self-upgrade-only.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l prune -d 'Drop entries of world that no repository provides.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-clean-protected -d 'Same as --clean-protected=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-commit-hooks -d 'Same as --commit-hooks=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l initramfs-diskless-boot -d 'For initial ramdisks: create the database if it is missing, run no hooks, and force what booting must not stop at.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l overlay-from-stdin -d 'Read the names of overlay files from standard input.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-scripts -d 'Same as --scripts=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-simulate -d 'Same as --simulate=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand upgrade" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand update" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand update" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand update" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand update" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand update" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand update" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand update" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand update" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand update" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand update" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand update" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand update" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand update" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand update" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand update" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand info" -s F -l fields -d 'Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l format -d 'Output as default, json or yaml.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l from -d 'Look at system, repositories, installed or none.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l match -d 'Fields the terms are compared with, separated by commas.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l summarize -d 'Print the distinct values of one field.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand info" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand info" -s a -l all -d 'All of the following fields.'
complete -c apk -n "__fish_apk_using_subcommand info" -s d -l description -d 'Description.'
complete -c apk -n "__fish_apk_using_subcommand info" -s w -l webpage -d 'Web page.'
complete -c apk -n "__fish_apk_using_subcommand info" -s s -l size -d 'Installed size.'
complete -c apk -n "__fish_apk_using_subcommand info" -s R -l depends -d 'Dependencies.'
complete -c apk -n "__fish_apk_using_subcommand info" -s P -l provides -d 'Names and files provided.'
complete -c apk -n "__fish_apk_using_subcommand info" -s r -l rdepends -d 'Installed packages that need it.'
complete -c apk -n "__fish_apk_using_subcommand info" -s L -l contents -d 'Files.'
complete -c apk -n "__fish_apk_using_subcommand info" -s t -l triggers -d 'Directories its trigger watches.'
complete -c apk -n "__fish_apk_using_subcommand info" -l install-if -d 'When it is installed automatically.'
complete -c apk -n "__fish_apk_using_subcommand info" -l rinstall-if -d 'What it helps to install automatically.'
complete -c apk -n "__fish_apk_using_subcommand info" -l replaces -d 'Packages whose files it may take over.'
complete -c apk -n "__fish_apk_using_subcommand info" -l license -d 'License.'
complete -c apk -n "__fish_apk_using_subcommand info" -s e -l exists -l installed -d 'Print the arguments that are installed; fail with the number of the others. Also spelled --installed.'
complete -c apk -n "__fish_apk_using_subcommand info" -s W -l who-owns -d 'Print the packages that own the paths.'
complete -c apk -n "__fish_apk_using_subcommand info" -l all-matches -d 'Every match instead of the best one per term.'
complete -c apk -n "__fish_apk_using_subcommand info" -l available -d 'Only packages of repositories.'
complete -c apk -n "__fish_apk_using_subcommand info" -l recursive -d 'Solve the terms and print what is selected.'
complete -c apk -n "__fish_apk_using_subcommand info" -l search -d 'Terms match anywhere, ignoring case.'
complete -c apk -n "__fish_apk_using_subcommand info" -l upgradable -d 'Only upgrades of installed packages.'
complete -c apk -n "__fish_apk_using_subcommand info" -l world -d 'Add the constraints of world; implies --recursive.'
complete -c apk -n "__fish_apk_using_subcommand info" -l orphaned -d 'Only names no repository provides.'
complete -c apk -n "__fish_apk_using_subcommand info" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand info" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand info" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand info" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand info" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand info" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand info" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand info" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand info" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand info" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand info" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand info" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand info" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand explain" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand explain" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand explain" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand explain" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand explain" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand explain" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand list" -s F -l fields -d 'Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l format -d 'Output as default, json or yaml.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l from -d 'Look at system, repositories, installed or none.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l match -d 'Fields the terms are compared with, separated by commas.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l summarize -d 'Print the distinct values of one field.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand list" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand list" -s a -l available -d 'Only packages of repositories.'
complete -c apk -n "__fish_apk_using_subcommand list" -s d -l depends -d 'Match names of dependencies.'
complete -c apk -n "__fish_apk_using_subcommand list" -s I -l installed -d 'Only installed packages.'
complete -c apk -n "__fish_apk_using_subcommand list" -l manifest -d 'Names and versions of installed packages, nothing else.'
complete -c apk -n "__fish_apk_using_subcommand list" -s o -l origin -d 'Match names of source packages.'
complete -c apk -n "__fish_apk_using_subcommand list" -s O -l orphaned -d 'Only names no repository provides.'
complete -c apk -n "__fish_apk_using_subcommand list" -s P -l providers -d 'Match provided names too, and say which one was found.'
complete -c apk -n "__fish_apk_using_subcommand list" -s u -l upgradable -l upgradeable -d 'Only upgrades of installed packages. Also spelled --upgradeable.'
complete -c apk -n "__fish_apk_using_subcommand list" -l all-matches -d 'Every match instead of the best one per term.'
complete -c apk -n "__fish_apk_using_subcommand list" -s R -l recursive -d 'Solve the terms and print what is selected.'
complete -c apk -n "__fish_apk_using_subcommand list" -l search -d 'Terms match anywhere, ignoring case.'
complete -c apk -n "__fish_apk_using_subcommand list" -l world -d 'Add the constraints of world; implies --recursive.'
complete -c apk -n "__fish_apk_using_subcommand list" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand list" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand list" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand list" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand list" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand list" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand list" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand list" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand list" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand list" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand list" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand list" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand list" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand search" -s F -l fields -d 'Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l format -d 'Output as default, json or yaml.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l from -d 'Look at system, repositories, installed or none.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l match -d 'Fields the terms are compared with, separated by commas.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l summarize -d 'Print the distinct values of one field.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand search" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand search" -s a -l all -d 'Every version, not the highest one only.'
complete -c apk -n "__fish_apk_using_subcommand search" -s d -l description -d 'Search descriptions too.'
complete -c apk -n "__fish_apk_using_subcommand search" -s e -s x -l exact -d 'Match whole names; fail with the number of names without match.'
complete -c apk -n "__fish_apk_using_subcommand search" -l has-origin -d 'Match whole names of source packages; fail with the number of names without match.'
complete -c apk -n "__fish_apk_using_subcommand search" -s o -l origin -d 'Print the names of source packages.'
complete -c apk -n "__fish_apk_using_subcommand search" -s r -l rdepends -d 'Print what depends on the packages.'
complete -c apk -n "__fish_apk_using_subcommand search" -l all-matches -d 'Every match instead of the best one per term.'
complete -c apk -n "__fish_apk_using_subcommand search" -l available -d 'Only packages of repositories.'
complete -c apk -n "__fish_apk_using_subcommand search" -l installed -d 'Only installed packages.'
complete -c apk -n "__fish_apk_using_subcommand search" -s R -l recursive -d 'Solve the terms and print what is selected.'
complete -c apk -n "__fish_apk_using_subcommand search" -l search -d 'Terms match anywhere, ignoring case.'
complete -c apk -n "__fish_apk_using_subcommand search" -l upgradable -d 'Only upgrades of installed packages.'
complete -c apk -n "__fish_apk_using_subcommand search" -l world -d 'Add the constraints of world; implies --recursive.'
complete -c apk -n "__fish_apk_using_subcommand search" -l orphaned -d 'Only names no repository provides.'
complete -c apk -n "__fish_apk_using_subcommand search" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand search" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand search" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand search" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand search" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand search" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand search" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand search" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand search" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand search" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand search" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand search" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand search" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand query" -s F -l fields -d 'Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l format -d 'Output as default, json or yaml.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l from -d 'Look at system, repositories, installed or none.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l match -d 'Fields the terms are compared with, separated by commas.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l summarize -d 'Print the distinct values of one field.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand query" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand query" -l all-matches -d 'Every match instead of the best one per term.'
complete -c apk -n "__fish_apk_using_subcommand query" -l available -d 'Only packages of repositories.'
complete -c apk -n "__fish_apk_using_subcommand query" -l installed -d 'Only installed packages.'
complete -c apk -n "__fish_apk_using_subcommand query" -s R -l recursive -d 'Solve the terms and print what is selected.'
complete -c apk -n "__fish_apk_using_subcommand query" -l search -d 'Terms match anywhere, ignoring case.'
complete -c apk -n "__fish_apk_using_subcommand query" -l upgradable -d 'Only upgrades of installed packages.'
complete -c apk -n "__fish_apk_using_subcommand query" -l world -d 'Add the constraints of world; implies --recursive.'
complete -c apk -n "__fish_apk_using_subcommand query" -l orphaned -d 'Only names no repository provides.'
complete -c apk -n "__fish_apk_using_subcommand query" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand query" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand query" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand query" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand query" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand query" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand query" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand query" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand query" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand query" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand query" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand query" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand query" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand policy" -s F -l fields -d 'Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l format -d 'Output as default, json or yaml.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l from -d 'Look at system, repositories, installed or none.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l match -d 'Fields the terms are compared with, separated by commas.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l summarize -d 'Print the distinct values of one field.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand policy" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand policy" -l all-matches -d 'Every match instead of the best one per term.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l available -d 'Only packages of repositories.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l installed -d 'Only installed packages.'
complete -c apk -n "__fish_apk_using_subcommand policy" -s R -l recursive -d 'Solve the terms and print what is selected.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l search -d 'Terms match anywhere, ignoring case.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l upgradable -d 'Only upgrades of installed packages.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l world -d 'Add the constraints of world; implies --recursive.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l orphaned -d 'Only names no repository provides.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand policy" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand policy" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand policy" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand policy" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand dot" -s F -l fields -d 'Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l format -d 'Output as default, json or yaml.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l from -d 'Look at system, repositories, installed or none.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l match -d 'Fields the terms are compared with, separated by commas.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l summarize -d 'Print the distinct values of one field.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand dot" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand dot" -l errors -d 'Draw cycles and missing names only.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l all-matches -d 'Every match instead of the best one per term.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l available -d 'Only packages of repositories.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l installed -d 'Only installed packages.'
complete -c apk -n "__fish_apk_using_subcommand dot" -s R -l recursive -d 'Solve the terms and print what is selected.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l search -d 'Terms match anywhere, ignoring case.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l upgradable -d 'Only upgrades of installed packages.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l world -d 'Add the constraints of world; implies --recursive.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l orphaned -d 'Only names no repository provides.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand dot" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand dot" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand dot" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand dot" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l format -d 'Output as default, json or yaml.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand stats" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand stats" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand stats" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand stats" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand stats" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand stats" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l built-after -d 'Only packages built after TIME, YYYY-MM-DD HH:MM:SS (UTC) or seconds of the epoch.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -s o -l output -d 'Put the files into DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l pkgname-spec -d 'Names of the files, by default ${name}-${version}.apk; ${arch} and ${hash:8} are known too.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l simulate -d 'Show what would be fetched and fetch nothing.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -s F -l fields -d 'Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l format -d 'Output as default, json or yaml.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l from -d 'Look at system, repositories, installed or none.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l match -d 'Fields the terms are compared with, separated by commas.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l summarize -d 'Print the distinct values of one field.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand fetch" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand fetch" -s l -l link -d 'Hard-link files of local repositories instead of copying them.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-simulate -d 'Same as --simulate=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -s s -l stdout -d 'Write the packages to standard output and say nothing.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l url -d 'Print URLs instead of names.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -s w -l world -d 'Fetch what world needs, too; implies --recursive.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l all-matches -d 'Every match instead of the best one per term.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l available -d 'Only packages of repositories.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l installed -d 'Only installed packages.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -s R -l recursive -d 'Solve the terms and print what is selected.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l search -d 'Terms match anywhere, ignoring case.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l upgradable -d 'Only upgrades of installed packages.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l orphaned -d 'Only names no repository provides.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand fetch" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand cache" -s s -l simulate -d 'Show what would be done and change nothing.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand cache" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand cache" -l add-dependencies -d 'Download what world needs, and the dependencies given besides.'
complete -c apk -n "__fish_apk_using_subcommand cache" -s a -l available -d 'Prefer versions of the repositories even when they are lower.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l ignore-conflict -d 'Choose packages although they conflict with each other.'
complete -c apk -n "__fish_apk_using_subcommand cache" -s l -l latest -d 'Choose the newest versions.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-simulate -d 'Same as --simulate=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -s u -l upgrade -d 'Choose newer versions than the installed ones.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand cache" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand cache" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand cache" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand cache" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand version" -s l -l limit -d 'Show only packages whose comparison gives one of CHARS, from < = >.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand version" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand version" -s a -l all -d 'Consider repositories of all tags.'
complete -c apk -n "__fish_apk_using_subcommand version" -s c -l check -d 'Print the arguments that are no versions.'
complete -c apk -n "__fish_apk_using_subcommand version" -s I -l indexes -d 'Print the description of every repository.'
complete -c apk -n "__fish_apk_using_subcommand version" -s t -l test -d 'Compare two versions: prints <, = or >.'
complete -c apk -n "__fish_apk_using_subcommand version" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand version" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand version" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand version" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand version" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand version" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand version" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand version" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand version" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand version" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand version" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand version" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand version" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l format -d 'Form of the output: default or json.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l protected-paths -d 'Use the rules about protected directories in FILE instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand audit" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand audit" -l backup -d 'Look at protected directories only: what a backup needs (default).'
complete -c apk -n "__fish_apk_using_subcommand audit" -l check-permissions -d 'Compare owners and modes too.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l details -d 'Also print what is recorded (-) and what is there (+).'
complete -c apk -n "__fish_apk_using_subcommand audit" -l full -d 'Look at everything but protected directories.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l ignore-busybox-symlinks -d 'Skip symbolic links to busybox.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l packages -d 'Print only the packages whose files differ.'
complete -c apk -n "__fish_apk_using_subcommand audit" -s r -l recursive -d 'Look into directories no package has.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l system -d 'Look at the files of packages outside protected directories.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand audit" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand audit" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand audit" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand audit" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand verify" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand verify" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand verify" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand verify" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand verify" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand verify" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand manifest" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand manifest" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand manifest" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l destination -d 'Unpack into this directory instead of the current one.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand extract" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-chown -d 'Do not give files to their owners. Other users than root never do.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand extract" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand extract" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand extract" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand extract" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand build" -l algorithm -d 'How to sign: rsa (SHA-1, for old readers), rsa256 (default) or rsa512.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l generate -d 'Add what the files provide and need (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l key-name -d 'The file name under which the public key is found in etc/apk/keys.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -s o -l output -d 'Write the package to FILE instead of NAME-VERSION.apk.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l sign-key -d 'Sign with the private key in FILE. The public key is known by the same name with .pub.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand build" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand build" -l no-generate -d 'Same as --generate=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand build" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand build" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand build" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand build" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand build" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand build" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand build" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand build" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand build" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand build" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand build" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand build" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand index" -s d -l description -d 'Describe the repository; apk update shows it.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -s x -l index -d 'Take unchanged packages from this former index instead of reading them.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -s o -l output -d 'Write the index to FILE instead of standard output.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l rewrite-arch -d 'Give all packages this architecture.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand index" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand index" -l merge -d 'Keep the packages of the former index that are not among the files.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-warnings -d 'Do not warn of dependencies nothing provides.'
complete -c apk -n "__fish_apk_using_subcommand index" -l prune-origin -d 'With --merge: drop packages with the same origin as one of the files.'
complete -c apk -n "__fish_apk_using_subcommand index" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand index" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand index" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand index" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand index" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand index" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand index" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand index" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand index" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand index" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand index" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand index" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand index" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l algorithm -d 'How to sign: rsa (SHA-1, for old readers), rsa256 (default) or rsa512.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l key-name -d 'The file name under which the public key is found in etc/apk/keys.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l sign-key -d 'Sign with the private key in FILE. The public key is known by the same name with .pub.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand sign" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand sign" -l reset-signatures -d 'Drop the signatures the files have.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand sign" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand sign" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand sign" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand sign" -s V -l version -d 'Print the version and exit.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l bits -d 'The size of the key (default 4096, at least 2048).' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l arch -d 'Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l cache -d 'Use the local cache (default yes). Without it indexes are read for this run only.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l cache-dir -d 'Keep the cache in DIR, relative to the root.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l cache-max-age -d 'Refresh cached indexes older than this (default 240).' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l cache-packages -d 'Keep the files of installed packages in the cache.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l cache-predownload -d 'Fetch all packages into the cache before anything is changed.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l check-certificate -d 'Verify the certificates of servers (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l explain -d 'When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -s i -l interactive -d 'Ask before changing anything; auto asks when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l keys-dir -d 'Trust the keys in DIR, relative to the root, and no others.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l legacy-info -d 'Sentences as output of info (default yes); no gives records.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l logfile -d 'Write var/log/apk.log (default yes).' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l network -d 'Use the network (default yes). Without it only cached files are used.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l preserve-env -d 'Pass the environment on to scripts.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l pretty-print -d 'Sizes and dates for people in query results; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l preupgrade-depends -d 'Upgrade these first when upgrading the system.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l progress -d 'Show a progress bar; auto when standard output is a terminal.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l progress-fd -d 'Write progress as lines to this file descriptor.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l purge -d 'Also delete changed configuration files, or cached packages.' -r -f -a "yes\t''
no\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l repositories-file -d 'Read repositories from FILE, relative to the current directory, instead of those of the root.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -s X -l repository -d 'Also use this repository, a URL or a directory.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l repository-config -d 'Also use the repositories in TEXT, written as in a repositories file.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -s p -l root -d 'Work on the root directory DIR.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l root-tmpfs -d 'Treat the root as lost at reboot; auto looks at its file system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l solver -d 'How packages are chosen: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l sync -d 'Flush disks after a commit; auto only for the running system.' -r -f -a "yes\t''
no\t''
auto\t''"
complete -c apk -n "__fish_apk_using_subcommand keygen" -l timeout -d 'Give up when the network is silent for this long (default 60).' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l uvol-manager -d 'Volume manager of OpenWrt; not supported.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l wait -d 'Wait this long for the lock of the database.' -r
complete -c apk -n "__fish_apk_using_subcommand keygen" -l allow-untrusted -d 'Accept packages and indexes without a trusted signature.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-cache -d 'Same as --cache=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-cache-packages -d 'Same as --cache-packages=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-cache-predownload -d 'Same as --cache-predownload=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-check-certificate -d 'Same as --check-certificate=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-explain -d 'Same as --explain=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -s f -l force -d 'Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l force-binary-stdout -d 'Write binary data to standard output even if it is a terminal.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l force-broken-world -d 'Drop constraints of world until the rest can be satisfied, and go on with missing tags.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l force-missing-repositories -d 'Go on although an index is stale or missing.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l force-no-chroot -d 'Run scripts without changing the root directory.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l force-non-repository -d 'Add a package that will be lost at the next reboot.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l force-old-apk -d 'Go on with packages that use features this program does not know.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l force-overwrite -d 'Overwrite files that belong to other packages.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l force-refresh -d 'Ask servers, not the caches on the way.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -s h -l help -d 'Show help and exit.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-interactive -d 'Same as --interactive=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-legacy-info -d 'Same as --legacy-info=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-logfile -d 'Same as --logfile=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-network -d 'Same as --network=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-preserve-env -d 'Same as --preserve-env=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-pretty-print -d 'Same as --pretty-print=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l print-arch -d 'Print the architecture this program was built for and exit.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-progress -d 'Same as --progress=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-purge -d 'Same as --purge=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -s q -l quiet -d 'Print less.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-root-tmpfs -d 'Same as --root-tmpfs=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -l no-sync -d 'Same as --sync=no.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -s U -l update-cache -d 'Same as --cache-max-age 0.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -s v -l verbose -d 'Print more; may be repeated.'
complete -c apk -n "__fish_apk_using_subcommand keygen" -s V -l version -d 'Print the version and exit.'
