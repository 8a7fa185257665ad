use super::rig;

#[test]
fn figures() {
    let rig = rig();
    let text = "installed:\n  packages: 3\n  dirs: 0\n  files: 0\n  bytes: 0\n  triggers: 0\navailable:\n  names: 5\n  packages: 5\natoms:\n  num: 8\n";
    rig.apk(&["stats"]).check(0, &format!("{text}\n"), "");
    rig.apk(&["stats", "--format", "yaml"]).check(0, text, "");
    let json = "{\n  \"installed\": {\n    \"packages\": 3,\n    \"dirs\": 0,\n    \"files\": 0,\n    \"bytes\": 0,\n    \"triggers\": 0\n  },\n  \"available\": {\n    \"names\": 5,\n    \"packages\": 5\n  },\n  \"atoms\": {\n    \"num\": 8\n  }\n}\n";
    rig.apk(&["stats", "--format", "json"]).check(0, json, "");
}
