//! Finding passages among more than are counted, and what a run is given around those that were found.

use domain::assistant::Editor;
use domain::document::{Document, DocumentCommand, Extent, Passage, SourceFile};
use domain::file::MediaType;
use domain::knowledge::{Chunking, Description, KnowledgeBase, KnowledgeCommand, Readers};
use domain::user::Role;
use eventstore::executor::step;
use projections::knowledge::retrieval::{self, RetrievalModels, ScoredPassage};
use projections::response::grounding;
use uuid::Uuid;

use crate::fixture::Fixture;

/// Documents of so many passages each: more together than are counted one by one.
const DOCUMENTS: u32 = 3;
const PASSAGES: u32 = 1_000;

/// A knowledge base of a user's with documents whose passages hold what is said of their numbers.
async fn base(f: &Fixture, owner: Uuid, text: impl Fn(u32) -> String) -> Uuid {
    let base = Uuid::now_v7();
    let create = KnowledgeCommand::CreateKnowledgeBase {
        owner: Editor {
            user_id: owner,
            role: Role::User,
        },
        description: Description::parse(base, "Handbook", "", []).unwrap(),
        readers: Readers::Nobody,
        chunking: Chunking::default(),
    };
    f.execute(vec![step::<KnowledgeBase>(base, None, create)])
        .await;
    for document in 0..DOCUMENTS {
        let numbers = (0..PASSAGES).map(|number| document * PASSAGES + number);
        let texts: Vec<String> = numbers.map(&text).collect();
        add(f, base, owner, &texts).await;
    }
    f.project_all().await;
    base
}

async fn add(f: &Fixture, base: Uuid, owner: Uuid, texts: &[String]) {
    let document_id = Uuid::now_v7();
    let passages = (0..).zip(texts).map(|(number, text)| Passage {
        id: Uuid::now_v7(),
        number,
        text: text.clone(),
        headings: vec![format!("Section {}", number / 10)],
        page: None,
        page_name: None,
        language: "en".to_owned(),
    });
    let commands = [
        DocumentCommand::AddDocument {
            document_id,
            knowledge_base_id: base,
            added_by: owner,
            source: SourceFile {
                file_id: Uuid::now_v7(),
                name: "a.md".to_owned(),
                media_type: MediaType::from_name("text/markdown"),
                size: 1,
            },
        },
        DocumentCommand::StartProcessing { attempt: 1 },
        DocumentCommand::AddPassages {
            document_id,
            attempt: 1,
            passages: passages.collect(),
        },
        DocumentCommand::CompleteProcessing {
            attempt: 1,
            extent: Extent {
                pages: None,
                passages: PASSAGES,
                characters: 1,
            },
            left_out: vec![],
        },
    ];
    for command in commands {
        f.execute(vec![step::<Document>(document_id, None, command)])
            .await;
    }
}

async fn find(f: &Fixture, base: Uuid, question: &str) -> Vec<ScoredPassage> {
    let found = retrieval::find(&f.pool, RetrievalModels::default(), &[base], question, 8).await;
    found.unwrap().passages
}

#[tokio::test(flavor = "multi_thread")]
async fn common_words_are_found_and_rare_ones_before_them() {
    let f = Fixture::new().await;
    let ada = f.user("ada").await;
    // All hold harbour, a tenth each lighthouse and buoy, a hundredth both; two hold a walrus.
    let base = base(&f, ada, |n| {
        let lighthouse = if n % 10 == 0 { "lighthouse" } else { "" };
        let buoy = if n % 100 < 11 && n % 100 != 10 {
            "buoy"
        } else {
            ""
        };
        let walrus = if n == 1_234 || n == 2_345 {
            "walrus"
        } else {
            ""
        };
        format!("The harbour of town {n} {lighthouse} {buoy} {walrus}")
    })
    .await;

    let everywhere = find(&f, base, "Where is the harbour?").await;
    assert_eq!(everywhere.len(), 8);
    assert!(everywhere.iter().all(|one| one.coverage > 0.99));

    let both = find(&f, base, "lighthouse and buoy").await;
    assert_eq!(both.len(), 8);
    for one in &both {
        let text = &one.passage.text;
        assert!(
            text.contains("lighthouse") && text.contains("buoy"),
            "{text}"
        );
    }

    let rare = find(&f, base, "Is there a walrus in the harbour?").await;
    let walrus: Vec<bool> = rare
        .iter()
        .map(|one| one.passage.text.contains("walrus"))
        .collect();
    assert_eq!(
        walrus,
        [true, true, false, false, false, false, false, false]
    );
    assert!(rare[0].coverage > rare[2].coverage);

    assert!(find(&f, base, "xylophone").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_given_what_stands_around_what_was_found_in_its_section() {
    let f = Fixture::new().await;
    let (ada, bob) = (f.user("ada").await, f.user("bob").await);
    let base = base(&f, ada, |n| match n {
        // The first of a section, and one with neighbours on both sides.
        1_230 => "A walrus came. It".to_owned(),
        1_231 => "It stayed.".to_owned(),
        _ => format!("Day {n} was calm."),
    })
    .await;
    let by = (&f.pool, RetrievalModels::default());
    let given = grounding::find(by, ada, &[base], "walrus").await.unwrap();
    assert_eq!(given[0].text, "A walrus came. It");
    // What stands before belongs to another section, and what both share is told once.
    assert_eq!(
        (given[0].before.as_str(), given[0].after.as_str()),
        ("", " stayed.")
    );

    let given = grounding::find(by, ada, &[base], "What of day 2345?")
        .await
        .unwrap();
    let one = given
        .iter()
        .find(|one| one.text == "Day 2345 was calm.")
        .unwrap();
    assert_eq!(one.before, "Day 2344 was calm.");
    assert_eq!(one.after, "Day 2346 was calm.");
    assert!(
        grounding::find(by, bob, &[base], "walrus")
            .await
            .unwrap()
            .is_empty()
    );
}
