//! Telling known scripts by their interpreter and their body (native-triggers, sections 1.3
//! and 4).

use super::shell::Script;
use crate::formats::v2::control::ScriptKind;
use bstr::{BString, ByteSlice};

/// Programs that are a shell, as interpreter lines name them.
const SHELLS: [&str; 10] = [
    "/bin/sh",
    "/bin/sh -e",
    "/bin/ash",
    "/bin/ash -e",
    "/usr/bin/sh",
    "/usr/bin/env sh",
    "/bin/busybox sh",
    "/bin/busybox ash",
    "/usr/bin/busybox sh",
    "/usr/bin/busybox ash",
];

/// The lines of the trigger of busybox, with `/usr/bin` written as `/bin`. Releases differ in
/// whether they have those that are not required.
const TRIGGER: [(&str, bool); 11] = [
    ("do_bb_install=", true),
    ("for i in \"$@\"; do", true),
    ("case \"$i\" in", true),
    (MODULES, false),
    ("*) do_bb_install=yes;;", true),
    ("esac\ndone", true),
    ("if [ -n \"$do_bb_install\" ]; then", true),
    ("[ -e /bin/bbsuid ] && /bin/bbsuid --install", false),
    (
        "[ -e /bin/busybox-extras ] && /bin/busybox-extras --install -s",
        false,
    ),
    ("/bin/busybox --install -s", true),
    ("fi", true),
];

/// What the trigger does for directories of kernel modules.
const MODULES: &str = r#"/lib/modules/*)
target=$(readlink -f "$(command -v depmod || true)")
if [ -d "$i" ] && [ "$target" = "/bin/busybox" ]; then
/bin/busybox depmod ${i#/lib/modules/}
fi
;;"#;

/// What busybox does when it is upgraded: links of applets it no longer has go.
const UPGRADE: &str = r#"cd /
( find bin sbin usr/bin usr/sbin -maxdepth 1 -type l; busybox --list-all) \
| sort | uniq -u \
| xargs -r stat -c "%N" 2>/dev/null \
| awk "\$3 == \"'/bin/busybox'\" {print \$1}" \
| sed "s/^'//; s/'$//" \
| xargs -r rm
for link in /bin/ping /bin/ping6; do
if [ -L "$link" ] && [ "$(readlink $link)" = "/bin/bbsuid" ]; then
rm "$link"
fi
done
exec /bin/busybox --install -s"#;

/// What the base layout of Alpine does once its files are there.
const BASELAYOUT: &str = r##"create_vserver_startstop() {
cat <<__EOF__
case \${0##*/} in
rcL)
RUNLEVEL=1 /sbin/rc sysinit || exit 1
/sbin/rc boot || exit 1
/sbin/rc \${1:-default}
exit 0
;;
rcK)
/sbin/rc shutdown
;;
esac
__EOF__
}
if [ -x /sbin/rc ] && [ "$( /sbin/rc --sys )" = "VSERVER" ]; then
if ! [ -e /etc/init.d/rcL ]; then
create_vserver_startstop > /etc/init.d/rcL
chmod +x /etc/init.d/rcL
fi
if ! [ -e /etc/init.d/rcK ]; then
ln -s rcL /etc/init.d/rcK
fi
fi
chown root:shadow /etc/shadow
chmod 640 /etc/shadow
case "$(readlink /etc/profile.d/color_prompt.sh 2>/dev/null || true)" in
color_prompt) ln -sf color_prompt.sh.disabled /etc/profile.d/color_prompt.sh;;
esac
exit 0"##;

/// Moves services of very old systems to where they are now.
const RUNLEVELS: &str = r#"rc_update() {
local svc="$1"
local level="$2"
mkdir -p /etc/runlevels/$level
ln -sf /etc/init.d/$svc /etc/runlevels/$level
}
if [ ! -d etc/rcS.d ] && [ ! -d etc/rcL.d ]; then
exit 0
fi
for i in etc/rc[SL].d/*; do
[ -L "$i" ] || continue
oldsvc=${i##*/S[0-9][0-9]}
case "$oldsvc" in
modutils)	svc=modules;;
procps)		svc=sysctl;;
bootmisc.sh) 	svc=bootmisc;;
keymap)		svc=keymaps;;
rc.local)	svc=local;;
*)		svc=$oldsvc;;
esac
case "$svc" in
syslog|klogd)
rc_update $svc sysinit;;
hwclock|modules|sysctl|hostname|keymaps|bootmisc)
rc_update $svc boot;;
*)	rc_update $svc default;;
esac
rm $i
done"#;

/// What a known script does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Makes the links of busybox applets.
    Links(Links),
    /// Makes the cache of shared libraries.
    LibraryCache,
    /// Makes users, groups and a few links, line by line.
    Accounts(Script),
    /// Gives `etc/shadow` to its group, as the base layout of Alpine does.
    Baselayout,
    /// Moves services out of `etc/rcS.d` and `etc/rcL.d`, where there are any.
    Runlevels,
    /// Only prints, or tells running programs: nothing is left to do in the files of a root.
    Idle,
}

/// The ways links of busybox are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Links {
    /// A trigger: for directories of programs, not of kernel modules. The path of busybox.
    Trigger(BString),
    /// After an upgrade, when links of former applets go. The path of busybox.
    Upgrade(BString),
    /// A plain script.
    Script(Script),
}

impl Known {
    /// Whether doing it in-process comes to the same as the script, whatever the circumstances:
    /// it makes links and caches out of what is in the root.
    pub fn is_same_job(&self) -> bool {
        matches!(self, Known::Links(_) | Known::LibraryCache)
    }
}

/// What a script of a package does, if that is known.
pub fn recognise(kind: ScriptKind, data: &[u8]) -> Option<Known> {
    let (interpreter, body) = split(data)?;
    let text = normalised(body);
    let plain = text.replace("/usr/bin/", "/bin/");
    let shell = !interpreter.ends_with("-e");
    if shell && kind == ScriptKind::Trigger && is_trigger(&plain) {
        return Some(Known::Links(Links::Trigger(target(&text)?)));
    }
    let after = matches!(kind, ScriptKind::PostInstall | ScriptKind::PostUpgrade);
    if shell && after && plain == UPGRADE.as_bytes() {
        return Some(Known::Links(Links::Upgrade(target(&text)?)));
    }
    // Normalising took `#!/bin/sh` and its comment out of the text inside.
    if shell && after && text == BASELAYOUT.as_bytes() {
        return Some(Known::Baselayout);
    }
    if shell && after && text == RUNLEVELS.as_bytes() {
        return Some(Known::Runlevels);
    }
    let body = match shell {
        true => BString::from(body),
        false => BString::from([b"set -e\n", body].concat()),
    };
    let script = Script::parse(&body).ok()?;
    Some(if script.only_prints() {
        Known::Idle
    } else if script.only_installs_links() {
        Known::Links(Links::Script(script))
    } else {
        Known::Accounts(script)
    })
}

/// What a commit hook does after a commit, if that is known; before one it does nothing.
pub fn recognise_hook(data: &[u8]) -> Option<Known> {
    let (_, body) = split(data)?;
    let text = normalised(body);
    let known = ["/usr/bin/ldconfig", "/usr/sbin/ldconfig", "/sbin/ldconfig"]
        .iter()
        .map(|program| format!("if [ \"$1\" = \"post-commit\" ]; then\n{program}\nfi"))
        .any(|known| known.as_bytes() == text);
    known.then_some(Known::LibraryCache)
}

/// The interpreter, when it is a shell, and what follows its line.
fn split(data: &[u8]) -> Option<(&'static str, &[u8])> {
    let (line, body) = data.strip_prefix(b"#!")?.split_once_str("\n")?;
    let line = line.trim_ascii();
    let interpreter = SHELLS.iter().find(|shell| shell.as_bytes() == line)?;
    Some((interpreter, body))
}

/// Lines without blanks around them, comments and empty lines left out.
fn normalised(body: &[u8]) -> Vec<u8> {
    let lines = body
        .lines()
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    bstr::join("\n", lines)
}

/// Whether a text is the trigger of busybox.
fn is_trigger(text: &[u8]) -> bool {
    let mut rest = text;
    for (lines, required) in TRIGGER {
        let after = rest.strip_prefix(lines.as_bytes()).and_then(|after| {
            let ends = after.is_empty() || after.starts_with(b"\n");
            ends.then(|| after.strip_prefix(b"\n").unwrap_or(after))
        });
        match after {
            Some(after) => rest = after,
            None if required => return false,
            None => {}
        }
    }
    rest.is_empty()
}

/// The busybox a text calls to install its links.
fn target(text: &[u8]) -> Option<BString> {
    let line = text
        .lines()
        .rev()
        .find_map(|line| line.strip_suffix(b"busybox --install -s"))?;
    let directory = line.strip_prefix(b"exec ").unwrap_or(line);
    match directory {
        b"/bin/" | b"/usr/bin/" => Some([directory, b"busybox"].concat().into()),
        _ => None,
    }
}
