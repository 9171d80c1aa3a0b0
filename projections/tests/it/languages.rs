//! One suite in many languages for every search engine: `testing/languages/search.tsv`. A line says what a query must
//! find among all texts of its language, what must come first, or that nothing is found.

use std::collections::BTreeMap;

use projections::search::{IndexedKind, SearchEngine};
use uuid::Uuid;

use crate::search::{document, engines, query};

struct Case {
    expectation: String,
    query: String,
    text: String,
}

fn cases() -> BTreeMap<String, Vec<Case>> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../testing/languages/search.tsv"
    );
    let text = std::fs::read_to_string(path).unwrap();
    let mut cases: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [language, expectation, query, text] = cells.as_slice() else {
            panic!("four cells are wanted: {line}");
        };
        cases.entry((*language).to_owned()).or_default().push(Case {
            expectation: (*expectation).to_owned(),
            query: (*query).to_owned(),
            text: (*text).to_owned(),
        });
    }
    cases
}

/// What goes wrong with the cases of a language.
async fn failures(engine: &SearchEngine, language: &str, cases: &[Case]) -> Vec<String> {
    let reader = Uuid::now_v7();
    let mut ids: BTreeMap<&str, Uuid> = BTreeMap::new();
    let mut documents = Vec::new();
    // Those to be found first are the oldest, so that age does not put them there.
    let first = |text: &str| {
        cases
            .iter()
            .any(|one| one.text == text && one.expectation == "first")
    };
    for case in cases.iter().filter(|case| !case.text.is_empty()) {
        if !ids.contains_key(case.text.as_str()) {
            let age = if first(&case.text) { 0 } else { 1_000 };
            let seconds = i64::try_from(documents.len()).unwrap() + age;
            let one = document(reader, IndexedKind::Message, &case.text, seconds);
            ids.insert(&case.text, one.id);
            documents.push(one);
        }
    }
    engine.update(&documents, &[]).await.unwrap();
    let mut failures = Vec::new();
    for case in cases {
        let wanted = ids.get(case.text.as_str());
        let found = engine.find(&query(reader, &case.query)).await.unwrap();
        let right = match case.expectation.as_str() {
            "beside" => true,
            "found" => wanted.is_some_and(|id| found.contains(id)),
            "first" => found.first() == wanted && wanted.is_some(),
            "nothing" => found.is_empty(),
            other => panic!("{other} is no expectation"),
        };
        if !right {
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
    let cases = cases();
    assert!(cases.len() >= 12, "{:?}", cases.keys());
    for engine in engines().await {
        let mut all = Vec::new();
        for (language, cases) in &cases {
            all.extend(failures(&engine, language, cases).await);
        }
        assert!(all.is_empty(), "{}", all.join("\n"));
    }
}

#[tokio::test]
async fn what_is_written_exactly_so_is_first_however_much_is_newer() {
    for engine in engines().await {
        // Another engine ranks all that it finds.
        if engine.name() != "postgres" {
            continue;
        }
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
        for (text, wanted) in [("3.14", 0), ("cat", documents.len() - 1)] {
            let found = engine.find(&query(reader, text)).await.unwrap();
            assert_eq!(found.first(), Some(&documents[wanted].id), "{text}");
            assert_eq!(found.len(), 10);
        }
    }
}

#[tokio::test]
async fn words_behind_any_character_are_found_once() {
    for engine in engines().await {
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
        // All of its rows go when it is shorter, and when it is gone.
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
