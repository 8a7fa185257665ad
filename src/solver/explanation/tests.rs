use crate::formats::index::Index;
use crate::formats::v2::index::IndexText;
use crate::package::{Architectures, Checksum, Dependency};
use crate::solver::{Catalog, Explanation, Repository, commands, solve};
use crate::trust::Verified;
use std::sync::Arc;

fn index(records: &str) -> Arc<Index> {
    let mut text = String::new();
    for (at, record) in records.lines().enumerate() {
        let mut fields = record.split('|');
        let (name, version) = fields.next().unwrap().split_once(' ').unwrap();
        let mut id = [0; 20];
        id[0] = at as u8;
        id[1] = name.len() as u8;
        id[2] = name.as_bytes()[0];
        text += &format!(
            "C:{}\nP:{name}\nV:{version}\nS:1\nI:1\n",
            Checksum::Sha1(id)
        );
        for field in fields {
            text += field;
            text.push('\n');
        }
        text.push('\n');
    }
    Arc::new(IndexText::parse(text.into_bytes()).unwrap().into())
}

fn explanation(repositories: &[(&str, &str)], add: &str) -> Box<Explanation> {
    let architectures = Architectures::new(vec!["x86_64".into()]);
    let mut catalog = Catalog::new(architectures, &[]);
    for (tag, records) in repositories {
        let repository = Repository {
            tags: vec![(*tag).into()],
            index: Some(Verified::unchecked(index(records))),
            available: true,
        };
        catalog.add_repository(repository).unwrap();
    }
    let deps = add
        .split(' ')
        .map(|word| Dependency::parse(word.as_bytes()).unwrap());
    let mut request = commands::add(&[], deps.collect(), crate::solver::Flags::NONE);
    request.complete = true;
    request.explain = true;
    let failure = solve(&catalog, &request).unwrap_err();
    let explanation = failure.explanation.unwrap();
    assert!(explanation.minimal);
    explanation
}

fn lines(repositories: &[(&str, &str)], add: &str) -> Vec<String> {
    explanation(repositories, add)
        .lines()
        .iter()
        .skip(1)
        .map(|line| line.to_string())
        .collect()
}

#[test]
fn a_pinned_version_that_is_gone() {
    let want = [
        "  curl=8.2.1-r0 is not in any repository; 8.5.0-r0 is",
        "  you asked for curl=8.2.1-r0",
    ];
    assert_eq!(
        lines(&[("", "curl 8.5.0-r0\nother 1")], "curl=8.2.1-r0 other"),
        want
    );
}

#[test]
fn a_mistyped_name() {
    let want = [
        "  no package is called or provides ngnix",
        "  you asked for ngnix",
        "Hint: did you mean nginx instead of ngnix?",
    ];
    assert_eq!(lines(&[("", "nginx 1\ncurl 1")], "ngnix"), want);
}

#[test]
fn a_virtual_name() {
    let records = "web 1|D:httpd\nnginx 1|p:httpd\nlighttpd 1|p:httpd\nlighttpd 2|p:httpd";
    let want = [
        "  nginx-1, lighttpd-1 and lighttpd-2 provide httpd, which none is chosen for unless named",
        "  web-1 needs httpd",
        "  you asked for web",
        "Hint: httpd is provided by nginx and lighttpd; choose one, as with `apk add nginx`",
    ];
    assert_eq!(lines(&[("", records)], "web"), want);
}

#[test]
fn tags_and_architectures() {
    let want = [
        "  edge-2 is only in the repository tagged @testing",
        "  you asked for edge",
        "Hint: to allow that repository: `apk add edge@testing`",
    ];
    assert_eq!(lines(&[("", "lib 1"), ("testing", "edge 2")], "edge"), want);
    let want = ["  bad-1 is for architecture sparc64", "  you asked for bad"];
    assert_eq!(lines(&[("", "bad 1|A:sparc64")], "bad"), want);
}

#[test]
fn a_conflict_between_two_requests() {
    let records = "a 1|D:p\np 1|D:r>1\nb 1|D:q\nq 1|D:r<2\nr 1\nr 2\nunrelated 1|D:r";
    let want = [
        "  only one of r-1 and r-2 can be installed, because of the name r",
        "  p-1 needs r>1",
        "  q-1 needs r<2",
        "  a-1 needs p",
        "  b-1 needs q",
        "  you asked for a",
        "  you asked for b",
    ];
    assert_eq!(lines(&[("", records)], "a b unrelated"), want);
}

#[test]
fn a_long_chain_has_its_ends() {
    let mut records: Vec<String> = (0..40)
        .flat_map(|at| [1, 2].map(|version| format!("n{at} {version}|D:n{}", at + 1)))
        .collect();
    records.push("n40 1|D:missing".into());
    let explanation = explanation(&[("", &records.join("\n"))], "n0");
    let [chain] = &explanation.chains[..] else {
        panic!("{:?}", explanation.chains);
    };
    assert_eq!(chain.len(), 32);
    assert_eq!(chain[0], "n0");
    assert_eq!(chain[15], "...");
    assert_eq!(chain[30..], ["n40-1", "missing"]);
    let lines = explanation.lines();
    assert_eq!(lines[1], "  no package is called or provides missing");
    assert_eq!(lines[13], "  and 27 more causes");
    assert_eq!(lines[17], "  you asked for n0");
}

#[test]
fn every_wish_that_nothing_meets_is_told() {
    let want = [
        "  no package is called or provides crul",
        "  you asked for crul",
        "  also, nginx=9 is not in any repository; 1 is",
        "Hint: did you mean curl instead of crul?",
    ];
    assert_eq!(lines(&[("", "nginx 1\ncurl 1")], "crul nginx=9"), want);
}
