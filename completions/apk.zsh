#compdef apk

autoload -U is-at-least

_apk() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
":: :_apk_commands" \
"*::: :->apk" \
&& ret=0
    case $state in
    (apk)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:apk-command-$line[1]:"
        case $line[1] in
            (add)
_arguments "${_arguments_options[@]}" : \
'-t+[Create a package that depends on the arguments, so that deleting it deletes them.]:NAME[=VERSION]:_default' \
'--virtual=[Create a package that depends on the arguments, so that deleting it deletes them.]:NAME[=VERSION]:_default' \
'--clean-protected=[Never create .apk-new files.]::BOOL:(yes no)' \
'--commit-hooks=[Run commit hooks (default yes).]::BOOL:(yes no)' \
'--format=[With --simulate, and when packages cannot be selected\: output as default or json.]:FORMAT:_default' \
'--scripts=[Run scripts, triggers and hooks (default yes).]::BOOL:(yes no)' \
'-s+[Show what would be done and change nothing.]::BOOL:(yes no)' \
'--simulate=[Show what would be done and change nothing.]::BOOL:(yes no)' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--initdb[Create the database of a new root.]' \
'-l[Choose the newest version, and fail if it cannot be installed.]' \
'--latest[Choose the newest version, and fail if it cannot be installed.]' \
'-u[Upgrade the packages and their dependencies if they are installed already.]' \
'--upgrade[Upgrade the packages and their dependencies if they are installed already.]' \
'--usermode[With --initdb\: a database for a user without root privileges. Also spelled --no-chown.]' \
'--no-chown[With --initdb\: a database for a user without root privileges. Also spelled --no-chown.]' \
'--no-clean-protected[Same as --clean-protected=no.]' \
'--no-commit-hooks[Same as --commit-hooks=no.]' \
'--initramfs-diskless-boot[For initial ramdisks\: create the database if it is missing, run no hooks, and force what booting must not stop at.]' \
'--overlay-from-stdin[Read the names of overlay files from standard input.]' \
'--no-scripts[Same as --scripts=no.]' \
'--no-simulate[Same as --simulate=no.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(del)
_arguments "${_arguments_options[@]}" : \
'--clean-protected=[Never create .apk-new files.]::BOOL:(yes no)' \
'--commit-hooks=[Run commit hooks (default yes).]::BOOL:(yes no)' \
'--format=[With --simulate, and when packages cannot be selected\: output as default or json.]:FORMAT:_default' \
'--scripts=[Run scripts, triggers and hooks (default yes).]::BOOL:(yes no)' \
'-s+[Show what would be done and change nothing.]::BOOL:(yes no)' \
'--simulate=[Show what would be done and change nothing.]::BOOL:(yes no)' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'-r[Also remove the entries of world that depend on the names.]' \
'--rdepends[Also remove the entries of world that depend on the names.]' \
'--no-clean-protected[Same as --clean-protected=no.]' \
'--no-commit-hooks[Same as --commit-hooks=no.]' \
'--initramfs-diskless-boot[For initial ramdisks\: create the database if it is missing, run no hooks, and force what booting must not stop at.]' \
'--overlay-from-stdin[Read the names of overlay files from standard input.]' \
'--no-scripts[Same as --scripts=no.]' \
'--no-simulate[Same as --simulate=no.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(fix)
_arguments "${_arguments_options[@]}" : \
'--clean-protected=[Never create .apk-new files.]::BOOL:(yes no)' \
'--commit-hooks=[Run commit hooks (default yes).]::BOOL:(yes no)' \
'--format=[With --simulate, and when packages cannot be selected\: output as default or json.]:FORMAT:_default' \
'--scripts=[Run scripts, triggers and hooks (default yes).]::BOOL:(yes no)' \
'-s+[Show what would be done and change nothing.]::BOOL:(yes no)' \
'--simulate=[Show what would be done and change nothing.]::BOOL:(yes no)' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'-d[Fix the dependencies of the packages too.]' \
'--depends[Fix the dependencies of the packages too.]' \
'--directory-permissions[Reset modes and owners of all directories.]' \
'-r[Reinstall the packages (default).]' \
'--reinstall[Reinstall the packages (default).]' \
'-u[Upgrade the packages if possible.]' \
'--upgrade[Upgrade the packages if possible.]' \
'-x[Also fix packages with broken extended attributes.]' \
'--xattr[Also fix packages with broken extended attributes.]' \
'--no-clean-protected[Same as --clean-protected=no.]' \
'--no-commit-hooks[Same as --commit-hooks=no.]' \
'--initramfs-diskless-boot[For initial ramdisks\: create the database if it is missing, run no hooks, and force what booting must not stop at.]' \
'--overlay-from-stdin[Read the names of overlay files from standard input.]' \
'--no-scripts[Same as --scripts=no.]' \
'--no-simulate[Same as --simulate=no.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(upgrade)
_arguments "${_arguments_options[@]}" : \
'--preupgrade=[Upgrade the package manager first (default yes). Also spelled --self-upgrade.]::BOOL:(yes no)' \
'--self-upgrade=[Upgrade the package manager first (default yes). Also spelled --self-upgrade.]::BOOL:(yes no)' \
'--clean-protected=[Never create .apk-new files.]::BOOL:(yes no)' \
'--commit-hooks=[Run commit hooks (default yes).]::BOOL:(yes no)' \
'--format=[With --simulate, and when packages cannot be selected\: output as default or json.]:FORMAT:_default' \
'--scripts=[Run scripts, triggers and hooks (default yes).]::BOOL:(yes no)' \
'-s+[Show what would be done and change nothing.]::BOOL:(yes no)' \
'--simulate=[Show what would be done and change nothing.]::BOOL:(yes no)' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'-a[Prefer versions of the repositories even when they are lower.]' \
'--available[Prefer versions of the repositories even when they are lower.]' \
'--ignore[Upgrade everything but the named packages.]' \
'-l[Choose the newest versions, and fail if they cannot be installed.]' \
'--latest[Choose the newest versions, and fail if they cannot be installed.]' \
'--no-preupgrade[Same as --preupgrade=no.]' \
'--preupgrade-only[Upgrade the package manager and nothing else. Also spelled --self-upgrade-only.]' \
'--self-upgrade-only[Upgrade the package manager and nothing else. Also spelled --self-upgrade-only.]' \
'--prune[Drop entries of world that no repository provides.]' \
'--no-clean-protected[Same as --clean-protected=no.]' \
'--no-commit-hooks[Same as --commit-hooks=no.]' \
'--initramfs-diskless-boot[For initial ramdisks\: create the database if it is missing, run no hooks, and force what booting must not stop at.]' \
'--overlay-from-stdin[Read the names of overlay files from standard input.]' \
'--no-scripts[Same as --scripts=no.]' \
'--no-simulate[Same as --simulate=no.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(update)
_arguments "${_arguments_options[@]}" : \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
&& ret=0
;;
(info)
_arguments "${_arguments_options[@]}" : \
'-F+[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--fields=[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--format=[Output as default, json or yaml.]:FORMAT:_default' \
'--from=[Look at system, repositories, installed or none.]:SOURCE:_default' \
'--match=[Fields the terms are compared with, separated by commas.]:LIST:_default' \
'--summarize=[Print the distinct values of one field.]:FIELD[:REV]:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'-a[All of the following fields.]' \
'--all[All of the following fields.]' \
'-d[Description.]' \
'--description[Description.]' \
'-w[Web page.]' \
'--webpage[Web page.]' \
'-s[Installed size.]' \
'--size[Installed size.]' \
'-R[Dependencies.]' \
'--depends[Dependencies.]' \
'-P[Names and files provided.]' \
'--provides[Names and files provided.]' \
'-r[Installed packages that need it.]' \
'--rdepends[Installed packages that need it.]' \
'-L[Files.]' \
'--contents[Files.]' \
'-t[Directories its trigger watches.]' \
'--triggers[Directories its trigger watches.]' \
'--install-if[When it is installed automatically.]' \
'--rinstall-if[What it helps to install automatically.]' \
'--replaces[Packages whose files it may take over.]' \
'--license[License.]' \
'-e[Print the arguments that are installed; fail with the number of the others. Also spelled --installed.]' \
'--exists[Print the arguments that are installed; fail with the number of the others. Also spelled --installed.]' \
'--installed[Print the arguments that are installed; fail with the number of the others. Also spelled --installed.]' \
'-W[Print the packages that own the paths.]' \
'--who-owns[Print the packages that own the paths.]' \
'--all-matches[Every match instead of the best one per term.]' \
'--available[Only packages of repositories.]' \
'--recursive[Solve the terms and print what is selected.]' \
'--search[Terms match anywhere, ignoring case.]' \
'--upgradable[Only upgrades of installed packages.]' \
'--world[Add the constraints of world; implies --recursive.]' \
'--orphaned[Only names no repository provides.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(explain)
_arguments "${_arguments_options[@]}" : \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
'-F+[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--fields=[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--format=[Output as default, json or yaml.]:FORMAT:_default' \
'--from=[Look at system, repositories, installed or none.]:SOURCE:_default' \
'--match=[Fields the terms are compared with, separated by commas.]:LIST:_default' \
'--summarize=[Print the distinct values of one field.]:FIELD[:REV]:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'-a[Only packages of repositories.]' \
'--available[Only packages of repositories.]' \
'-d[Match names of dependencies.]' \
'--depends[Match names of dependencies.]' \
'-I[Only installed packages.]' \
'--installed[Only installed packages.]' \
'--manifest[Names and versions of installed packages, nothing else.]' \
'-o[Match names of source packages.]' \
'--origin[Match names of source packages.]' \
'-O[Only names no repository provides.]' \
'--orphaned[Only names no repository provides.]' \
'-P[Match provided names too, and say which one was found.]' \
'--providers[Match provided names too, and say which one was found.]' \
'-u[Only upgrades of installed packages. Also spelled --upgradeable.]' \
'--upgradable[Only upgrades of installed packages. Also spelled --upgradeable.]' \
'--upgradeable[Only upgrades of installed packages. Also spelled --upgradeable.]' \
'--all-matches[Every match instead of the best one per term.]' \
'-R[Solve the terms and print what is selected.]' \
'--recursive[Solve the terms and print what is selected.]' \
'--search[Terms match anywhere, ignoring case.]' \
'--world[Add the constraints of world; implies --recursive.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(search)
_arguments "${_arguments_options[@]}" : \
'-F+[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--fields=[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--format=[Output as default, json or yaml.]:FORMAT:_default' \
'--from=[Look at system, repositories, installed or none.]:SOURCE:_default' \
'--match=[Fields the terms are compared with, separated by commas.]:LIST:_default' \
'--summarize=[Print the distinct values of one field.]:FIELD[:REV]:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'-a[Every version, not the highest one only.]' \
'--all[Every version, not the highest one only.]' \
'-d[Search descriptions too.]' \
'--description[Search descriptions too.]' \
'-e[Match whole names; fail with the number of names without match.]' \
'-x[Match whole names; fail with the number of names without match.]' \
'--exact[Match whole names; fail with the number of names without match.]' \
'--has-origin[Match whole names of source packages; fail with the number of names without match.]' \
'-o[Print the names of source packages.]' \
'--origin[Print the names of source packages.]' \
'-r[Print what depends on the packages.]' \
'--rdepends[Print what depends on the packages.]' \
'--all-matches[Every match instead of the best one per term.]' \
'--available[Only packages of repositories.]' \
'--installed[Only installed packages.]' \
'-R[Solve the terms and print what is selected.]' \
'--recursive[Solve the terms and print what is selected.]' \
'--search[Terms match anywhere, ignoring case.]' \
'--upgradable[Only upgrades of installed packages.]' \
'--world[Add the constraints of world; implies --recursive.]' \
'--orphaned[Only names no repository provides.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(query)
_arguments "${_arguments_options[@]}" : \
'-F+[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--fields=[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--format=[Output as default, json or yaml.]:FORMAT:_default' \
'--from=[Look at system, repositories, installed or none.]:SOURCE:_default' \
'--match=[Fields the terms are compared with, separated by commas.]:LIST:_default' \
'--summarize=[Print the distinct values of one field.]:FIELD[:REV]:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--all-matches[Every match instead of the best one per term.]' \
'--available[Only packages of repositories.]' \
'--installed[Only installed packages.]' \
'-R[Solve the terms and print what is selected.]' \
'--recursive[Solve the terms and print what is selected.]' \
'--search[Terms match anywhere, ignoring case.]' \
'--upgradable[Only upgrades of installed packages.]' \
'--world[Add the constraints of world; implies --recursive.]' \
'--orphaned[Only names no repository provides.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(policy)
_arguments "${_arguments_options[@]}" : \
'-F+[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--fields=[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--format=[Output as default, json or yaml.]:FORMAT:_default' \
'--from=[Look at system, repositories, installed or none.]:SOURCE:_default' \
'--match=[Fields the terms are compared with, separated by commas.]:LIST:_default' \
'--summarize=[Print the distinct values of one field.]:FIELD[:REV]:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--all-matches[Every match instead of the best one per term.]' \
'--available[Only packages of repositories.]' \
'--installed[Only installed packages.]' \
'-R[Solve the terms and print what is selected.]' \
'--recursive[Solve the terms and print what is selected.]' \
'--search[Terms match anywhere, ignoring case.]' \
'--upgradable[Only upgrades of installed packages.]' \
'--world[Add the constraints of world; implies --recursive.]' \
'--orphaned[Only names no repository provides.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(dot)
_arguments "${_arguments_options[@]}" : \
'-F+[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--fields=[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--format=[Output as default, json or yaml.]:FORMAT:_default' \
'--from=[Look at system, repositories, installed or none.]:SOURCE:_default' \
'--match=[Fields the terms are compared with, separated by commas.]:LIST:_default' \
'--summarize=[Print the distinct values of one field.]:FIELD[:REV]:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--errors[Draw cycles and missing names only.]' \
'--all-matches[Every match instead of the best one per term.]' \
'--available[Only packages of repositories.]' \
'--installed[Only installed packages.]' \
'-R[Solve the terms and print what is selected.]' \
'--recursive[Solve the terms and print what is selected.]' \
'--search[Terms match anywhere, ignoring case.]' \
'--upgradable[Only upgrades of installed packages.]' \
'--world[Add the constraints of world; implies --recursive.]' \
'--orphaned[Only names no repository provides.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(stats)
_arguments "${_arguments_options[@]}" : \
'--format=[Output as default, json or yaml.]:FORMAT:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
&& ret=0
;;
(fetch)
_arguments "${_arguments_options[@]}" : \
'--built-after=[Only packages built after TIME, YYYY-MM-DD HH\:MM\:SS (UTC) or seconds of the epoch.]:TIME:_default' \
'-o+[Put the files into DIR.]:DIR:_default' \
'--output=[Put the files into DIR.]:DIR:_default' \
'--pkgname-spec=[Names of the files, by default \${name}-\${version}.apk; \${arch} and \${hash\:8} are known too.]:SPEC:_default' \
'--simulate=[Show what would be fetched and fetch nothing.]::BOOL:(yes no)' \
'-F+[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--fields=[Fields to print, separated by commas, or all. REV (name, package or origin) chooses how dependents are printed.]:LIST[:REV]:_default' \
'--format=[Output as default, json or yaml.]:FORMAT:_default' \
'--from=[Look at system, repositories, installed or none.]:SOURCE:_default' \
'--match=[Fields the terms are compared with, separated by commas.]:LIST:_default' \
'--summarize=[Print the distinct values of one field.]:FIELD[:REV]:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'-l[Hard-link files of local repositories instead of copying them.]' \
'--link[Hard-link files of local repositories instead of copying them.]' \
'--no-simulate[Same as --simulate=no.]' \
'-s[Write the packages to standard output and say nothing.]' \
'--stdout[Write the packages to standard output and say nothing.]' \
'--url[Print URLs instead of names.]' \
'-w[Fetch what world needs, too; implies --recursive.]' \
'--world[Fetch what world needs, too; implies --recursive.]' \
'--all-matches[Every match instead of the best one per term.]' \
'--available[Only packages of repositories.]' \
'--installed[Only installed packages.]' \
'-R[Solve the terms and print what is selected.]' \
'--recursive[Solve the terms and print what is selected.]' \
'--search[Terms match anywhere, ignoring case.]' \
'--upgradable[Only upgrades of installed packages.]' \
'--orphaned[Only names no repository provides.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(cache)
_arguments "${_arguments_options[@]}" : \
'-s+[Show what would be done and change nothing.]::BOOL:(yes no)' \
'--simulate=[Show what would be done and change nothing.]::BOOL:(yes no)' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--add-dependencies[Download what world needs, and the dependencies given besides.]' \
'-a[Prefer versions of the repositories even when they are lower.]' \
'--available[Prefer versions of the repositories even when they are lower.]' \
'--ignore-conflict[Choose packages although they conflict with each other.]' \
'-l[Choose the newest versions.]' \
'--latest[Choose the newest versions.]' \
'--no-simulate[Same as --simulate=no.]' \
'-u[Choose newer versions than the installed ones.]' \
'--upgrade[Choose newer versions than the installed ones.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(version)
_arguments "${_arguments_options[@]}" : \
'-l+[Show only packages whose comparison gives one of CHARS, from < = >.]:CHARS:_default' \
'--limit=[Show only packages whose comparison gives one of CHARS, from < = >.]:CHARS:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'-a[Consider repositories of all tags.]' \
'--all[Consider repositories of all tags.]' \
'-c[Print the arguments that are no versions.]' \
'--check[Print the arguments that are no versions.]' \
'-I[Print the description of every repository.]' \
'--indexes[Print the description of every repository.]' \
'-t[Compare two versions\: prints <, = or >.]' \
'--test[Compare two versions\: prints <, = or >.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(audit)
_arguments "${_arguments_options[@]}" : \
'--format=[Form of the output\: default or json.]:FORM:_default' \
'--protected-paths=[Use the rules about protected directories in FILE instead of those of the root.]:FILE:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--backup[Look at protected directories only\: what a backup needs (default).]' \
'--check-permissions[Compare owners and modes too.]' \
'--details[Also print what is recorded (-) and what is there (+).]' \
'--full[Look at everything but protected directories.]' \
'--ignore-busybox-symlinks[Skip symbolic links to busybox.]' \
'--packages[Print only the packages whose files differ.]' \
'-r[Look into directories no package has.]' \
'--recursive[Look into directories no package has.]' \
'--system[Look at the files of packages outside protected directories.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(manifest)
_arguments "${_arguments_options[@]}" : \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(extract)
_arguments "${_arguments_options[@]}" : \
'--destination=[Unpack into this directory instead of the current one.]:DIR:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--no-chown[Do not give files to their owners. Other users than root never do.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(build)
_arguments "${_arguments_options[@]}" : \
'--algorithm=[How to sign\: rsa (SHA-1, for old readers), rsa256 (default) or rsa512.]:NAME:_default' \
'--generate=[Add what the files provide and need (default yes).]::BOOL:(yes no)' \
'--key-name=[The file name under which the public key is found in etc/apk/keys.]:NAME:_default' \
'-o+[Write the package to FILE instead of NAME-VERSION.apk.]:FILE:_default' \
'--output=[Write the package to FILE instead of NAME-VERSION.apk.]:FILE:_default' \
'--sign-key=[Sign with the private key in FILE. The public key is known by the same name with .pub.]:FILE:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--no-generate[Same as --generate=no.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
&& ret=0
;;
(index)
_arguments "${_arguments_options[@]}" : \
'-d+[Describe the repository; apk update shows it.]:TEXT:_default' \
'--description=[Describe the repository; apk update shows it.]:TEXT:_default' \
'-x+[Take unchanged packages from this former index instead of reading them.]:INDEX:_default' \
'--index=[Take unchanged packages from this former index instead of reading them.]:INDEX:_default' \
'-o+[Write the index to FILE instead of standard output.]:FILE:_default' \
'--output=[Write the index to FILE instead of standard output.]:FILE:_default' \
'--rewrite-arch=[Give all packages this architecture.]:ARCH:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--merge[Keep the packages of the former index that are not among the files.]' \
'--no-warnings[Do not warn of dependencies nothing provides.]' \
'--prune-origin[With --merge\: drop packages with the same origin as one of the files.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(sign)
_arguments "${_arguments_options[@]}" : \
'--algorithm=[How to sign\: rsa (SHA-1, for old readers), rsa256 (default) or rsa512.]:NAME:_default' \
'--key-name=[The file name under which the public key is found in etc/apk/keys.]:NAME:_default' \
'--sign-key=[Sign with the private key in FILE. The public key is known by the same name with .pub.]:FILE:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--reset-signatures[Drop the signatures the files have.]' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
'*::ARGUMENT:_default' \
&& ret=0
;;
(keygen)
_arguments "${_arguments_options[@]}" : \
'--bits=[The size of the key (default 4096, at least 2048).]:N:_default' \
'--arch=[Use this architecture; given again, accept packages of that one too. With --root it is also recorded in the root.]:ARCH:_default' \
'--cache=[Use the local cache (default yes). Without it indexes are read for this run only.]::BOOL:(yes no)' \
'--cache-dir=[Keep the cache in DIR, relative to the root.]:DIR:_default' \
'--cache-max-age=[Refresh cached indexes older than this (default 240).]:MINUTES:_default' \
'--cache-packages=[Keep the files of installed packages in the cache.]::BOOL:(yes no)' \
'--cache-predownload=[Fetch all packages into the cache before anything is changed.]::BOOL:(yes no)' \
'--check-certificate=[Verify the certificates of servers (default yes).]::BOOL:(yes no)' \
'--explain=[When packages cannot be selected, say in words why, and what may help (default yes; auto does on terminals). --no-explain answers as apk-tools does and prints its report alone.]::AUTO:(yes no auto)' \
'-i+[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--interactive=[Ask before changing anything; auto asks when standard output is a terminal.]::AUTO:(yes no auto)' \
'--keys-dir=[Trust the keys in DIR, relative to the root, and no others.]:DIR:_default' \
'--legacy-info=[Sentences as output of info (default yes); no gives records.]::BOOL:(yes no)' \
'--logfile=[Write var/log/apk.log (default yes).]::BOOL:(yes no)' \
'--network=[Use the network (default yes). Without it only cached files are used.]::BOOL:(yes no)' \
'--preserve-env=[Pass the environment on to scripts.]::BOOL:(yes no)' \
'--pretty-print=[Sizes and dates for people in query results; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--preupgrade-depends=[Upgrade these first when upgrading the system.]:DEPS:_default' \
'--progress=[Show a progress bar; auto when standard output is a terminal.]::AUTO:(yes no auto)' \
'--progress-fd=[Write progress as lines to this file descriptor.]:FD:_default' \
'--purge=[Also delete changed configuration files, or cached packages.]::BOOL:(yes no)' \
'--repositories-file=[Read repositories from FILE, relative to the current directory, instead of those of the root.]:FILE:_default' \
'-X+[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository=[Also use this repository, a URL or a directory.]:REPO:_default' \
'--repository-config=[Also use the repositories in TEXT, written as in a repositories file.]:TEXT:_default' \
'-p+[Work on the root directory DIR.]:DIR:_default' \
'--root=[Work on the root directory DIR.]:DIR:_default' \
'--root-tmpfs=[Treat the root as lost at reboot; auto looks at its file system.]::AUTO:(yes no auto)' \
'--solver=[How packages are chosen\: apk, as apk-tools does, or complete, which goes on to search where that fails and says what it chose instead (default, but with --no-explain).]:HOW:_default' \
'--sync=[Flush disks after a commit; auto only for the running system.]::AUTO:(yes no auto)' \
'--timeout=[Give up when the network is silent for this long (default 60).]:SECONDS:_default' \
'--uvol-manager=[Volume manager of OpenWrt; not supported.]:PATH:_default' \
'--wait=[Wait this long for the lock of the database.]:SECONDS:_default' \
'--allow-untrusted[Accept packages and indexes without a trusted signature.]' \
'--no-cache[Same as --cache=no.]' \
'--no-cache-packages[Same as --cache-packages=no.]' \
'--no-cache-predownload[Same as --cache-predownload=no.]' \
'--no-check-certificate[Same as --check-certificate=no.]' \
'--no-explain[Same as --explain=no.]' \
'-f[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force[Same as --force-overwrite --force-old-apk --force-non-repository --force-binary-stdout; prefer the single ones.]' \
'--force-binary-stdout[Write binary data to standard output even if it is a terminal.]' \
'--force-broken-world[Drop constraints of world until the rest can be satisfied, and go on with missing tags.]' \
'--force-missing-repositories[Go on although an index is stale or missing.]' \
'--force-no-chroot[Run scripts without changing the root directory.]' \
'--force-non-repository[Add a package that will be lost at the next reboot.]' \
'--force-old-apk[Go on with packages that use features this program does not know.]' \
'--force-overwrite[Overwrite files that belong to other packages.]' \
'--force-refresh[Ask servers, not the caches on the way.]' \
'-h[Show help and exit.]' \
'--help[Show help and exit.]' \
'--no-interactive[Same as --interactive=no.]' \
'--no-legacy-info[Same as --legacy-info=no.]' \
'--no-logfile[Same as --logfile=no.]' \
'--no-network[Same as --network=no.]' \
'--no-preserve-env[Same as --preserve-env=no.]' \
'--no-pretty-print[Same as --pretty-print=no.]' \
'--print-arch[Print the architecture this program was built for and exit.]' \
'--no-progress[Same as --progress=no.]' \
'--no-purge[Same as --purge=no.]' \
'-q[Print less.]' \
'--quiet[Print less.]' \
'--no-root-tmpfs[Same as --root-tmpfs=no.]' \
'--no-sync[Same as --sync=no.]' \
'-U[Same as --cache-max-age 0.]' \
'--update-cache[Same as --cache-max-age 0.]' \
'-v[Print more; may be repeated.]' \
'--verbose[Print more; may be repeated.]' \
'-V[Print the version and exit.]' \
'--version[Print the version and exit.]' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_apk_commands] )) ||
_apk_commands() {
    local commands; commands=(
'add:Add packages to world and install them.' \
'del:Remove packages from world and uninstall them.' \
'fix:Repair packages without changing world.' \
'upgrade:Upgrade installed packages.' \
'update:Refresh the indexes of repositories.' \
'info:Show what is known about packages.' \
'explain:Say why packages are installed, not upgraded, or not installable.' \
'list:List packages.' \
'search:Search packages.' \
'query:Query package records.' \
'policy:Show where versions come from.' \
'dot:Draw dependencies as a graph.' \
'stats:Show statistics.' \
'fetch:Download packages.' \
'cache:Maintain the package cache.' \
'version:Compare installed with available versions.' \
'audit:Compare a root with its database.' \
'verify:Check package files.' \
'manifest:List digests of packaged files.' \
'extract:Unpack package files.' \
'build:Make a v2 package from a directory.' \
'index:Make the index of a v2 repository.' \
'sign:Sign packages and indexes.' \
'keygen:Make a key pair for signing.' \
    )
    _describe -t commands 'apk commands' commands "$@"
}
(( $+functions[_apk__subcmd__add_commands] )) ||
_apk__subcmd__add_commands() {
    local commands; commands=()
    _describe -t commands 'apk add commands' commands "$@"
}
(( $+functions[_apk__subcmd__audit_commands] )) ||
_apk__subcmd__audit_commands() {
    local commands; commands=()
    _describe -t commands 'apk audit commands' commands "$@"
}
(( $+functions[_apk__subcmd__build_commands] )) ||
_apk__subcmd__build_commands() {
    local commands; commands=()
    _describe -t commands 'apk build commands' commands "$@"
}
(( $+functions[_apk__subcmd__cache_commands] )) ||
_apk__subcmd__cache_commands() {
    local commands; commands=()
    _describe -t commands 'apk cache commands' commands "$@"
}
(( $+functions[_apk__subcmd__del_commands] )) ||
_apk__subcmd__del_commands() {
    local commands; commands=()
    _describe -t commands 'apk del commands' commands "$@"
}
(( $+functions[_apk__subcmd__dot_commands] )) ||
_apk__subcmd__dot_commands() {
    local commands; commands=()
    _describe -t commands 'apk dot commands' commands "$@"
}
(( $+functions[_apk__subcmd__explain_commands] )) ||
_apk__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'apk explain commands' commands "$@"
}
(( $+functions[_apk__subcmd__extract_commands] )) ||
_apk__subcmd__extract_commands() {
    local commands; commands=()
    _describe -t commands 'apk extract commands' commands "$@"
}
(( $+functions[_apk__subcmd__fetch_commands] )) ||
_apk__subcmd__fetch_commands() {
    local commands; commands=()
    _describe -t commands 'apk fetch commands' commands "$@"
}
(( $+functions[_apk__subcmd__fix_commands] )) ||
_apk__subcmd__fix_commands() {
    local commands; commands=()
    _describe -t commands 'apk fix commands' commands "$@"
}
(( $+functions[_apk__subcmd__index_commands] )) ||
_apk__subcmd__index_commands() {
    local commands; commands=()
    _describe -t commands 'apk index commands' commands "$@"
}
(( $+functions[_apk__subcmd__info_commands] )) ||
_apk__subcmd__info_commands() {
    local commands; commands=()
    _describe -t commands 'apk info commands' commands "$@"
}
(( $+functions[_apk__subcmd__keygen_commands] )) ||
_apk__subcmd__keygen_commands() {
    local commands; commands=()
    _describe -t commands 'apk keygen commands' commands "$@"
}
(( $+functions[_apk__subcmd__list_commands] )) ||
_apk__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'apk list commands' commands "$@"
}
(( $+functions[_apk__subcmd__manifest_commands] )) ||
_apk__subcmd__manifest_commands() {
    local commands; commands=()
    _describe -t commands 'apk manifest commands' commands "$@"
}
(( $+functions[_apk__subcmd__policy_commands] )) ||
_apk__subcmd__policy_commands() {
    local commands; commands=()
    _describe -t commands 'apk policy commands' commands "$@"
}
(( $+functions[_apk__subcmd__query_commands] )) ||
_apk__subcmd__query_commands() {
    local commands; commands=()
    _describe -t commands 'apk query commands' commands "$@"
}
(( $+functions[_apk__subcmd__search_commands] )) ||
_apk__subcmd__search_commands() {
    local commands; commands=()
    _describe -t commands 'apk search commands' commands "$@"
}
(( $+functions[_apk__subcmd__sign_commands] )) ||
_apk__subcmd__sign_commands() {
    local commands; commands=()
    _describe -t commands 'apk sign commands' commands "$@"
}
(( $+functions[_apk__subcmd__stats_commands] )) ||
_apk__subcmd__stats_commands() {
    local commands; commands=()
    _describe -t commands 'apk stats commands' commands "$@"
}
(( $+functions[_apk__subcmd__update_commands] )) ||
_apk__subcmd__update_commands() {
    local commands; commands=()
    _describe -t commands 'apk update commands' commands "$@"
}
(( $+functions[_apk__subcmd__upgrade_commands] )) ||
_apk__subcmd__upgrade_commands() {
    local commands; commands=()
    _describe -t commands 'apk upgrade commands' commands "$@"
}
(( $+functions[_apk__subcmd__verify_commands] )) ||
_apk__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'apk verify commands' commands "$@"
}
(( $+functions[_apk__subcmd__version_commands] )) ||
_apk__subcmd__version_commands() {
    local commands; commands=()
    _describe -t commands 'apk version commands' commands "$@"
}

if [ "$funcstack[1]" = "_apk" ]; then
    _apk "$@"
else
    compdef _apk apk
fi
