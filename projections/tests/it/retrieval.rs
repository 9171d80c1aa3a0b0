//! Retrieval among more passages than are counted exactly, and the context that a run receives with them.

use domain::assistant::Editor;
use domain::document::{
    AddDocument, AddPassages, CompleteProcessing, DocumentCommand, Extent, Passage, SourceFile,
    StartProcessing,
};
use domain::file::MediaType;
use domain::knowledge::{Chunking, CreateKnowledgeBase, Description, Readers};
use domain::user::Role;
use eventstore::command::step;
use projections::knowledge::retrieval::{self, RetrievalModels, ScoredPassage};
use projections::response::grounding;
use uuid::Uuid;

use crate::fixture::Fixture;

/// Together more passages than are counted exactly.
const DOCUMENTS: u32 = 3;
const PASSAGES: u32 = 1_000;

/// Creates a knowledge base with documents whose passages get their texts by number.
async fn create_base(fixture: &Fixture, owner: Uuid, text: impl Fn(u32) -> String) -> Uuid {
    let base = Uuid::now_v7();
    let create = CreateKnowledgeBase {
        owner: Editor {
            user_id: owner,
            role: Role::User,
        },
        description: Description::parse(base, "Handbook", "", []).unwrap(),
        readers: Readers::Nobody,
        chunking: Chunking::default(),
    };
    fixture.execute(vec![step(base, None, create)]).await;
    for document in 0..DOCUMENTS {
        let numbers = (0..PASSAGES).map(|number| document * PASSAGES + number);
        let texts: Vec<String> = numbers.map(&text).collect();
        add_document(fixture, base, owner, &texts).await;
    }
    fixture.project_all().await;
    base
}

async fn add_document(fixture: &Fixture, base: Uuid, owner: Uuid, texts: &[String]) {
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
        DocumentCommand::from(AddDocument {
            document_id,
            knowledge_base_id: base,
            added_by: owner,
            source: SourceFile {
                file_id: Uuid::now_v7(),
                name: "a.md".to_owned(),
                media_type: MediaType::from_name("text/markdown"),
                size: 1,
            },
        }),
        StartProcessing { attempt: 1 }.into(),
        AddPassages {
            document_id,
            attempt: 1,
            passages: passages.collect(),
        }
        .into(),
        CompleteProcessing {
            attempt: 1,
            extent: Extent {
                pages: None,
                passages: PASSAGES,
                characters: 1,
            },
            left_out: vec![],
        }
        .into(),
    ];
    for command in commands {
        fixture
            .execute(vec![step(document_id, None, command)])
            .await;
    }
}

async fn find(fixture: &Fixture, base: Uuid, question: &str) -> Vec<ScoredPassage> {
    let found = retrieval::find(
        &fixture.pool,
        RetrievalModels::default(),
        &[base],
        question,
        8,
    )
    .await;
    found.unwrap().passages
}

#[tokio::test(flavor = "multi_thread")]
async fn passages_with_rare_words_come_before_those_with_common_ones() {
    let fixture = Fixture::new().await;
    let ada = fixture.create_user("ada").await;
    // All contain harbour, a tenth each lighthouse and buoy, a hundredth both; two contain a walrus.
    let base = create_base(&fixture, ada, |n| {
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

    let everywhere = find(&fixture, base, "Where is the harbour?").await;
    assert_eq!(everywhere.len(), 8);
    assert!(everywhere.iter().all(|scored| scored.coverage > 0.99));

    let both = find(&fixture, base, "lighthouse and buoy").await;
    assert_eq!(both.len(), 8);
    for scored in &both {
        let text = &scored.passage.text;
        assert!(
            text.contains("lighthouse") && text.contains("buoy"),
            "{text}"
        );
    }

    let rare = find(&fixture, base, "Is there a walrus in the harbour?").await;
    let has_walrus: Vec<bool> = rare
        .iter()
        .map(|scored| scored.passage.text.contains("walrus"))
        .collect();
    assert_eq!(
        has_walrus,
        [true, true, false, false, false, false, false, false]
    );
    assert!(rare[0].coverage > rare[2].coverage);

    assert!(find(&fixture, base, "xylophone").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_receives_the_text_around_a_passage_in_its_section() {
    let fixture = Fixture::new().await;
    let (ada, bob) = (
        fixture.create_user("ada").await,
        fixture.create_user("bob").await,
    );
    let base = create_base(&fixture, ada, |n| match n {
        // The first of a section, and one with neighbours on both sides.
        1_230 => "A walrus came. It".to_owned(),
        1_231 => "It stayed.".to_owned(),
        _ => format!("Day {n} was calm."),
    })
    .await;
    let source = (&fixture.pool, RetrievalModels::default());
    let passages = grounding::find(source, ada, &[base], "walrus")
        .await
        .unwrap();
    assert_eq!(passages[0].text, "A walrus came. It");
    // The previous passage is in another section, and the overlap is included once.
    assert_eq!(
        (passages[0].before.as_str(), passages[0].after.as_str()),
        ("", " stayed.")
    );

    let passages = grounding::find(source, ada, &[base], "What of day 2345?")
        .await
        .unwrap();
    let passage = passages
        .iter()
        .find(|passage| passage.text == "Day 2345 was calm.")
        .unwrap();
    assert_eq!(passage.before, "Day 2344 was calm.");
    assert_eq!(passage.after, "Day 2346 was calm.");
    assert!(
        grounding::find(source, bob, &[base], "walrus")
            .await
            .unwrap()
            .is_empty()
    );
}
