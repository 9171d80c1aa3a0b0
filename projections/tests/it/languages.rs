//! A suite in many languages for every search engine, from `testing/languages/search.tsv`. A line states what a query must
//! find among all texts of its language, what must come first, or that nothing is found.

use std::collections::BTreeMap;

use projections::search::{IndexedKind, SearchEngine};
use uuid::Uuid;

use crate::search::{document, open_engines, query};

struct Case {
    expectation: String,
    query: String,
    text: String,
}

fn load_cases() -> BTreeMap<String, Vec<Case>> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../testing/languages/search.tsv"
    );
    let text = std::fs::read_to_string(path).unwrap();
    let mut cases: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [language, expectation, query, text] = cells.as_slice() else {
            panic!("expected four cells: {line}");
        };
        cases.entry((*language).to_owned()).or_default().push(Case {
            expectation: (*expectation).to_owned(),
            query: (*query).to_owned(),
            text: (*text).to_owned(),
        });
    }
    cases
}

/// Runs the cases of a language and returns the failures.
async fn run_cases(engine: &SearchEngine, language: &str, cases: &[Case]) -> Vec<String> {
    let reader = Uuid::now_v7();
    let mut ids: BTreeMap<&str, Uuid> = BTreeMap::new();
    let mut documents = Vec::new();
    // Texts that must come first are the oldest, so that their age does not put them there.
    let is_first = |text: &str| {
        cases
            .iter()
            .any(|case| case.text == text && case.expectation == "first")
    };
    for case in cases.iter().filter(|case| !case.text.is_empty()) {
        if !ids.contains_key(case.text.as_str()) {
            let age = if is_first(&case.text) { 0 } else { 1_000 };
            let seconds = i64::try_from(documents.len()).unwrap() + age;
            let document = document(reader, IndexedKind::Message, &case.text, seconds);
            ids.insert(&case.text, document.id);
            documents.push(document);
        }
    }
    engine.update(&documents, &[]).await.unwrap();
    let mut failures = Vec::new();
    for case in cases {
        let expected = ids.get(case.text.as_str());
        let found = engine.find(&query(reader, &case.query)).await.unwrap();
        let is_met = match case.expectation.as_str() {
            "beside" => true,
            "found" => expected.is_some_and(|id| found.contains(id)),
            "first" => found.first() == expected && expected.is_some(),
            "nothing" => found.is_empty(),
            other => panic!("unknown expectation {other}"),
        };
        if !is_met {
            let line = format!(
                "{language} {} {:?} {:?}",
                case.expectation, case.query, case.text
            );
            failures.push(format!("{}: {line} ({} found)", engine.name(), found.len()));
        }
    }
    failures
}

#[tokio::test]
async fn words_of_every_language_are_found() {
    let cases = load_cases();
    assert!(cases.len() >= 12, "{:?}", cases.keys());
    for engine in open_engines().await {
        let mut all = Vec::new();
        for (language, cases) in &cases {
            all.extend(run_cases(&engine, language, cases).await);
        }
        assert!(all.is_empty(), "{}", all.join("\n"));
    }
}

#[tokio::test]
async fn an_exact_match_comes_before_any_number_of_newer_prefix_matches() {
    for engine in open_engines().await {
        let reader = Uuid::now_v7();
        let mut documents = vec![document(
            reader,
            IndexedKind::Message,
            "Pi is 3.14 here.",
            0,
        )];
        let newer = (1..1_200).map(|n| format!("Price {n}: 3.14{n}, and cats{n}."));
        let newer = newer
            .zip(1..)
            .map(|(text, n)| document(reader, IndexedKind::Message, &text, n));
        documents.extend(newer);
        documents.push(document(reader, IndexedKind::Message, "The cat.", -1));
        engine.update(&documents, &[]).await.unwrap();
        for (text, expected) in [("3.14", 0), ("cat", documents.len() - 1)] {
            let found = engine.find(&query(reader, text)).await.unwrap();
            assert_eq!(found.first(), Some(&documents[expected].id), "{text}");
            assert_eq!(found.len(), 10);
        }
    }
}

#[tokio::test]
async fn words_anywhere_in_a_long_text_are_found_once() {
    for engine in open_engines().await {
        if engine.name() != "postgres" {
            continue;
        }
        let reader = Uuid::now_v7();
        let filler: String = (0..250_000).map(|n| format!("w{n:x} ")).collect();
        let text = format!("beginning {filler} the-very-end 会议室");
        let mut long = document(reader, IndexedKind::Message, &text, 1);
        engine
            .update(std::slice::from_ref(&long), &[])
            .await
            .unwrap();
        for text in ["beginning", "w3d08f", "very-end", "会议", "w"] {
            let found = engine.find(&query(reader, text)).await.unwrap();
            assert_eq!(found, [long.id], "{text}");
        }
        // All extra rows are deleted when the text becomes shorter or is removed.
        long.content = "beginning".to_owned();
        engine
            .update(std::slice::from_ref(&long), &[])
            .await
            .unwrap();
        assert!(
            engine
                .find(&query(reader, "会议"))
                .await
                .unwrap()
                .is_empty()
        );
        engine.update(&[], &[long.id]).await.unwrap();
        assert!(
            engine
                .find(&query(reader, "beginning"))
                .await
                .unwrap()
                .is_empty()
        );
    }
}
