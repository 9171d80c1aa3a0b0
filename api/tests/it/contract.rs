//! The contract: every operation has a name, a tag and a policy.

use std::collections::HashSet;

use serde_json::Value;

/// Operations that need no session, each with its reason.
const PUBLIC: &[&str] = &[
    "getSetup", // only reveals whether setup is complete
    "setUp",    // guarded by the one-time token
    "register", // guarded by the registration policy
    "login",    // starts a session
    "refresh",  // guarded by the refresh token
];

#[test]
fn every_operation_has_a_name_a_tag_and_a_policy() {
    let spec: Value = serde_json::from_str(api::contract_text()).unwrap();
    let mut names = HashSet::new();
    for (path, operations) in spec["paths"].as_object().unwrap() {
        assert!(path.starts_with("/api/v1/"), "{path}");
        assert!(
            path.chars()
                .all(|c| !c.is_uppercase() && c != '_' || path.contains('{')),
            "{path}"
        );
        for (method, operation) in operations.as_object().unwrap() {
            let name = operation["operationId"]
                .as_str()
                .unwrap_or_else(|| panic!("{method} {path} has no name"));
            assert!(names.insert(name.to_owned()), "{name} twice");
            assert_eq!(
                operation["tags"].as_array().map(Vec::len),
                Some(1),
                "{name} needs one `Tag`"
            );
            assert!(
                operation["summary"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{name} needs a doc comment, whose first paragraph is the summary"
            );
            let guarded = operation["security"]
                .as_array()
                .is_some_and(|list| !list.is_empty());
            assert_eq!(
                guarded,
                !PUBLIC.contains(&name),
                "{name} needs a session: take a `Ctx`, or add it to PUBLIC with the reason"
            );
        }
    }
    assert!(PUBLIC.iter().all(|name| names.contains(*name)));
}
